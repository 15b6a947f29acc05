using Telemedicine.Media.Core;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Benchmarks;

/// <summary>The engine's way out: the socket, or, to measure the engine alone, nowhere.</summary>
internal sealed class SwitchedOutput(UdpLayer udp) : IDatagramOutput
{
    private readonly byte[] _nowhere = new byte[UdpLayer.MaxDatagram];

    public bool Discards { get; set; }

    public long Committed { get; private set; }

    public Span<byte> Reserve(PeerAddress to, int max) => Discards ? _nowhere.AsSpan(0, max) : udp.Reserve(to, max);

    public void Commit(int length)
    {
        Committed++;
        if (!Discards)
            udp.Commit(length);
    }

    public void Release(PeerAddress address)
    {
    }
}
