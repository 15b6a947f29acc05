using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Hubs;

/// <param name="Resume">The session that this page had before, if any.</param>
public sealed record JoinRequest(ResumePoint? Resume = null);

public sealed record ResumePoint
{
    public required SessionId SessionId { get; init; }

    /// <summary>The sequence of the last message that the page has dealt with.</summary>
    public required long LastSequence { get; init; }
}

public sealed record CreateTransportRequest
{
    public required TransportDirection Direction { get; init; }

    /// <summary>What the client can decode: needed to receive.</summary>
    public RtpCapabilities? RtpCapabilities { get; init; }
}

/// <summary>A server that relays, as RTCPeerConnection wants it.</summary>
public sealed record IceServer(IReadOnlyList<string> Urls, string Username, string Credential);

public enum IceTransportPolicy
{
    All,

    /// <summary>Through a TURN server only.</summary>
    Relay,
}

/// <summary>What mediasoup-client makes its side of the transport from.</summary>
public sealed record CreateTransportResult(
    Guid Id,
    IceParameters IceParameters,
    IReadOnlyList<IceCandidate> IceCandidates,
    DtlsParameters DtlsParameters,
    IReadOnlyList<IceServer> IceServers,
    IceTransportPolicy IceTransportPolicy);

/// <param name="IceServers">With fresh credentials: those from before may have expired.</param>
public sealed record RestartIceResult(IceParameters IceParameters, IReadOnlyList<IceServer> IceServers);

public enum ProducerSource
{
    Microphone,
    Camera,
    Screen,
}

public sealed record ProduceRequest
{
    public required Guid TransportId { get; init; }
    public required MediaKind Kind { get; init; }
    public required ProducerSource Source { get; init; }
    public required RtpParameters RtpParameters { get; init; }
    public bool Paused { get; init; }
}

public sealed record ProduceResult(Guid Id);

/// <summary>How large a picture is on the receiver's screen, in pixels; 0 by 0 while nobody sees it.</summary>
public readonly record struct ShownSize(int Width, int Height)
{
    public const int MaxSide = 16_384;

    /// <summary>The shorter side of the lowest of three layers of a 1280×720 camera; each layer doubles it.</summary>
    private const int LowestLines = 180;

    private const int MostLayers = 3;

    /// <summary>A picture may be stretched by a tenth before the next layer is worth its bits.</summary>
    private const double Stretch = 1.1;

    public bool IsValid => Width is >= 0 and <= MaxSide && Height is >= 0 and <= MaxSide;

    /// <summary>The layers that it takes to fill this size; not even all frames when nobody looks.</summary>
    public ConsumerLayers Layers
    {
        get
        {
            var lines = Math.Min(Width, Height);
            var spatial = 0;
            while (spatial < MostLayers - 1 && lines > (LowestLines << spatial) * Stretch)
                spatial++;
            return new(spatial, lines == 0 ? 0 : MostLayers - 1);
        }
    }
}

public sealed record ChatRequest
{
    public const int MaxTextLength = 2000;

    /// <summary>Made by the client, so that a message sent again is not shown again.</summary>
    public required Guid ClientId { get; init; }

    public required string Text { get; init; }
}

/// <summary>Which of the consultation's images everybody is to look at. Web says who may open it.</summary>
public sealed record ShowImageRequest
{
    public const int MaxNameLength = 100;

    public required Guid FileId { get; init; }

    public required string Name { get; init; }
}

/// <summary>What a page has opened, or could open when asked.</summary>
public sealed record DeviceReport
{
    public required bool Microphone { get; init; }

    public required bool Camera { get; init; }
}
