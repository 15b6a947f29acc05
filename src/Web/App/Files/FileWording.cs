using Telemedicine.Clinical;
using Telemedicine.Clinical.Files;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Files;

/// <summary>A file as a list shows it.</summary>
/// <param name="Details">What it is, how large, from whom and when, and whether it was scanned: sentences.</param>
/// <param name="Url">Where it is saved from.</param>
/// <param name="By">Who sent it; "You" for one's own.</param>
public sealed record FileLine(Guid Id, string Name, string Details, string Url, bool IsImage, string By, bool IsOwn, bool MayRemove);

internal static class FileWording
{
    /// <summary>For the file field: no promise, it only leads the choice.</summary>
    public const string Accept = "image/jpeg,image/png,image/webp,application/pdf";

    public static string Limits => $"A photo (JPEG, PNG or WebP) or a PDF, up to {SharedFile.MaxBytes / 1024 / 1024} MB. Up to {SharedFile.MaxOfAppointment} files.";

    public const string Kept = "The place where a photo was taken is removed from it. Files are kept with the record of the appointment.";

    public static string Sentence(this FileRefusal refusal) => refusal switch
    {
        FileRefusal.Missing => "Choose a photo or a PDF",
        FileRefusal.TooLarge => $"The file must be {SharedFile.MaxBytes / 1024 / 1024} MB or smaller",
        FileRefusal.WrongKind => "The file must be a photo (JPEG, PNG or WebP) or a PDF",
        FileRefusal.Heic => "This photo is in a format that only some phones can show (HEIC). Save or send it as JPEG, then choose it again",
        FileRefusal.Damaged => "This photo cannot be opened: it is damaged, or has more than 50 megapixels. Choose another one",
        FileRefusal.Infected => "This file was not taken: it may harm computers. Choose another one",
        FileRefusal.ScannerAway => "Files cannot be checked for viruses now, so this one was not taken. Try again in some minutes",
        FileRefusal.TooMany => $"There are {SharedFile.MaxOfAppointment} files already, or too many were removed. Remove one that is not needed, or show it in the call",
        FileRefusal.Closed => "The appointment is over: no files can be sent any more",
        _ => "You cannot send a file to this appointment",
    };

    /// <param name="url">Where a file's content is.</param>
    public static IReadOnlyList<FileLine> Lines(this SharedFileList list, Func<SharedFileId, string> url) => [.. list.Files.Select(file => new FileLine(
        file.Id.Value,
        file.Name,
        $"{(file.Kind.IsImage() ? "Photo" : "PDF")}, {SizeOf(file.Size)}. Sent by {(file.IsOwn ? "you" : file.By)} on {file.SentAt.DayAndTime()}.{(file.Scan == ScanResult.NotScanned ? " Not scanned for viruses." : "")}",
        url(file.Id),
        file.Kind.IsImage(),
        file.IsOwn ? "You" : file.By,
        file.IsOwn,
        file.MayRemove))];

    private static string SizeOf(int bytes) => bytes < 1_000_000 ? $"{Math.Max(1, bytes / 1000)} KB" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB");
}
