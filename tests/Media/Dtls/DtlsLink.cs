using Telemedicine.Media.Dtls;

namespace Telemedicine.Media.Tests.Dtls;

/// <summary>Two sessions, a wire between them that can lose datagrams, and a clock that moves only by <see cref="Run"/>.</summary>
internal sealed class DtlsLink : IDisposable
{
    private const int MaxRounds = 200;

    public DtlsLink(DtlsContext serverContext, DtlsContext clientContext, string? serverExpects = null, string? clientExpects = null)
    {
        Server = new DtlsSession(serverContext, DtlsRole.Server, serverExpects ?? clientContext.Certificate.Fingerprint.Value);
        Client = new DtlsSession(clientContext, DtlsRole.Client, clientExpects ?? serverContext.Certificate.Fingerprint.Value);
    }

    public DtlsSession Server { get; }

    public DtlsSession Client { get; }

    /// <summary>Microseconds.</summary>
    public long Now { get; private set; } = 1_000_000;

    /// <summary>Every datagram that was sent, in order, lost or not.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>Given the running number of a datagram, whether it is lost.</summary>
    public Func<int, bool> Loses { get; init; } = _ => false;

    /// <summary>Called before each datagram is handed to its receiver.</summary>
    public Action<DtlsSession, byte[]> Disturb { get; init; } = (_, _) => { };

    /// <summary>The handshake, or as far as it comes while timers are due within the given time (microseconds).</summary>
    public void Run(long patience = 0)
    {
        long until = Now + patience;
        Client.Start(Now);
        for (int round = 0; round < MaxRounds; round++)
        {
            Exchange();
            long? due = Earlier(Server.NextTimeout(Now), Client.NextTimeout(Now));
            if (due is not { } at || at > until)
                return;
            Now = at;
            Server.HandleTimeout(Now);
            Client.HandleTimeout(Now);
        }

        throw new InvalidOperationException("The two sides never come to rest.");
    }

    /// <summary>Moves datagrams until neither side has any.</summary>
    public void Exchange()
    {
        while (Move(Client, Server) | Move(Server, Client))
        {
        }
    }

    public static List<byte[]> TakeAll(DtlsSession session)
    {
        List<byte[]> datagrams = [];
        byte[] buffer = new byte[DtlsSession.MaxDatagram];
        while (session.TryTakeOutgoing(buffer, out int length))
            datagrams.Add(buffer[..length]);
        return datagrams;
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
    }

    private bool Move(DtlsSession from, DtlsSession to)
    {
        List<byte[]> datagrams = TakeAll(from);
        foreach (byte[] datagram in datagrams)
        {
            Sent.Add(datagram);
            if (Loses(Sent.Count - 1))
                continue;
            Disturb(to, datagram);
            to.HandleDatagram(Now, datagram);
        }

        return datagrams.Count > 0;
    }

    private static long? Earlier(long? one, long? other) => one is null ? other : other is null ? one : long.Min(one.Value, other.Value);
}
