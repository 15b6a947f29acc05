using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Messages;

/// <summary>The calendar file of an appointment.</summary>
public static class MessageCalendar
{
    /// <summary>What a message of this kind does to the patient's calendar; null if nothing.</summary>
    public static CalendarMethod? MethodOf(MessageKind kind) => kind switch
    {
        MessageKind.Booked or MessageKind.Moved or MessageKind.ClinicMoved => CalendarMethod.Request,
        MessageKind.Cancelled or MessageKind.ClinicCancelled => CalendarMethod.Cancel,
        _ => null,
    };

    /// <summary>Null if the topic is no appointment.</summary>
    public static CalendarEntry? EntryOf(MessageTopic topic, Uri link) =>
        topic is { Appointment: { } appointment, Start: { } start, End: { } end, Facts.Channel: { } channel }
            ? new CalendarEntry(
                appointment,
                topic.Facts.Sequence,
                start,
                end,
                $"{topic.ServiceName} with {topic.PractitionerName}",
                $"{channel.Channel()}. {topic.PracticeName}.\nSee, join or cancel: {link}\nReference: {topic.Facts.Reference}",
                channel switch
                {
                    DeliveryChannel.Video => link.AbsoluteUri,
                    DeliveryChannel.Telephone => "By phone",
                    _ => topic.PracticeName,
                },
                link)
            : null;
}
