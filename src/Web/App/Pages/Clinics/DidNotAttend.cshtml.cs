using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Queue;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>An appointment was not held: the page shows who was there, and lets be said what that allows.</summary>
public sealed class DidNotAttendModel(
    AppointmentQueries appointments, AttendanceRecords records, AttendanceService attendance, ClinicDesk desk, BookingService booking, CallOffPlanner planner, SignallingCommands signalling, TimeProvider clock) : ClinicTeamPage
{
    private AppointmentView? _appointment;
    private AttendanceEvidence? _evidence;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public AttendanceEvidence Evidence => _evidence ?? throw new InvalidOperationException("The page is shown with its appointment.");

    /// <summary>Why nobody may say that the patient missed it; null if they may.</summary>
    public AttendanceRefusal? Refusal => Evidence.RefusalOfMissed(clock.GetUtcNow());

    [BindProperty]
    public NotHeld? Why { get; set; }

    /// <summary>A slot; null lets the patient choose.</summary>
    [BindProperty]
    public string? To { get; set; }

    public IEnumerable<(string Value, string Text)> Reasons => Enum.GetValues<NotHeld>().Select(why => (why.ToString(), why.Choice()));

    public IReadOnlyList<(string Value, string Text)> Times { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        To = Times is [var nearest, ..] ? nearest.Value : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(AppointmentId id, Absence absence)
    {
        ModelState.Clear();
        if (!await LoadAsync(id))
            return NotFound();
        switch (await attendance.MarkMissedAsync(Actor, id, absence, Cancelled))
        {
            case DidNotAttendOutcome.Marked marked:
                Close(marked.Clinic, marked.HasRoom ? id : null);
                return Done(marked.Clinic, marked.As == Absence.WasNotBrought ? "The patient is marked as not brought." : "The patient is marked as did not attend.");
            case DidNotAttendOutcome.Refused refused:
                return Wrong(string.Empty, refused.Refusal.Sentence());
            case DidNotAttendOutcome.NotPossible:
                return Wrong(string.Empty, $"{(await desk.LastActAsync(Actor, id, Cancelled)).Sentence()}. Nothing was changed");
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostNotHeldAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (Why is not { } why || !Enum.IsDefined(why))
        {
            ModelState.Remove(nameof(Why));
            return Wrong(nameof(Why), "Choose why the appointment was not held");
        }
        SlotId? to = null;
        if (!string.IsNullOrEmpty(To))
        {
            if (!SlotId.TryParse(To, null, out var slot) || Times.All(time => time.Value != To))
                return Wrong(nameof(To), "This time is not free any more. Choose another time");
            to = slot;
        }
        switch (await booking.CloseNotHeldAsync(Actor, new NotHeldRequest(id, why, to), Cancelled))
        {
            case NotHeldOutcome.Closed closed:
                Close(closed.Clinic, closed.Room is null ? null : id);
                if (closed.NextClinic is { } next)
                    signalling.ClinicChanged(new ClinicId(next.Value));
                return Done(closed.Clinic, closed.Next is null ? "The appointment is closed. The patient is asked to choose another time." : "The appointment is closed, and the patient has a new time.");
            case NotHeldOutcome.Refused refused:
                return Wrong(nameof(Why), refused.Refusal.Sentence());
            case NotHeldOutcome.Taken:
                return Wrong(nameof(To), "This time is not free any more. Choose another time");
            case NotHeldOutcome.NotPossible:
                return Wrong(nameof(Why), "The appointment has been held, cancelled or marked already");
            default:
                return NotFound();
        }
    }

    private void Close(ScheduleId clinic, AppointmentId? room)
    {
        if (room is { } id)
            signalling.Cancel(new ClinicId(clinic.Value), new ConsultationId(id.Value));
        signalling.ClinicChanged(new ClinicId(clinic.Value));
    }

    private RedirectToPageResult Done(ScheduleId clinic, string notice)
    {
        this.ShowNext(notice);
        return RedirectToPage("/Clinics/Clinic", new { id = clinic });
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        _evidence = await records.OfAsync(Actor, id, Cancelled);
        if (_appointment is null || _evidence is null)
            return false;
        Times = [.. (await planner.NearestAsync(Actor, id, Cancelled)).Select(place => (place.Slot.ToString(), $"{place.Start.DayAndTime()} with {place.PractitionerName}"))];
        return true;
    }
}
