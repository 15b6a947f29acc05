using static Telemedicine.Clinical.Messages.MessageStatus;

namespace Telemedicine.Clinical.Messages;

/// <summary>What a message tells.</summary>
public enum MessageKind
{
    Booked,
    Moved,
    Cancelled,

    /// <summary>The practice moved the clinic, and this appointment with it.</summary>
    ClinicMoved,

    /// <summary>The practice called the clinic off.</summary>
    ClinicCancelled,

    /// <summary>Something earlier has come up.</summary>
    WaitingListOffer,

    Reminder,

    /// <summary>Someone is asked to come along, or to act for a patient.</summary>
    CarerInvitation,

    /// <summary>A link to one video appointment: for the patient, or for whom they or the practice ask to be there.</summary>
    GuestInvitation,

    /// <summary>The practice asks for a check of the device before a video appointment.</summary>
    DeviceCheck,

    /// <summary>The practice marked the appointment as missed; the patient can say that this is wrong.</summary>
    Missed,

    /// <summary>The mark was a mistake.</summary>
    MissedUndone,

    /// <summary>The clinician wrote to the patient after a consultation.</summary>
    LetterReady,
}

public enum MessageChannel
{
    Email,

    /// <summary>A text message to a phone.</summary>
    Text,
}

public enum MessageStatus
{
    /// <summary>Sent at its due time.</summary>
    Waiting,

    /// <summary>One instance is sending it. If that one dies, the message is due again when its lease runs out.</summary>
    Sending,

    Sent,

    /// <summary>There is nobody to send it to, or it came to nothing before it was sent.</summary>
    NotNeeded,

    /// <summary>It could not be sent and is not tried again unless staff say so.</summary>
    Failed,

    /// <summary>Staff saw that it failed and let it be. They can still change their mind.</summary>
    GivenUp,
}

public static class MessageStates
{
    public static readonly StateTable<MessageStatus> Table = new(new Dictionary<MessageStatus, MessageStatus[]>
    {
        [Waiting] = [Sending],
        [Sending] = [Sent, Waiting, NotNeeded, Failed],
        [Failed] = [Waiting, GivenUp],
        [GivenUp] = [Waiting],
    });
}
