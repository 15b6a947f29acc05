using Telemedicine.Clinical.Messages;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>Messages as people speak of them.</summary>
public static class MessageWording
{
    public static string Told(this MessageKind kind) => kind switch
    {
        MessageKind.Booked => "appointment booked",
        MessageKind.Moved => "appointment moved",
        MessageKind.Cancelled => "appointment cancelled",
        MessageKind.ClinicMoved => "clinic moved",
        MessageKind.ClinicCancelled => "clinic called off",
        MessageKind.WaitingListOffer => "offer from the waiting list",
        MessageKind.Reminder => "reminder",
        MessageKind.CarerInvitation => "invitation to help",
        MessageKind.DeviceCheck => "device check",
        MessageKind.Missed => "appointment missed",
        MessageKind.LetterReady => "letter after the appointment",
        MessageKind.MissedUndone => "missed appointment put right",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of message."),
    };

    public static string Named(this MessageChannel channel) => channel switch
    {
        MessageChannel.Email => "email",
        MessageChannel.Text => "text message",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Not a way to send messages."),
    };
}
