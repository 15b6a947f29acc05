using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>A booking that was begun, perhaps before a new sign-in: its time is still held.</summary>
/// <param name="Movable">The patient's coming appointments of the same service, which could be moved there instead.</param>
public sealed record UnfinishedView(AvailableSlot Slot, DateTimeOffset Until, IReadOnlyList<AppointmentView> Movable)
{
    public static UnfinishedView? Of(AvailableSlot? held, IReadOnlyList<AppointmentView> coming) =>
        held is { HeldForYouUntil: { } until }
            ? new UnfinishedView(held, until, [.. coming.Where(appointment => appointment.CanMove && appointment.ServiceId == held.ServiceId)])
            : null;
}
