using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>The same appointment, held another way.</summary>
public sealed class ChannelModel(AppointmentQueries appointments, BookingService booking, SignallingCommands signalling) : ChangePage(appointments)
{
    [BindProperty]
    public DeliveryChannel? Channel { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        Channel = Appointment.Channel;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (Channel is not { } channel)
            return Wrong("Select how you want to have the appointment");
        var outcomes = All ? await booking.SwitchSeriesAsync(Actor, id, channel, Cancelled) : [await booking.SwitchChannelAsync(Actor, id, channel, Cancelled)];
        foreach (var switched in outcomes.OfType<SwitchOutcome.Switched>())
        {
            var clinic = new ClinicId(switched.Clinic.Value);
            signalling.Left(clinic, clinic, switched.OldRoom is { } room ? new ConsultationId(room.Consultation.Value) : null);
        }

        switch (outcomes[0])
        {
            case SwitchOutcome.Switched when outcomes.Count > 1:
                return Done($"This and the later appointments of the series are now: {channel.Channel().ToLowerInvariant()}. Days and times are the same.");
            case SwitchOutcome.Switched:
                return Done($"The appointment is now: {channel.Channel().ToLowerInvariant()}. The day and the time are the same.");
            case SwitchOutcome.ChannelNotOffered:
                return Wrong("Select one of the ways below");
            case SwitchOutcome.TooLate:
                ModelState.AddModelError(string.Empty, "It is too late to change this appointment");
                return Again();
            default:
                return NotFound();
        }
    }

    private IActionResult Wrong(string error)
    {
        ModelState.Clear();
        ModelState.AddModelError(nameof(Channel), error);
        return Again();
    }
}
