using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>Confirms that a patient did not come.</summary>
public sealed class DidNotAttendModel(AppointmentQueries appointments, AttendanceService attendance, SignallingCommands signalling) : ClinicTeamPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>The patient is in the waiting room since then, so a reason is needed.</summary>
    public DateTimeOffset? WaitingSince { get; private set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        switch (await attendance.MarkMissedAsync(Actor, id, Absence.DidNotAttend, Reason, Cancelled))
        {
            case DidNotAttendOutcome.Marked marked:
                var clinic = new ClinicId(marked.Clinic.Value);
                if (marked.HasRoom)
                    signalling.Cancel(clinic, new ConsultationId(id.Value));
                signalling.ClinicChanged(clinic);
                this.ShowNext("The appointment is marked as not attended.");
                return RedirectToPage("/Clinics/Clinic", new { id = marked.Clinic });
            case DidNotAttendOutcome.PatientIsWaiting waiting:
                WaitingSince = waiting.Since;
                ModelState.AddModelError(nameof(Reason), $"The patient has been in the waiting room since {waiting.Since.Clock()}. Enter why they did not attend all the same");
                return Again();
            case DidNotAttendOutcome.TooEarly early:
                ModelState.AddModelError(string.Empty, $"The appointment starts at {early.Start.Clock()}. Wait until then");
                return Again();
            case DidNotAttendOutcome.NotPossible:
                ModelState.AddModelError(string.Empty, "The appointment has been held, cancelled or marked already");
                return Again();
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        return _appointment is not null;
    }
}
