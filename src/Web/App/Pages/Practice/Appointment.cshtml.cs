using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>An appointment as practice staff see it: how it stands, what happened, and what can be done with it.</summary>
public sealed class AppointmentModel(AppointmentQueries appointments, AppointmentHistory history, AttendanceService attendance, AttendanceRecords evidence, AttendanceDisputes disputes, ArrivalService arrivals, PatientLetters letters, SignallingCommands signalling, TimeProvider clock) : StaffPage
{
    private AppointmentView? _appointment;
    private AppointmentRecord? _record;
    private AttendanceEvidence? _evidence;

    [FromRoute]
    public AppointmentId Id { get; set; }

    /// <summary>Why a mark is undone.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public AppointmentRecord Record => _record ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public AttendanceEvidence Evidence => _evidence ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public DisputeState? Dispute { get; private set; }

    public IReadOnlyList<ArrivalView> Arrivals { get; private set; } = [];

    /// <summary>The clinician wrote to the patient.</summary>
    public bool HasLetter { get; private set; }

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

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        _appointment = await appointments.FindAsync(Actor, Id, Cancelled);
        _record = await history.OfAsync(Actor, Id, Cancelled);
        Arrivals = await arrivals.OfAppointmentAsync(Actor, Id, Cancelled);
        HasLetter = await letters.IsSentAsync(Actor, Id, Cancelled);
        _evidence = await evidence.OfAsync(Actor, Id, Cancelled);
        Dispute = await disputes.StateAsync(Actor, Id, Cancelled);
        return _appointment is not null && _record is not null && _evidence is not null;
    }
}
