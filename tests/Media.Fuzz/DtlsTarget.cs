using Microsoft.Extensions.Time.Testing;
using Telemedicine.Media.Dtls;

namespace Telemedicine.Media.Fuzz;

/// <summary>Handshakes with a hostile client: its datagrams, in any order and shape.</summary>
internal sealed class DtlsTarget : Target
{
    private readonly DtlsContext _server = NewContext();
    private readonly DtlsContext _client = NewContext();

    public override string Name => "dtls";

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            var sent = new List<(byte, byte[])>();
            using var server = new DtlsSession(_server, DtlsRole.Server, _client.Certificate.Fingerprint.Value);
            using var client = new DtlsSession(_client, DtlsRole.Client, _server.Certificate.Fingerprint.Value);
            client.Start(0);
            for (var round = 0; round < 10; round++)
            {
                Exchange(client, server, sent);
                Exchange(server, client, []);
            }

            yield return Script([.. sent]);
            yield return Script([.. sent.Take(1)]);
            yield return [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 14];
        }
    }

    public override void Run(byte[] input)
    {
        DtlsRecords.AreWhole(input);
        if (DtlsRecords.TryMeasure(input, out var measured))
            Require(measured > 0 && measured <= input.Length, "A record is within what was received.");
        Span<byte> buffer = stackalloc byte[DtlsSession.MaxDatagram];
        using var session = new DtlsSession(_server, DtlsRole.Server, _client.Certificate.Fingerprint.Value);
        var now = 1_000_000L;
        var sentBefore = 0;
        var received = 0;
        var script = session;
        session.Start(now);
        Play(input, (kind, datagram) =>
        {
            received += datagram.Length;
            script.HandleDatagram(now, datagram);
            if (kind % 4 == 1)
                script.HandleTimeout(now += 500_000);
        });
        while (session.TryTakeOutgoing(buffer, out var length))
        {
            sentBefore += length;
            Require(length <= DtlsSession.MaxDatagram && sentBefore < 64_000, "What is sent fits into datagrams, and ends.");
        }

        Require(session.State != DtlsState.Connected, "No forged handshake connects: the client's key is not in the input.");
    }

    public override void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    private static DtlsContext NewContext() => new(DtlsCertificate.Create(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56))));

    private static void Exchange(DtlsSession from, DtlsSession to, List<(byte, byte[])> log)
    {
        var buffer = new byte[DtlsSession.MaxDatagram];
        while (from.TryTakeOutgoing(buffer, out var length))
        {
            log.Add((0, buffer[..length]));
            to.HandleDatagram(0, buffer.AsSpan(0, length));
        }
    }
}
