using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Hubs;

public enum ConsultationPhase
{
    /// <summary>The patient is not admitted.</summary>
    Waiting,
    InCall,
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

/// <summary>One session of somebody else, as the receiver may see it.</summary>
public sealed record Participant(
    ParticipantId ParticipantId, SessionId SessionId, ParticipantRole Role, string Name, PresenceState State, bool Microphone, bool Camera);

public sealed record ChatMessage(Guid Id, Guid ClientId, ParticipantId ParticipantId, string Name, ParticipantRole Role, string Text, DateTimeOffset At);

/// <param name="Sequence">The state is as of this message.</param>
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
    RtpCapabilities RouterRtpCapabilities);

public enum BoardRowState
{
    Waiting,
    InCall,

    /// <summary>The patient was here and is gone.</summary>
    Disconnected,
    Ended,
}

public sealed record BoardRow(ConsultationId ConsultationId, BoardRowState State, DateTimeOffset Since, bool PatientPresent, bool ClinicianPresent);

public sealed record BoardState(IReadOnlyList<BoardRow> Rows);
