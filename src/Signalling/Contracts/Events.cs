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

    /// <summary>The participant fails to take part: <see cref="ConsultationEvent.Trouble"/> says how.</summary>
    [JsonStringEnumMemberName("troubleBegan")]
    TroubleBegan,

    [JsonStringEnumMemberName("troubleEnded")]
    TroubleEnded,

    /// <summary>
    /// What the participant sends or receives goes up or down the ladder to <see cref="ConsultationEvent.Step"/>; without a direction: the participant chose that for the whole
    /// consultation.
    /// </summary>
    [JsonStringEnumMemberName("stepped")]
    Stepped,
}

/// <summary>What Signalling tells Web, at least once; Web ignores an <paramref name="Id"/> it has seen.</summary>
/// <param name="Participant">Whom it is about; null when it is about the whole consultation.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Trouble">Of the two types that begin and end one; null for every other.</param>
/// <param name="Step">Of <see cref="ConsultationEventType.Stepped"/>; null for every other.</param>
public sealed record ConsultationEvent(
    Guid Id,
    ConsultationEventType Type,
    ClinicId Clinic,
    ConsultationId Consultation,
    ParticipantId? Participant,
    ParticipantRole? Role,
    DateTimeOffset At,
    CallTrouble? Trouble = null,
    CallStep? Step = null,
    TrackDirection? Direction = null);

/// <summary>The body of POST <see cref="Path"/> at Web: in order, at most <see cref="MaxEvents"/>.</summary>
public sealed record EventBatch(IReadOnlyList<ConsultationEvent> Events)
{
    public const string Path = "/signalling/events";
    public const int MaxEvents = 100;
}
