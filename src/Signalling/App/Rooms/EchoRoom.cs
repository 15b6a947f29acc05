using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>
/// One page's echo: a transport each way, and each track back to where it came from. Called by one connection, one call after another; closing may come
/// at any time, and the router then refuses what is still asked of it.
/// </summary>
internal sealed class EchoRoom(Router router, Action abort, Action<EchoRoom> forget)
{
    /// <summary>One of sound and one of picture.</summary>
    private const int MaxTracks = 2;

    private readonly List<Consumer> _consumers = [];
    private WebRtcTransport? _send;
    private WebRtcTransport? _receive;
    private RtpCapabilities? _capabilities;
    private ITimer? _timer;
    private int _closed;

    public ParticipantId Person { get; set; }

    /// <summary>Ends the room and its connection after this time.</summary>
    public void Limit(TimeProvider time, TimeSpan longest) => _timer = time.CreateTimer(_ => End(), null, longest, Timeout.InfiniteTimeSpan);

    /// <summary>Cuts the connection; what is open is closed when it is gone.</summary>
    public void End()
    {
        forget(this);
        abort();
    }

    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        forget(this);
        if (_timer is not null)
            await _timer.DisposeAsync();
        await router.CloseAsync();
    }

    public async Task<TransportParameters> CreateTransportAsync(TransportDirection direction, RtpCapabilities? capabilities)
    {
        if ((direction == TransportDirection.Send ? _send : _receive) is not null)
            throw HubErrors.TooMany("This check has its connection already.");
        var made = await router.CreateTransportAsync(direction, CancellationToken.None);
        if (direction == TransportDirection.Send)
            _send = made;
        else
            (_receive, _capabilities) = (made, capabilities);
        return made.Parameters;
    }

    public Task ConnectAsync(Guid transport, DtlsParameters remote) => RequireTransport(transport).ConnectAsync(remote, CancellationToken.None);

    /// <summary>Takes a track in, and makes what leads it back.</summary>
    public async Task<EchoProduced> ProduceAsync(ProduceRequest request)
    {
        if (_receive is not { } receive || _capabilities is not { } capabilities)
            throw HubErrors.Invalid("Make the receiving connection first.");
        if (RequireTransport(request.TransportId) != _send)
            throw HubErrors.Invalid("This connection only receives.");
        if (request.Source != (request.Kind == MediaKind.Audio ? ProducerSource.Microphone : ProducerSource.Camera))
            throw HubErrors.Invalid("A check sends what a microphone and a camera send.");
        if (_consumers.Count >= MaxTracks || _consumers.Exists(consumer => consumer.Kind == request.Kind))
            throw HubErrors.TooMany("A check sends one sound and one picture.");
        var producer = await _send.ProduceAsync(
            request.Kind, request.RtpParameters, request.Kind == MediaKind.Audio ? MediaSource.Microphone : MediaSource.Camera, paused: false, CancellationToken.None);
        var consumer = await receive.ConsumeAsync(producer, capabilities, CancellationToken.None);
        _consumers.Add(consumer);
        return new(producer.Id, consumer.Id, consumer.Kind, consumer.RtpParameters);
    }

    public Task ResumeAsync() => Task.WhenAll(_consumers.Select(consumer => consumer.ResumeAsync()));

    public async Task<EchoStatistics> ReadStatisticsAsync()
    {
        var sent = _send is null ? null : await _send.ReadStatisticsAsync();
        var received = _receive is null ? null : await _receive.ReadStatisticsAsync();
        return new(
            (received?.RoundTripTime ?? sent?.RoundTripTime)?.TotalMilliseconds,
            received?.AvailableOutgoingBitrate,
            [.. (sent?.Producers ?? []).Select(track => new EchoTrack(track.Kind, track.Packets, Math.Max(0, track.PacketsLost), track.Jitter.TotalMilliseconds, track.Bitrate))]);
    }

    private WebRtcTransport RequireTransport(Guid id)
    {
        if (_send is { } send && send.Id == id)
            return send;
        return _receive is { } receive && receive.Id == id ? receive : throw HubErrors.NotFound("This check has no such connection.");
    }
}
