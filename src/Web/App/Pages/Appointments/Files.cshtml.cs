using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Files;
using Telemedicine.Web.Files;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>The photos and files of a patient's appointment: to send, save and take back, without script.</summary>
/// <remarks>A file that may be taken stays in memory; only what is too large, and is refused, may touch the disk. Beyond 64 MB the connection is closed.</remarks>
[CarerMay(CarerRights.JoinConsultations)]
[RequestSizeLimit(MaxForm)]
[RequestFormLimits(MultipartBodyLengthLimit = MaxForm, MemoryBufferThreshold = SharedFile.MaxBytes + (64 * 1024))]
public sealed class FilesModel(SharedFiles files, FileDesk desk) : PatientPage
{
    private const int MaxForm = 64 * 1024 * 1024;

    public AppointmentId Id { get; private set; }

    public bool MayAdd { get; private set; }

    public IReadOnlyList<FileLine> Lines { get; private set; } = [];

    [BindProperty]
    public IFormFile? Upload { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (Upload is null)
            return Wrong(nameof(Upload), FileRefusal.Missing.Sentence());
        await using var sent = Upload.OpenReadStream();
        if (await desk.TakeAsync(Actor, id, Upload.FileName, sent, Cancelled) is { } refusal)
            return Wrong(nameof(Upload), refusal.Sentence());
        this.ShowNext("The file was sent.");
        return RedirectToPage(new { id, handler = "" });
    }

    public async Task<IActionResult> OnPostRemoveAsync(AppointmentId id, SharedFileId file)
    {
        if (await files.ListAsync(Actor, id, Cancelled) is null)
            return NotFound();
        this.ShowNext(await desk.RemoveAsync(Actor, id, file, Cancelled) ? "The file was removed." : "The file was not removed: it is not yours, or the appointment is over.");
        return RedirectToPage(new { id, handler = "" });
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        if (await files.ListAsync(Actor, id, Cancelled) is not { } list)
            return false;
        var address = Url.FilesFor(id);
        (Id, MayAdd, Lines) = (id, list.MayAdd, list.Lines(file => $"{address}/{file}"));
        return true;
    }
}
