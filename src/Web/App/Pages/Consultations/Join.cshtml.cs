using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>Before the patient joins: what to have ready. Joining marks them as arrived, so it is a POST.</summary>
public sealed class JoinModel(AppointmentQueries appointments, ConsultationService consultations, SignallingCommands signalling) : PatientPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        return _appointment switch
        {
            null or { Channel: not DeliveryChannel.Video } => NotFound(),
            { CanJoin: true } => Page(),
            { Status: AppointmentStatus.Fulfilled } => RedirectToPage("/Consultations/Outcome", new { id }),
            _ => RedirectToPage("/Appointments/Details", new { id }),
        };
    }

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
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
            default:
                return RedirectToPage("/Appointments/Details", new { id });
        }
    }
}
