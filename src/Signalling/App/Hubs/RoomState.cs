using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Hubs;

public enum ConsultationPhase
{
    /// <summary>Not let in yet.</summary>
    Waiting,
    InCall,

    /// <summary>Let in, and meanwhile out of sight and hearing.</summary>
    OnHold,
    Ended,
}

public enum PresenceState
{
    Connected,

    /// <summary>The connection dropped less than 30 s ago.</summary>
    Reconnecting,
}

public enum LeaveReason
{
    Left,
    Lost,
}

public enum EndReason
{
    Finished,
    Cancelled,
}

/// <summary>Whether the people in a consultation talk by telephone.</summary>
public enum TelephoneState
{
    None,

    /// <summary>Nothing has come from one of the sides for a while.</summary>
    Offered,
    Chosen,
}

/// <summary>What is seen of one page's part in the call.</summary>
/// <param name="Step">The most that it sends.</param>
/// <param name="SilentMicrophone">Its microphone is on, and nothing but digital silence comes from it.</param>
/// <param name="FrozenCamera">Its camera is on, and no picture comes from it.</param>
public sealed record LinkState(CallStep Step, bool SilentMicrophone, bool FrozenCamera);

/// <summary>One session of somebody else, as the receiver may see it.</summary>
/// <param name="Phase">Only a clinician sees those who wait.</param>
public sealed record Participant(
    ParticipantId ParticipantId, SessionId SessionId, ParticipantRole Role, string Name, PresenceState State, bool Microphone, bool Camera, bool Hand, ConsultationPhase Phase, LinkState Link);

/// <param name="Huddle">The clinician talks with some people alone.</param>
public sealed record RoomStanding(bool Locked, bool Huddle, IReadOnlyList<RemovedPerson> Removed);

public sealed record ChatMessage(Guid Id, Guid ClientId, ParticipantId ParticipantId, string Name, ParticipantRole Role, string Text, DateTimeOffset At);

/// <param name="Sequence">The state is as of this message.</param>
/// <param name="Speaker">Whose voice is heard now.</param>
/// <param name="ChatKept">The conversation is kept with the record.</param>
/// <param name="Image">The image that everybody looks at.</param>
/// <param name="Hand">This session's own hand is up.</param>
/// <param name="Room">For clinicians alone.</param>
/// <param name="Link">What is seen of this session.</param>
/// <param name="KeepsVideo">The person said that they want to be seen whatever the connection is like.</param>
public sealed record JoinResult(
    SessionId SessionId,
    ParticipantId ParticipantId,
    bool Resumed,
    long Sequence,
    ConsultationPhase Phase,
    DateTimeOffset? WaitingSince,
    DateTimeOffset? StartedAt,
    IReadOnlyList<Participant> Participants,
    IReadOnlyList<ChatMessage> Chat,
    bool ChatKept,
    ImageShown? Image,
    SessionId? Speaker,
    bool Hand,
    RoomStanding? Room,
    LinkState Link,
    bool KeepsVideo,
    TelephoneState Telephone,
    RtpCapabilities RouterRtpCapabilities);

public enum BoardRowState
{
    Waiting,
    InCall,

    /// <summary>The patient was here and is gone.</summary>
    Disconnected,
    Ended,
}

/// <summary>What a page in the waiting room says of its devices.</summary>
public enum WaitingDevices
{
    Ready,
    NoCamera,
    NoMicrophone,
    Neither,
}

/// <param name="Devices">Of the best page on the patient's side; null while none has said.</param>
public sealed record BoardRow(ConsultationId ConsultationId, BoardRowState State, DateTimeOffset Since, bool PatientPresent, bool ClinicianPresent, WaitingDevices? Devices = null);

public sealed record BoardState(IReadOnlyList<BoardRow> Rows);
