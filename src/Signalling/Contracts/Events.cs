using System.Text.Json.Serialization;

namespace Telemedicine.Signalling.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<ConsultationEventType>))]
public enum ConsultationEventType
{
    /// <summary>The patient, or their carer, entered the waiting room.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>The clinician (the event's participant) let the patient in.</summary>
    [JsonStringEnumMemberName("admitted")]
    Admitted,

    /// <summary>The participant is in the call: the clinician once joined, the patient once admitted and joined.</summary>
    [JsonStringEnumMemberName("connected")]
    Connected,

    /// <summary>The participant's last session is gone: left, or not back within 30 s.</summary>
    [JsonStringEnumMemberName("disconnected")]
    Disconnected,

    /// <summary>The room is closed; nothing follows for this consultation.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,

    // What the clinician decided of the people in the room: of the participant, or of the whole room where none is named.

    /// <summary>This guest was let in.</summary>
    [JsonStringEnumMemberName("letIn")]
    LetIn,

    /// <summary>This person hears and sees nothing of the call until <see cref="Resumed"/>.</summary>
    [JsonStringEnumMemberName("held")]
    Held,
    [JsonStringEnumMemberName("resumed")]
    Resumed,

    /// <summary>This person may not be in the call until <see cref="Readmitted"/>.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,
    [JsonStringEnumMemberName("readmitted")]
    Readmitted,

    /// <summary>Nobody who was not in the call may come in until <see cref="Unlocked"/>.</summary>
    [JsonStringEnumMemberName("locked")]
    Locked,
    [JsonStringEnumMemberName("unlocked")]
    Unlocked,

    /// <summary>The clinician talks with this person alone, all others are on hold, until <see cref="HuddleEnded"/>.</summary>
    [JsonStringEnumMemberName("huddleBegan")]
    HuddleBegan,
    [JsonStringEnumMemberName("huddleEnded")]
    HuddleEnded,
}

/// <summary>What Signalling tells Web, at least once; Web ignores an <paramref name="Id"/> it has seen.</summary>
/// <param name="Participant">Whom it is about; null when it is about the whole consultation.</param>
/// <param name="At">When it happened, UTC.</param>
public sealed record ConsultationEvent(
    Guid Id,
    ConsultationEventType Type,
    ClinicId Clinic,
    ConsultationId Consultation,
    ParticipantId? Participant,
    ParticipantRole? Role,
    DateTimeOffset At);

/// <summary>The body of POST <see cref="Path"/> at Web: in order, at most <see cref="MaxEvents"/>.</summary>
public sealed record EventBatch(IReadOnlyList<ConsultationEvent> Events)
{
    public const string Path = "/signalling/events";
    public const int MaxEvents = 100;
}
