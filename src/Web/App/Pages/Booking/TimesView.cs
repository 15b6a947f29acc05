using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>The free times of a day as radio buttons named Slot, with the error of that name.</summary>
/// <param name="Zone">What the practice's time is called.</param>
public sealed record TimesView(BookingPage Page, DateOnly Day, IReadOnlyList<AvailableSlot> Slots, SlotId? Chosen, string Zone);
