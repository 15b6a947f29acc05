using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <summary>A rule of the service that keeps somebody from a time, whether it is free or not.</summary>
public enum BookingRule
{
    /// <summary>Only practice staff book this service.</summary>
    StaffOnly,

    /// <summary>Only patients whose NHS number the practice knows book it themselves.</summary>
    RegisteredPatientsOnly,

    /// <summary>It starts too soon.</summary>
    MinimumNotice,

    /// <summary>It is too far ahead.</summary>
    Horizon,
}

/// <summary>What somebody may book of a service.</summary>
/// <param name="Earliest">It starts then or later.</param>
/// <param name="Last">It is on this day of the practice or an earlier one; null if there is no end.</param>
public sealed record BookingWindow(DateTimeOffset Earliest, DateOnly? Last);

/// <summary>
/// The rules of a service, for everything that shows, offers, holds, sells or moves a time. They bind patients and whoever acts for them; practice staff, and a clinician who books a
/// follow-up, know why they make an exception, so that only the past and a service that takes no bookings bind them too.
/// </summary>
internal static class BookingRules
{
    public static BookingWindow WindowFor(this HealthcareService service, Actor actor, DateTimeOffset now, PracticeTime time) => actor.BooksForPractice
        ? new BookingWindow(now, null)
        : new BookingWindow(now + service.MinimumNotice, time.DayOf(now).AddDays(service.HorizonDays));

    /// <summary>Null if this actor may book the service for the patient at all.</summary>
    /// <param name="isRegistered">The practice knows the patient's NHS number.</param>
    public static BookingRule? Refusal(this HealthcareService service, Actor actor, bool isRegistered) => service.BookedBy switch
    {
        _ when actor.BooksForPractice => null,
        Bookers.StaffOnly => BookingRule.StaffOnly,
        Bookers.RegisteredPatients when !isRegistered => BookingRule.RegisteredPatientsOnly,
        _ => null,
    };

    /// <summary>Null if the time lies within what this actor may book.</summary>
    /// <param name="isTheirs">The patient holds it: whoever took it in time may finish the form.</param>
    public static BookingRule? Refusal(this HealthcareService service, Actor actor, Slot slot, bool isTheirs, DateTimeOffset now, PracticeTime time)
    {
        var window = service.WindowFor(actor, now, time);
        if (isTheirs)
            return null;
        if (slot.Start < window.Earliest)
            return BookingRule.MinimumNotice;
        return slot.Day > window.Last ? BookingRule.Horizon : null;
    }
}
