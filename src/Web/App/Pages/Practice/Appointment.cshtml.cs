using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>An appointment as practice staff see it: how it stands, what happened, and what can be done with it.</summary>
public sealed class AppointmentModel(AppointmentQueries appointments, AppointmentHistory history, AttendanceService attendance, SignallingCommands signalling, TimeProvider clock) : StaffPage
{
    private AppointmentView? _appointment;
    private AppointmentRecord? _record;

    [FromRoute]
    public AppointmentId Id { get; set; }

    /// <summary>Why a mark is undone, or why somebody who waits is marked as missing.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public AppointmentRecord Record => _record ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public bool HasBegun => Appointment.Start <= clock.GetUtcNow();

    public bool CanUndo => Appointment.Status == AppointmentStatus.NoShow || (Appointment.Status == AppointmentStatus.Arrived && Record.WaitingSince is null);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostArrivedAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        return await attendance.MarkArrivedAsync(Actor, Id, Cancelled) switch
        {
            ArrivedOutcome.Marked marked => Done(marked.Clinic, "The patient is marked as arrived."),
            ArrivedOutcome.NotPossible => Wrong(string.Empty, "Only a booked appointment can be marked as arrived"),
            _ => NotFound(),
        };
    }

    public async Task<IActionResult> OnPostMissedAsync(Absence absence)
    {
        if (!await LoadAsync())
            return NotFound();
        switch (await attendance.MarkMissedAsync(Actor, Id, absence, Reason, Cancelled))
        {
            case DidNotAttendOutcome.Marked marked:
                if (marked.HasRoom)
                    signalling.Cancel(new ClinicId(marked.Clinic.Value), new ConsultationId(Id.Value));
                return Done(marked.Clinic, absence == Absence.WasNotBrought ? "The patient is marked as not brought." : "The patient is marked as did not attend.");
            case DidNotAttendOutcome.PatientIsWaiting waiting:
                return Wrong(nameof(Reason), $"The patient has been in the waiting room since {waiting.Since.Clock()}. Enter why they did not attend all the same");
            case DidNotAttendOutcome.TooEarly early:
                return Wrong(string.Empty, $"The appointment starts at {early.Start.Clock()}. Wait until then");
            case DidNotAttendOutcome.NotPossible:
                return Wrong(string.Empty, "The appointment has been held, cancelled or marked already");
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostUndoAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        return await attendance.UndoAsync(Actor, Id, Reason ?? "", Cancelled) switch
        {
            UndoOutcome.Undone undone => Done(undone.Clinic, "The mark is undone. The appointment is booked."),
            UndoOutcome.ReasonMissing => Wrong(nameof(Reason), "Enter why the mark is undone"),
            UndoOutcome.PatientIsWaiting waiting => Wrong(string.Empty, $"The patient has been in the waiting room since {waiting.Since.Clock()}, so they have arrived"),
            UndoOutcome.NotPossible => Wrong(string.Empty, "There is no mark to undo any more"),
            _ => NotFound(),
        };
    }

    private RedirectToPageResult Done(ScheduleId clinic, string notice)
    {
        signalling.ClinicChanged(new ClinicId(clinic.Value));
        this.ShowNext(notice);
        return RedirectToPage(new { Id });
    }

    private IActionResult Wrong(string field, string error)
    {
        ModelState.AddModelError(field, error);
        return Again();
    }

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        _appointment = await appointments.FindAsync(Actor, Id, Cancelled);
        _record = await history.OfAsync(Actor, Id, Cancelled);
        return _appointment is not null && _record is not null;
    }
}
