using System.Net.Sockets;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>A peer with a real socket.</summary>
internal abstract class SocketPeer(TransportParameters parameters, Socket socket) : Peer(parameters.IceParameters, parameters.DtlsParameters.Fingerprints[0])
{
    private readonly MediaClock _clock = new(TimeProvider.System);

    protected Socket Socket => socket;

    protected override long Now => _clock.Now;

    /// <summary>Takes in what comes until the condition holds; fails after 20 s.</summary>
    public void PumpUntil(Func<bool> condition, Action? meanwhile = null)
    {
        var deadline = Now + 20_000_000;
        while (!condition())
        {
            Xunit.Assert.True(Now < deadline, "What the test waits for did not happen.");
            meanwhile?.Invoke();
            Pump();
        }
    }

    /// <summary>Takes in what comes in the next 10 ms at most.</summary>
    public void Pump()
    {
        if (socket.Poll(10_000, SelectMode.SelectRead))
            Receive();
        HandleTimeout(Now);
    }

    public override void Dispose()
    {
        base.Dispose();
        socket.Dispose();
    }

    protected abstract void Receive();
}
