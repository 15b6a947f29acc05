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

    /// <summary>The clinician (the event's participant) keeps the conversation with the record. What was said before follows as <see cref="Said"/>.</summary>
    [JsonStringEnumMemberName("chatKept")]
    ChatKept,

    /// <summary>A message of a kept conversation. Its id is the message's, so that it is kept once whoever tells of it.</summary>
    [JsonStringEnumMemberName("said")]
    Said,

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
/// <param name="Text">What was said, 1 to 2000 characters; null for every other type than <see cref="ConsultationEventType.Said"/>.</param>
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
    string? Text = null,
    CallTrouble? Trouble = null,
    CallStep? Step = null,
    TrackDirection? Direction = null);

/// <summary>The body of POST <see cref="Path"/> at Web: in order, at most <see cref="MaxEvents"/>, which say at most <see cref="MaxText"/> characters in all.</summary>
public sealed record EventBatch(IReadOnlyList<ConsultationEvent> Events)
{
    public const string Path = "/signalling/events";
    public const int MaxEvents = 100;

    /// <summary>In JSON a character may take six bytes, and Web reads at most 256 KB.</summary>
    public const int MaxText = 20_000;
}
