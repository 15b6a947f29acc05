using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace Telemedicine.Clinical.Messages;

/// <summary>What is to be done with a calendar file (RFC 5546 section 1.4).</summary>
public enum CalendarMethod
{
    /// <summary>Put it into the calendar, or bring it up to date. For an email.</summary>
    Request,

    /// <summary>Take it out of the calendar.</summary>
    Cancel,

    /// <summary>Put it into the calendar. For a download.</summary>
    Publish,
}

/// <summary>One appointment in a calendar.</summary>
/// <param name="Sequence">Rises with every change.</param>
/// <param name="Link">The appointment's page.</param>
/// <param name="Organizer">Name and address that the invitation comes from; needed for a request or cancellation.</param>
/// <param name="Attendee">The patient's address; needed for a request or cancellation.</param>
public sealed record CalendarEntry(
    AppointmentId Appointment,
    int Sequence,
    DateTimeOffset Start,
    DateTimeOffset End,
    string Summary,
    string Description,
    string? Location,
    Uri Link,
    (string Name, string Email)? Organizer = null,
    (string Name, string Email)? Attendee = null);

/// <summary>Writes iCalendar files (RFC 5545). Times are in UTC, which every calendar turns into its own zone, on either side of a clock change.</summary>
public static class CalendarFile
{
    /// <param name="now">DTSTAMP: when this was said.</param>
    public static string Write(CalendarEntry entry, CalendarMethod method, DateTimeOffset now)
    {
        var item = new CalendarEvent
        {
            Uid = $"{entry.Appointment}@{entry.Link.Host}",
            Sequence = entry.Sequence,
            DtStamp = Instant(now),
            DtStart = Instant(entry.Start),
            DtEnd = Instant(entry.End),
            Summary = entry.Summary,
            Description = entry.Description,
            Location = entry.Location,
            Url = entry.Link,
            Status = method == CalendarMethod.Cancel ? EventStatus.Cancelled : EventStatus.Confirmed,
            Transparency = TransparencyType.Opaque,
        };
        if (entry.Organizer is { } organizer)
            item.Organizer = new Organizer(Mailto(organizer.Email)) { CommonName = Parameter(organizer.Name) };
        if (entry.Attendee is { } attendee)
            item.Attendees.Add(new Attendee(Mailto(attendee.Email)) { CommonName = Parameter(attendee.Name), ParticipationStatus = EventParticipationStatus.Accepted, Rsvp = false });
        var calendar = new Calendar { Method = method.ToString().ToUpperInvariant(), ProductId = "-//Telemedicine//Appointments//EN" };
        calendar.Events.Add(item);
        return new CalendarSerializer().SerializeToString(calendar) ?? throw new InvalidOperationException("The calendar could not be written.");
    }

    private static CalDateTime Instant(DateTimeOffset instant) => new(instant.UtcDateTime, CalDateTime.UtcTzId);

    /// <summary>A parameter's value holds neither a quotation mark nor a line break (RFC 5545 section 3.2).</summary>
    private static string Parameter(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c == '"' ? '\'' : c));

    private static string Mailto(string address) => $"mailto:{address}";
}
