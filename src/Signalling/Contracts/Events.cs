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
