using Telemedicine.Media.Net;

namespace Telemedicine.Media.Core;

/// <summary>Where the core writes what it sends: the worker's sockets, or a test's own network.</summary>
internal interface IDatagramOutput
{
    /// <summary>A place to write the next datagram. Nothing is queued until <see cref="Commit"/>.</summary>
    Span<byte> Reserve(PeerAddress to, int max);

    /// <summary>Queues the reserved datagram, of which this many bytes were written.</summary>
    void Commit(int length);

    /// <summary>Nothing more goes to this address, once what is queued has gone.</summary>
    void Release(PeerAddress address);
}
