using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Core;
using Telemedicine.Media.Dtls;
using Telemedicine.Media.Net;
using Telemedicine.Media.Ortc;

namespace Telemedicine.Media;

/// <summary>The SFU of one process: its sockets and worker loops. Routers are made here.</summary>
public sealed class MediaNode : IAsyncDisposable
{
    private readonly UdpLayer _udp;
    private readonly DtlsContext _dtls;
    private readonly Worker _worker;
    private readonly int _maximumRouters;
    private int _routers;
    private int _disposed;

    private MediaNode(UdpLayer udp, DtlsContext dtls, MediaClock clock, MediaOptions options)
    {
        _udp = udp;
        _dtls = dtls;
        _worker = new Worker(udp, dtls, clock);
        _maximumRouters = options.MaximumRouters;
        Port = udp.Port;
        IceCandidates = Announce(options, Port);
    }

    /// <summary>What every router can receive and forward, in mediasoup-client's shape.</summary>
    public static RtpCapabilities RtpCapabilities => RouterCapabilities.Value;

    /// <summary>The UDP port in use (the one asked for, or the one the system chose for 0).</summary>
    public int Port { get; }

    internal IReadOnlyList<IceCandidate> IceCandidates { get; }

    internal DtlsParameters DtlsParameters => new("auto", [_dtls.Certificate.Fingerprint]);

    /// <exception cref="MediaException">The address or port cannot be used, or no address to announce is known.</exception>
    public static Task<MediaNode> StartAsync(MediaOptions options, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.AnnouncedAddresses.Count == 0 && (options.ListenAddress.Equals(IPAddress.Any) || options.ListenAddress.Equals(IPAddress.IPv6Any)))
            throw new MediaException("Listening on every address needs at least one announced address.");
        return Task.Run(() => Start(options, time), cancellation);
    }

    /// <exception cref="MediaException">The node is full.</exception>
    public Router CreateRouter()
    {
        if (Interlocked.Increment(ref _routers) > _maximumRouters)
        {
            Interlocked.Decrement(ref _routers);
            throw new MediaException("The media server is full.");
        }

        return new Router(this, _worker);
    }

    /// <summary>What became of the packets so far.</summary>
    /// <exception cref="MediaException">The node has stopped.</exception>
    public Task<MediaCounters> ReadCountersAsync(CancellationToken cancellation) => _worker.InvokeAsync(_ => _worker.Engine.Counters.Read(), cancellation);

    /// <summary>Closes everything, telling the peers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _worker.StopAsync();
        _udp.Dispose();
        _dtls.Dispose();
    }

    internal void OnRouterClosed() => Interlocked.Decrement(ref _routers);

    private static MediaNode Start(MediaOptions options, TimeProvider time)
    {
        UdpLayer udp;
        try
        {
            udp = UdpLayer.Open(new IPEndPoint(options.ListenAddress, options.Port), preferBatching: true);
        }
        catch (SocketException refused)
        {
            var reason = refused.SocketErrorCode == SocketError.AddressAlreadyInUse ? "it is in use" : "the system refuses it";
            throw new MediaException($"UDP port {options.Port} cannot be opened for media: {reason}.");
        }

        var dtls = new DtlsContext(DtlsCertificate.Create(time));
        // The first handshake of a process takes tens of milliseconds; the worker should not spend them in a call.
        dtls.WarmUp();
        return new MediaNode(udp, dtls, new MediaClock(time), options);
    }

    /// <summary>RFC 8445 §5.1.2.1: host candidates of component 1, the first address with the highest local preference.</summary>
    private static IceCandidate[] Announce(MediaOptions options, int boundPort)
    {
        const uint HostPreference = 126u << 24, HighestLocalPreference = 65535, Component = 255;
        var addresses = options.AnnouncedAddresses.Count > 0 ? options.AnnouncedAddresses : [options.ListenAddress];
        var port = options.AnnouncedPort ?? boundPort;
        return [.. addresses.Select((address, index) => new IceCandidate(
            $"udp{index}",
            HostPreference | ((HighestLocalPreference - (uint)index) << 8) | Component,
            address.ToString(),
            address.ToString(),
            port,
            "udp",
            "host",
            null))];
    }
}
