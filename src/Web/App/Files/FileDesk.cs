using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Files;
using Telemedicine.Clinical.Practices;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Files;

/// <summary>Why a file was not taken.</summary>
public enum FileRefusal
{
    Missing,
    TooLarge,
    WrongKind,

    /// <summary>Apple's own format.</summary>
    Heic,

    /// <summary>It begins as an image and is none that can be drawn.</summary>
    Damaged,
    Infected,

    /// <summary>A scanner is set and does not answer.</summary>
    ScannerAway,
    TooMany,
    Closed,
    NotFound,
}

/// <summary>Takes files in and gives them out: looked at, scanned, images drawn anew, encrypted with the keys that protect cookies. Who is in the call is told.</summary>
public sealed class FileDesk(SharedFiles files, ClamAv scanner, IDataProtectionProvider protection, SignallingCommands signalling)
{
    private const string Purpose = "telemedicine.files.1";

    /// <param name="name">As the sender calls it; null or empty if they do not.</param>
    /// <returns>Null: it was taken.</returns>
    public async Task<FileRefusal?> TakeAsync(Actor actor, AppointmentId id, string? name, Stream sent, CancellationToken cancellationToken)
    {
        if (RefusalOf(await files.RefusalAsync(actor, id, cancellationToken)) is { } no)
            return no;
        if (await ReadAsync(sent, cancellationToken) is not { } content)
            return FileRefusal.TooLarge;
        if (content.Length == 0)
            return FileRefusal.Missing;
        if (FileContent.KindOf(content) is not { } kind)
            return FileContent.IsHeic(content) ? FileRefusal.Heic : FileRefusal.WrongKind;
        // As it came, and before anything else looks into it.
        var verdict = await scanner.ScanAsync(content, cancellationToken);
        if (verdict is MalwareVerdict.Infected or MalwareVerdict.Unavailable)
            return verdict == MalwareVerdict.Infected ? FileRefusal.Infected : FileRefusal.ScannerAway;
        if ((kind.IsImage() ? await FileContent.RedrawAsync(content, kind, cancellationToken) : content) is not { } kept)
            return FileRefusal.Damaged;
        var file = SharedFileId.New();
        var added = await files.AddAsync(
            actor, id, new NewFile(file, name, kind, kept.Length, verdict == MalwareVerdict.Clean ? ScanResult.Clean : ScanResult.NotScanned, ProtectorOf(file).Protect(kept)), CancellationToken.None);
        if (added is AddFileOutcome.Added { Clinic: var clinic })
            Tell(clinic, id);
        return RefusalOf(added);
    }

    /// <summary>The file and what is in it; null if there is none that the actor may see.</summary>
    /// <exception cref="CryptographicException">It was changed where it is kept, or its key is gone.</exception>
    public async Task<(SharedFileDownload File, byte[] Content)?> OpenAsync(Actor actor, AppointmentId id, SharedFileId file, CancellationToken cancellationToken) =>
        await files.OpenAsync(actor, id, file, cancellationToken) is { } found ? (found, ProtectorOf(file).Unprotect(found.Encrypted)) : null;

    /// <summary>False if it is not the actor's to take back, or not any more.</summary>
    public async Task<bool> RemoveAsync(Actor actor, AppointmentId id, SharedFileId file, CancellationToken cancellationToken)
    {
        if (await files.RemoveAsync(actor, id, file, cancellationToken) is not { } clinic)
            return false;
        Tell(clinic, id);
        return true;
    }

    /// <summary>Each file has a key of its own, so that the content of one does not open as another's.</summary>
    private IDataProtector ProtectorOf(SharedFileId file) => protection.CreateProtector(Purpose, file.ToString());

    private void Tell(ScheduleId clinic, AppointmentId id) => signalling.FilesChanged(new ClinicId(clinic.Value), new ConsultationId(id.Value));

    private static FileRefusal? RefusalOf(AddFileOutcome? outcome) => outcome switch
    {
        AddFileOutcome.NotFound => FileRefusal.NotFound,
        AddFileOutcome.Closed => FileRefusal.Closed,
        AddFileOutcome.TooMany => FileRefusal.TooMany,
        _ => null,
    };

    /// <summary>Into memory, never onto a disk: null when it is more than a file may have.</summary>
    private static async Task<byte[]?> ReadAsync(Stream sent, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await sent.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (content.Length + read > SharedFile.MaxBytes)
                return null;
            content.Write(buffer, 0, read);
        }
        return content.ToArray();
    }
}
