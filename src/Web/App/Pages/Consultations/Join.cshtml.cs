using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Arriving;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>Before the patient joins: what to have ready. Joining marks them as arrived, so it is a POST.</summary>
[CarerMay(CarerRights.JoinConsultations)]
public sealed class JoinModel(AppointmentQueries appointments, ConsultationService consultations, ArrivalService arrivals, SignallingCommands signalling) : PatientPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    /// <summary>Why the clinician does not have them in the call; null while they may come.</summary>
    public string? KeptOut { get; private set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        return _appointment switch
        {
            null or { Channel: not DeliveryChannel.Video } => NotFound(),
            { CanJoin: true } => await HasSaidAsync(id) ? Page() : First(id),
            { Status: AppointmentStatus.Fulfilled } => RedirectToPage("/Consultations/Outcome", new { id }),
            _ => RedirectToPage("/Appointments/Details", new { id }),
        };
    }

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await HasSaidAsync(id) && await appointments.FindAsync(Actor, id, Cancelled) is { CanJoin: true })
            return First(id);
        switch (await consultations.JoinAsync(Actor, id, Cancelled))
        {
            case JoinOutcome.Ok ok:
                if (ok.FirstTime)
                    signalling.ClinicChanged(new ClinicId(ok.Ticket.Clinic.Value));
                return RedirectToPage("/Consultations/Call", new { id });
            case JoinOutcome.Finished:
                return RedirectToPage("/Consultations/Outcome", new { id });
            case JoinOutcome.NotFound or JoinOutcome.NotVideo:
                return NotFound();
            case (JoinOutcome.Removed or JoinOutcome.Locked) and var kept when await appointments.FindAsync(Actor, id, Cancelled) is { } appointment:
                (_appointment, KeptOut) = (appointment, Shared.KeptOut.Why(kept, appointment.PractitionerName));
                return Page();
            default:
                return RedirectToPage("/Appointments/Details", new { id });
        }
    }

    private async Task<bool> HasSaidAsync(AppointmentId id) => (await arrivals.FindAsync(Actor, id, Cancelled))?.IsComplete is true;

    /// <summary>Nobody enters the waiting room before they have agreed to it and said where they are.</summary>
    private RedirectToPageResult First(AppointmentId id) => RedirectToPage("/Consultations/Arriving", new { id, step = ArrivingSteps.Who });
}
