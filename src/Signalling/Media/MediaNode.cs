using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Core;
using Telemedicine.Media.Dtls;
using Telemedicine.Media.Ice;
using Telemedicine.Media.Net;
using Telemedicine.Media.Ortc;

namespace Telemedicine.Media;

/// <summary>The SFU of one process: its sockets and worker loops. Routers are made here.</summary>
public sealed class MediaNode : IAsyncDisposable
{
    /// <summary>Of the meter whose instruments tell how calls fare.</summary>
    public const string MeterName = "Telemedicine.Media";

    /// <summary>What a user name can say; far more than any machine has processors.</summary>
    private const int MaximumWorkers = 1024;

    /// <summary>Each page has a transport each way, and may try both ways of reaching us at once.</summary>
    private const int ConnectionsOfParticipant = 4;

    private readonly MediaSockets _sockets;
    private readonly DtlsContext _dtls;
    private readonly Worker[] _workers;
    private readonly MediaOptions _options;
    private readonly MediaMeter _meter;
    private readonly ITimer _measuring;
    private int _routers;
    private int _participants;
    private int _draining;
    private int _disposed;

    private MediaNode(MediaSockets sockets, DtlsContext dtls, TimeProvider time, MediaOptions options, IMeterFactory? meters)
    {
        _sockets = sockets;
        _dtls = dtls;
        _options = options;
        var clock = new MediaClock(time);
        var limits = new WorkLimits(options.ChecksPerSecond, options.HandshakesPerSecond);
        _workers = new Worker[sockets.Udp.Count];
        for (var i = 0; i < _workers.Length; i++)
            _workers[i] = new Worker(i, _workers, sockets.Udp[i], sockets.Tcp, dtls, limits, clock);
        IceCandidates = Candidates.Announce(options, sockets.UdpPort, sockets.TcpPort);
        foreach (var worker in _workers)
            worker.Start();
        sockets.Tcp.Accept(_workers);
        _meter = new MediaMeter(meters, () => Load);
        _measuring = time.CreateTimer(_ => _ = MeasureAsync(), null, MediaMeter.Interval, MediaMeter.Interval);
    }

    /// <summary>What every router can receive and forward, in mediasoup-client's shape.</summary>
    public static RtpCapabilities RtpCapabilities => RouterCapabilities.Value;

    /// <summary>The UDP port in use (the one asked for, or the one the system chose for 0).</summary>
    public int Port => _sockets.UdpPort;

    /// <summary>The TCP port in use, if any.</summary>
    public int? TcpPort => _sockets.TcpPort;

    public MediaLoad Load => new(
        Volatile.Read(ref _routers),
        _options.MaximumRouters,
        Volatile.Read(ref _participants),
        _options.MaximumParticipants,
        Volatile.Read(ref _draining) != 0);

    internal IReadOnlyList<IceCandidate> IceCandidates { get; }

    internal DtlsParameters DtlsParameters => new("auto", [_dtls.Certificate.Fingerprint]);

    /// <summary>TCP connections that are open now.</summary>
    internal int TcpConnections => _sockets.Tcp.Count;

    /// <exception cref="MediaException">The address or a port cannot be used, or no address to announce is known.</exception>
    /// <param name="meters">Makes the meter; null: not one of a host's.</param>
    public static Task<MediaNode> StartAsync(MediaOptions options, TimeProvider time, CancellationToken cancellation, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.AnnouncedAddresses.Count == 0 && (options.ListenAddress.Equals(IPAddress.Any) || options.ListenAddress.Equals(IPAddress.IPv6Any)))
            throw new MediaException("Listening on every address needs at least one announced address.");
        if (options.Workers is < 1 or > MaximumWorkers)
            throw new MediaException($"The number of media workers must be from 1 to {MaximumWorkers}.");
        if (options.Workers > 1 && !OperatingSystem.IsLinux())
            throw new MediaException("More than one media worker needs Linux.");
        return Task.Run(() => Start(options, time, meters), cancellation);
    }

    /// <summary>Begins a consultation's media, on the worker that has the least.</summary>
    /// <exception cref="MediaException">The node is full, or about to stop.</exception>
    public Router CreateRouter() => CreateRouter(begun: false);

    /// <summary>The same for a consultation that may have begun.</summary>
    /// <param name="begun">The consultation goes on from another node: it has a place even here where all are taken.</param>
    /// <exception cref="MediaException">The node is full, or about to stop.</exception>
    public Router CreateRouter(bool begun)
    {
        var load = Load;
        if (load.Draining)
        {
            _meter.CountRefused(draining: true);
            throw new MediaException("The media server is about to stop.");
        }

        if ((Interlocked.Increment(ref _routers) > load.MaximumRooms || load.Participants >= load.MaximumParticipants) && !begun)
        {
            Interlocked.Decrement(ref _routers);
            _meter.CountRefused(draining: false);
            throw new MediaException("The media server is full.");
        }

        return NewRouter(counted: true);
    }

    /// <summary>A router for the echo of a device check: it takes no place from a consultation, and its transports count as nobody. Whoever asks bounds how many there are.</summary>
    /// <exception cref="MediaException">The node is about to stop.</exception>
    public Router CreateEchoRouter() => Load.Draining ? throw new MediaException("The media server is about to stop.") : NewRouter(counted: false);

    /// <summary>From now on no router is made. Those there are go on.</summary>
    public void Drain() => Volatile.Write(ref _draining, 1);

    /// <summary>What became of the packets so far.</summary>
    /// <exception cref="MediaException">The node has stopped.</exception>
    public async Task<MediaCounters> ReadCountersAsync(CancellationToken cancellation)
    {
        var sum = default(MediaCounters);
        foreach (var worker in _workers)
            sum += await worker.InvokeAsync(_ => worker.ReadCounters(), cancellation);
        return sum;
    }

    /// <summary>Closes everything, telling the peers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _measuring.DisposeAsync();
        _meter.Dispose();
        await Task.WhenAll(_workers.Select(worker => worker.StopAsync()));
        _sockets.Dispose();
        _dtls.Dispose();
    }

    internal void OnRouterClosed(Worker worker, bool counted)
    {
        worker.CountRouter(-1);
        if (counted)
            Interlocked.Decrement(ref _routers);
    }

    internal void CountParticipant(int change) => Interlocked.Add(ref _participants, change);

    private Router NewRouter(bool counted)
    {
        var worker = _workers.MinBy(each => each.Routers) ?? _workers[0];
        worker.CountRouter(1);
        return new Router(this, worker, counted);
    }

    /// <summary>Each worker tells its tracks' figures on its own thread.</summary>
    private async Task MeasureAsync()
    {
        try
        {
            var enabled = _meter.Enabled;
            _meter.SetCounters(await Task.WhenAll(_workers.Select(worker => worker.InvokeAsync(
                _ =>
                {
                    if (enabled)
                        _meter.Take(worker.Engine);
                    return worker.ReadCounters();
                },
                CancellationToken.None))));
        }
        catch (MediaException)
        {
            // The node has stopped meanwhile.
        }
    }

    private static MediaNode Start(MediaOptions options, TimeProvider time, IMeterFactory? meters)
    {
        var sockets = MediaSockets.Open(options, options.MaximumParticipants * ConnectionsOfParticipant, time);
        var dtls = new DtlsContext(DtlsCertificate.Create(time));
        // The first of everything takes tens of milliseconds; the workers should not spend them in a call.
        EarlyCompilation.Run(typeof(MediaNode).Assembly);
        dtls.WarmUp();
        return new MediaNode(sockets, dtls, time, options, meters);
    }
}
