using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>One page of one participant in a consultation. It outlives a lost connection by 30 s. Touched in the clinic's mailbox only.</summary>
internal sealed class Session(Consultation consultation, Ticket ticket)
{
    /// <summary>How long a participant who lost the connection can come back as if nothing had been.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public const int MaxProducers = 4;

    public SessionId Id { get; } = SessionId.New();

    public Consultation Consultation => consultation;

    public ParticipantId ParticipantId => ticket.Participant;

    public ParticipantRole Role => ticket.Role;

    public string Name => ticket.DisplayName;

    public Outbox Outbox { get; } = new();

    /// <summary>Null while the participant is reconnecting.</summary>
    public ClientConnection? Connection { get; set; }

    /// <summary>Of the ticket that opened the latest connection: whoever signs in anew goes on with the session.</summary>
    public SignInId? SignIn { get; set; }

    public bool Hand { get; set; }

    /// <summary>Runs while there is no connection.</summary>
    public ITimer? GraceTimer { get; set; }

    /// <summary>Null until the page has said.</summary>
    public DeviceReport? Devices { get; set; }

    /// <summary>What the client sends on.</summary>
    public WebRtcTransport? SendTransport { get; set; }

    /// <summary>What the client receives on, and what it can decode.</summary>
    public WebRtcTransport? ReceiveTransport { get; set; }

    public RtpCapabilities? Capabilities { get; set; }

    public Dictionary<Guid, SessionProducer> Producers { get; } = [];

    /// <summary>By the producer that they forward.</summary>
    public Dictionary<Guid, SessionConsumer> Consumers { get; } = [];

    /// <summary>Since there has been no connection; null while there is one.</summary>
    public DateTimeOffset? AwaySince { get; set; }

    /// <summary>Null until this page is in the call.</summary>
    public PageWatch? Watch { get; set; }

    /// <summary>The person wants to be seen whatever the connection is like.</summary>
    public bool KeepsVideo { get; set; }

    /// <summary>What the page was last told.</summary>
    public LinkState ToldLink { get; set; } = new(CallStep.Video, false, false);

    public LinkState LinkState => Watch is { } watch ? new(watch.Sending.Step, watch.SilentMicrophone, watch.FrozenCamera) : ToldLink;

    /// <summary>Touched by the consultation's media work only.</summary>
    public SessionQuality Quality { get; } = new();

    public WebRtcTransport RequireTransport(Guid id)
    {
        if (SendTransport is { } send && send.Id == id)
            return send;
        return ReceiveTransport is { } receive && receive.Id == id ? receive : throw HubErrors.NotFound("This page has no such transport.");
    }

    public SessionProducer RequireProducer(Guid id) =>
        Producers.GetValueOrDefault(id) ?? throw HubErrors.NotFound("This page has no such producer.");

    public Consumer RequireConsumer(Guid id) =>
        Consumers.Values.FirstOrDefault(consumer => consumer.Media?.Id == id)?.Media ?? throw HubErrors.NotFound("This page has no such consumer.");

    public Participant Describe() => new(
        ParticipantId,
        Id,
        Role,
        Name,
        Connection is null ? PresenceState.Reconnecting : PresenceState.Connected,
        Sends(ProducerSource.Microphone),
        Sends(ProducerSource.Camera),
        Hand,
        Consultation.PhaseOf(this),
        LinkState);

    private bool Sends(ProducerSource source) => Producers.Values.Any(producer => producer.Source == source && !producer.Paused);
}

/// <summary>A track that a session sends.</summary>
internal sealed class SessionProducer(Producer media, ProducerSource source)
{
    public Producer Media => media;

    public ProducerSource Source => source;

    public bool Paused { get; set; }
}

/// <summary>Somebody else's track on its way to a session.</summary>
internal sealed class SessionConsumer
{
    /// <summary>Null while it is being made, or when the client cannot decode the track.</summary>
    public Consumer? Media { get; set; }

    /// <summary>The session was told that it cannot decode the track.</summary>
    public bool Refused { get; set; }

    /// <summary>The session was told that its connection does not carry this picture.</summary>
    public bool Starved { get; set; }
}
