using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Files;

/// <summary>What a file is by its content, whatever it is called.</summary>
public enum FileKind
{
    Jpeg,
    Png,
    WebP,
    Pdf,
}

public static class FileKinds
{
    public static bool IsImage(this FileKind kind) => kind != FileKind.Pdf;

    public static string ContentType(this FileKind kind) => kind switch
    {
        FileKind.Jpeg => "image/jpeg",
        FileKind.Png => "image/png",
        FileKind.WebP => "image/webp",
        _ => "application/pdf",
    };

    /// <summary>With its full stop.</summary>
    public static string Extension(this FileKind kind) => kind switch
    {
        FileKind.Jpeg => ".jpg",
        FileKind.Png => ".png",
        FileKind.WebP => ".webp",
        _ => ".pdf",
    };
}

/// <summary>What a malware scanner said of a file when it came. One in which it found something is never kept.</summary>
public enum ScanResult
{
    Clean,

    /// <summary>There is no scanner here.</summary>
    NotScanned,
}

/// <summary>A photo or document of an appointment (FHIR DocumentReference). Its content is <see cref="SharedFileContent"/>.</summary>
public sealed class SharedFile : IAudited, IVersioned
{
    /// <summary>Bytes of what is sent.</summary>
    public const int MaxBytes = 10 * 1024 * 1024;

    /// <summary>Files of one appointment at a time.</summary>
    public const int MaxOfAppointment = 20;

    /// <summary>Of one appointment, with those that were removed again.</summary>
    public const int MaxEver = 60;

    /// <summary>Characters, with the extension.</summary>
    public const int NameLength = 100;

    /// <summary>How long the files of an appointment that was not held are kept after it.</summary>
    public static readonly TimeSpan KeptWithoutEncounter = TimeSpan.FromDays(30);

    public required SharedFileId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    /// <summary>As it was called, made safe, with the extension of its kind. People put names and complaints into it.</summary>
    [AuditRedacted]
    public required string Name { get; init; }

    public required FileKind Kind { get; init; }

    /// <summary>Bytes of what is kept, before encryption.</summary>
    public required int Size { get; init; }

    public required ScanResult Scan { get; init; }

    /// <summary>The value of the Patient's, Practitioner's, RelatedPerson's or Guest's id.</summary>
    public required Guid PersonId { get; init; }

    public required ConsultationRole Role { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    /// <summary>When the clinician first showed it to everybody in the call; null if never. Guests see nothing else of others.</summary>
    public DateTimeOffset? ShownAt { get; private set; }

    /// <summary>Its sender took it back, and its content is gone.</summary>
    public DateTimeOffset? RemovedAt { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    public void Show(DateTimeOffset now) => ShownAt ??= now;

    public void Remove(DateTimeOffset now) => RemovedAt ??= now;

    /// <summary>
    /// A name that is safe to show and to save: no folders, no characters that cannot be seen or that turn the direction of text, one extension, which tells the truth.
    /// </summary>
    public static string SafeName(string? given, FileKind kind)
    {
        var last = (given ?? "").Split('/', '\\')[^1];
        var shown = new StringBuilder();
        foreach (var rune in last.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || rune == Rune.ReplacementChar)
                continue;
            shown.Append("<>:\"|?*".Contains(rune.ToString(), StringComparison.Ordinal) ? "_" : rune.ToString());
        }
        var text = shown.ToString().Trim();
        var end = text.LastIndexOf('.');
        var stem = (end > 0 ? text[..end] : text).Trim(' ', '.').Replace('.', '_');
        var extension = kind.Extension();
        if (stem.Length > NameLength - extension.Length)
            stem = stem[..(NameLength - extension.Length - (char.IsHighSurrogate(stem[NameLength - extension.Length - 1]) ? 1 : 0))];
        return (stem.Length == 0 ? kind.IsImage() ? "photo" : "document" : stem) + extension;
    }
}

/// <summary>What is in a file, encrypted by whoever keeps it; apart from the file, so that a list of files reads none of it.</summary>
public sealed class SharedFileContent : IPracticeOwned
{
    public required SharedFileId FileId { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required byte[] Encrypted { get; init; }
}

internal sealed class SharedFileMapping : IEntityTypeConfiguration<SharedFile>, IEntityTypeConfiguration<SharedFileContent>
{
    public void Configure(EntityTypeBuilder<SharedFile> entity)
    {
        entity.Property(file => file.Name).HasMaxLength(SharedFile.NameLength);
        entity.HasIndex(file => new { file.AppointmentId, file.SentAt });
        entity.HasOne<Practice>().WithMany().HasForeignKey(file => file.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(file => file.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<SharedFileContent> entity)
    {
        entity.HasKey(content => content.FileId);
        entity.HasOne<Practice>().WithMany().HasForeignKey(content => content.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<SharedFile>().WithOne().HasForeignKey<SharedFileContent>(content => content.FileId).OnDelete(DeleteBehavior.Cascade);
    }
}
