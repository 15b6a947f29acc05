using System.Text.Json.Serialization;
using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Hubs;

/// <summary>What the server tells a client through its one method <c>Receive</c>. The sequence rises by 1 per session.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ParticipantJoined), "participantJoined")]
[JsonDerivedType(typeof(ParticipantChanged), "participantChanged")]
[JsonDerivedType(typeof(ParticipantLeft), "participantLeft")]
[JsonDerivedType(typeof(PhaseChanged), "phaseChanged")]
[JsonDerivedType(typeof(ConsumerAdded), "consumerAdded")]
[JsonDerivedType(typeof(ConsumerRemoved), "consumerRemoved")]
[JsonDerivedType(typeof(ConsumerPaused), "consumerPaused")]
[JsonDerivedType(typeof(ConsumerResumed), "consumerResumed")]
[JsonDerivedType(typeof(ConsumerStarved), "consumerStarved")]
[JsonDerivedType(typeof(ConsumerFed), "consumerFed")]
[JsonDerivedType(typeof(ConsumerUnavailable), "consumerUnavailable")]
[JsonDerivedType(typeof(ConsumerUnavailableEnded), "consumerUnavailableEnded")]
[JsonDerivedType(typeof(SpeakerChanged), "speakerChanged")]
[JsonDerivedType(typeof(Muted), "muted")]
[JsonDerivedType(typeof(RoomChanged), "roomChanged")]
[JsonDerivedType(typeof(LinkChanged), "linkChanged")]
[JsonDerivedType(typeof(TelephoneChanged), "telephoneChanged")]
[JsonDerivedType(typeof(ChatReceived), "chat")]
[JsonDerivedType(typeof(ChatKept), "chatKept")]
[JsonDerivedType(typeof(FilesChanged), "filesChanged")]
[JsonDerivedType(typeof(ImageShown), "imageShown")]
[JsonDerivedType(typeof(ImageHidden), "imageHidden")]
[JsonDerivedType(typeof(Pointed), "pointed")]
[JsonDerivedType(typeof(ConsultationEnded), "ended")]
[JsonDerivedType(typeof(BoardChanged), "board")]
[JsonDerivedType(typeof(ClinicChanged), "clinicChanged")]
public abstract record RoomMessage
{
    public long Sequence { get; init; }
}

public sealed record ParticipantJoined(Participant Participant) : RoomMessage;

public sealed record ParticipantChanged(Participant Participant) : RoomMessage;

public sealed record ParticipantLeft(ParticipantId ParticipantId, SessionId SessionId, LeaveReason Reason) : RoomMessage;

/// <summary>This session's own phase.</summary>
public sealed record PhaseChanged(ConsultationPhase Phase, DateTimeOffset At, DateTimeOffset? WaitingSince) : RoomMessage;

/// <summary>What clinicians are told of what they decided.</summary>
public sealed record RoomChanged(RoomStanding Room) : RoomMessage;

/// <summary>A consumer was made for this session, paused: the client consumes it, then resumes it.</summary>
public sealed record ConsumerAdded(
    Guid ConsumerId,
    ParticipantId ParticipantId,
    SessionId SessionId,
    MediaKind Kind,
    ProducerSource Source,
    bool ProducerPaused,
    RtpParameters RtpParameters) : RoomMessage;

public sealed record ConsumerRemoved(Guid ConsumerId) : RoomMessage;

public sealed record ConsumerPaused(Guid ConsumerId) : RoomMessage;

public sealed record ConsumerResumed(Guid ConsumerId) : RoomMessage;

/// <summary>This session's connection does not carry the picture: it stands still until <see cref="ConsumerFed"/>.</summary>
public sealed record ConsumerStarved(Guid ConsumerId) : RoomMessage;

public sealed record ConsumerFed(Guid ConsumerId) : RoomMessage;

/// <summary>Somebody sends a track that this session's browser has no decoder for: it is not sent here. Until <see cref="ConsumerUnavailableEnded"/>.</summary>
public sealed record ConsumerUnavailable(ParticipantId ParticipantId, SessionId SessionId, MediaKind Kind, ProducerSource Source) : RoomMessage;

/// <summary>That track is sent no more.</summary>
public sealed record ConsumerUnavailableEnded(SessionId SessionId, ProducerSource Source) : RoomMessage;

/// <summary>Whose voice is heard now, perhaps one's own; null: nobody's.</summary>
public sealed record SpeakerChanged(SessionId? SessionId) : RoomMessage;

/// <summary>The clinician turned this session's microphone off.</summary>
public sealed record Muted(string By) : RoomMessage;

/// <summary>What is seen of this session's own part in the call: it sends no more than the step says.</summary>
public sealed record LinkChanged(LinkState Link) : RoomMessage;

public sealed record TelephoneChanged(TelephoneState Telephone) : RoomMessage;

/// <summary>Goes to the sender too: that is the delivery receipt.</summary>
public sealed record ChatReceived(ChatMessage Message) : RoomMessage;

/// <summary>From its first message on the conversation is kept with the record.</summary>
public sealed record ChatKept : RoomMessage;

/// <summary>A photo or document came or went: the page fetches the list from Web.</summary>
public sealed record FilesChanged : RoomMessage;

/// <summary>Everybody looks at this image, which each page fetches from Web; in place of the one before, if there was one.</summary>
/// <param name="By">The name of who shows it.</param>
public sealed record ImageShown(Guid FileId, string Name, string By) : RoomMessage;

public sealed record ImageHidden : RoomMessage;

/// <summary>Somebody else points at this place of the image: 0 to 1 from its left and from its top.</summary>
public sealed record Pointed(ParticipantId ParticipantId, string Name, double X, double Y) : RoomMessage;

public sealed record ConsultationEnded(EndReason Reason) : RoomMessage;

/// <summary>The rows that are new or other than before; those that it does not name stay as they were.</summary>
public sealed record BoardChanged(IReadOnlyList<BoardRow> Rows) : RoomMessage;

/// <summary>Something changed at Web: a board, or a page in the waiting room, fetches it again.</summary>
public sealed record ClinicChanged : RoomMessage;
