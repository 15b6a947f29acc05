using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Cancels an appointment, with a reason. Nobody stays in its waiting room. What short notice means is said before it is done.</summary>
public sealed class CancelModel(AppointmentQueries appointments, BookingService booking, SignallingCommands signalling) : ChangePage(appointments)
{
    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>The page that was sent said that it is short notice.</summary>
    [BindProperty]
    public bool KnowsShortNotice { get; set; }

    public bool IsShortNotice => !ByStaff && Appointment.IsShortNotice;

    public async Task<IActionResult> OnGetAsync(AppointmentId id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (IsShortNotice && !KnowsShortNotice && Appointment.CanCancel)
        {
            ModelState.Clear();
            ModelState.AddModelError(string.Empty, "The appointment starts soon. Read what that means, then cancel it if you still want to");
            return Again();
        }
        var outcomes = All ? await booking.CancelSeriesAsync(Actor, id, Reason ?? "", Cancelled) : [await booking.CancelAsync(Actor, id, Reason ?? "", Cancelled)];
        foreach (var cancelled in outcomes.OfType<CancelOutcome.Cancelled>())
            Tell(cancelled);
        switch (outcomes[0])
        {
            case CancelOutcome.Cancelled when outcomes.OfType<CancelOutcome.Cancelled>().Count() is > 1 and var count:
                return Done($"{count} appointments are cancelled.");
            case CancelOutcome.Cancelled:
                return Done("The appointment is cancelled.");
            case CancelOutcome.AlreadyCancelled:
                return Done("The appointment was cancelled before.");
            case CancelOutcome.ReasonMissing:
                ModelState.AddModelError(nameof(Reason), string.IsNullOrWhiteSpace(Reason)
                    ? "Enter why the appointment is cancelled"
                    : $"The reason must be {Clinical.Booking.Appointment.ReasonLength} characters or fewer");
                return Again();
            case CancelOutcome.InCall:
                ModelState.AddModelError(string.Empty, "The consultation is going on, so it cannot be cancelled");
                return Again();
            case CancelOutcome.TooLate:
                ModelState.AddModelError(string.Empty, "It is too late to cancel this appointment");
                return Again();
            default:
                return NotFound();
        }
    }

    private void Tell(CancelOutcome.Cancelled cancelled)
    {
        if (cancelled.Room is { } room)
            signalling.Cancel(new ClinicId(room.Clinic.Value), new ConsultationId(room.Consultation.Value));
        else
            signalling.ClinicChanged(new ClinicId(cancelled.Clinic.Value));
    }
}
