using System.Buffers.Binary;
using Telemedicine.Media.Dtls;
using Telemedicine.Media.Srtp;
using Telemedicine.Media.Tests.Srtp;
using Xunit;

namespace Telemedicine.Media.Tests.Dtls;

public sealed class DtlsSessionTests : IDisposable
{
    private const string OtherFingerprint =
        "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

    private readonly DtlsContext _server = new(DtlsCertificate.Create(TimeProvider.System));
    private readonly DtlsContext _client = new(DtlsCertificate.Create(TimeProvider.System));

    [Fact]
    public void Both_sides_connect_and_prefer_gcm()
    {
        using DtlsLink link = new(_server, _client);

        link.Run();

        Assert.Equal(DtlsState.Connected, link.Server.State);
        Assert.Equal(DtlsState.Connected, link.Client.State);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, link.Server.Profile);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, link.Client.Profile);
        Assert.Null(link.Server.NextTimeout(link.Now));
        Assert.Null(link.Client.NextTimeout(link.Now));
    }

    [Fact]
    public void A_client_that_knows_only_counter_mode_gets_it()
    {
        using DtlsContext old = new(_client.Certificate, "SRTP_AES128_CM_SHA1_80");
        using DtlsLink link = new(_server, old);

        link.Run();

        Assert.Equal(SrtpProfile.Aes128CmSha1Tag80, link.Server.Profile);
        AssertMediaFlows(link);
    }

    [Fact]
    public void The_exported_keys_carry_media_both_ways()
    {
        using DtlsLink link = new(_server, _client);

        link.Run();

        AssertMediaFlows(link);
    }

    [Fact]
    public void There_are_no_keys_before_the_handshake_is_over()
    {
        using DtlsLink link = new(_server, _client) { Loses = n => n > 1 };

        link.Run();

        Assert.Equal(DtlsState.Handshaking, link.Server.State);
        Assert.False(link.Server.TryExportKeys(out _));
        Assert.False(link.Client.TryExportKeys(out _));
        Assert.Equal(SrtpProfile.None, link.Client.Profile);
    }

    [Fact]
    public void A_client_with_another_certificate_fails_the_handshake_on_both_sides()
    {
        using DtlsLink link = new(_server, _client, serverExpects: OtherFingerprint);

        link.Run();

        Assert.Equal(DtlsState.Failed, link.Server.State);
        Assert.Equal(DtlsState.Failed, link.Client.State);
        Assert.False(link.Server.TryExportKeys(out _));
    }

    [Fact]
    public void A_server_with_another_certificate_fails_the_handshake_on_both_sides()
    {
        using DtlsLink link = new(_server, _client, clientExpects: OtherFingerprint);

        link.Run();

        Assert.Equal(DtlsState.Failed, link.Server.State);
        Assert.Equal(DtlsState.Failed, link.Client.State);
    }

    [Fact]
    public void A_peer_without_srtp_fails()
    {
        using DtlsContext without = new(_client.Certificate, srtpProfiles: null);
        using DtlsLink link = new(_server, without);

        link.Run();

        Assert.Equal(DtlsState.Failed, link.Server.State);
        Assert.Equal(DtlsState.Failed, link.Client.State);
    }

    [Fact]
    public void Datagrams_are_whole_records_of_at_most_1200_bytes()
    {
        using DtlsLink link = new(_server, _client);

        link.Run();

        Assert.All(link.Sent, datagram =>
        {
            Assert.InRange(datagram.Length, 14, 1200);
            int end = 0;
            while (end < datagram.Length)
                end += 13 + BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(end + 11));
            Assert.Equal(datagram.Length, end);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_hello_in_two_datagrams_is_put_together(bool secondFirst)
    {
        using DtlsLink link = new(_server, _client);
        link.Client.Start(link.Now);
        byte[] hello = Assert.Single(DtlsLink.TakeAll(link.Client));
        byte[][] fragments = [Fragment(hello, 0, 100, record: 0), Fragment(hello, 100, hello.Length - 25 - 100, record: 40)];
        if (secondFirst)
            Array.Reverse(fragments);

        foreach (byte[] fragment in fragments)
        {
            Assert.Empty(DtlsLink.TakeAll(link.Server));
            link.Server.HandleDatagram(link.Now, fragment);
        }

        link.Exchange();
        Assert.Equal(DtlsState.Connected, link.Server.State);
        Assert.Equal(DtlsState.Connected, link.Client.State);
    }

    [Fact]
    public void Any_one_lost_datagram_is_made_good()
    {
        using DtlsLink whole = new(_server, _client);
        whole.Run();
        for (int lost = 0; lost < whole.Sent.Count; lost++)
        {
            int index = lost;
            using DtlsLink link = new(_server, _client) { Loses = n => n == index };
            long start = link.Now;

            link.Run(patience: 5_000_000);

            Assert.Equal((DtlsState.Connected, DtlsState.Connected), (link.Server.State, link.Client.State));
            Assert.Equal(100_000, link.Now - start);
            AssertMediaFlows(link);
        }
    }

    [Fact]
    public void Handshakes_survive_heavy_loss()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            using DtlsLink link = new(_server, _client) { Loses = _ => random.NextDouble() < 0.3 };

            link.Run(patience: 29_000_000);

            Assert.Equal((seed, DtlsState.Connected, DtlsState.Connected), (seed, link.Server.State, link.Client.State));
        }
    }

    [Fact]
    public void Lost_flights_are_sent_again_at_doubling_intervals_and_given_up_after_30_seconds()
    {
        using DtlsSession client = new(_client, DtlsRole.Client, OtherFingerprint);
        long now = 50;
        client.Start(now);
        byte[] first = Assert.Single(DtlsLink.TakeAll(client));
        List<long> intervals = [];
        while (client.State == DtlsState.Handshaking)
        {
            long due = Assert.NotNull(client.NextTimeout(now));
            client.HandleTimeout(due - 1);
            Assert.Empty(DtlsLink.TakeAll(client));
            intervals.Add((due - now) / 1000);
            now = due;
            client.HandleTimeout(now);
            Assert.All(DtlsLink.TakeAll(client), again => Assert.Equal(first, again));
        }

        Assert.Equal([100, 200, 400, 800, 1600, 3200, 3200], intervals.Take(7));
        Assert.InRange(now, 30_000_000, 33_300_000);
        Assert.Equal(DtlsState.Failed, client.State);
        Assert.Null(client.NextTimeout(now));
    }

    [Fact]
    public void A_server_waits_for_its_client_without_a_timer()
    {
        using DtlsSession server = new(_server, DtlsRole.Server, OtherFingerprint);

        server.Start(0);

        Assert.Equal(DtlsState.New, server.State);
        Assert.Null(server.NextTimeout(0));
        Assert.Empty(DtlsLink.TakeAll(server));
    }

    [Fact]
    public void Garbage_between_the_datagrams_never_disturbs()
    {
        Random random = new(6347);
        using DtlsLink link = new(_server, _client) { Disturb = (receiver, datagram) => Garbage(random, datagram, receiver.HandleDatagram) };
        link.Run();
        Assert.Equal((DtlsState.Connected, DtlsState.Connected), (link.Server.State, link.Client.State));

        foreach (byte[] old in link.Sent.ToArray())
            Garbage(random, old, link.Server.HandleDatagram);

        link.Exchange();
        Assert.Equal(DtlsState.Connected, link.Server.State);
        AssertMediaFlows(link);
    }

    [Fact]
    public void Forged_records_of_any_type_epoch_and_length_do_not_end_a_connected_session()
    {
        Random random = new(1);
        using DtlsLink link = new(_server, _client);
        link.Run();
        for (byte type = 20; type < 28; type++)
        {
            for (ushort epoch = 0; epoch < 3; epoch++)
            {
                for (ushort length = 0; length < 70; length++)
                {
                    byte[] forged = new byte[13 + length];
                    random.NextBytes(forged);
                    new byte[] { type, 0xFE, 0xFD }.CopyTo(forged, 0);
                    BinaryPrimitives.WriteUInt16BigEndian(forged.AsSpan(3), epoch);
                    BinaryPrimitives.WriteUInt16BigEndian(forged.AsSpan(11), length);

                    link.Server.HandleDatagram(link.Now, forged);
                    link.Client.HandleDatagram(link.Now, forged);

                    Assert.Equal((DtlsState.Connected, DtlsState.Connected, type, epoch, length), (link.Server.State, link.Client.State, type, epoch, length));
                }
            }
        }

        link.Client.Close();
        link.Exchange();
        Assert.Equal(DtlsState.Closed, link.Server.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Closing_tells_the_other_side(bool byServer)
    {
        using DtlsLink link = new(_server, _client);
        link.Run();
        DtlsSession closing = byServer ? link.Server : link.Client;
        DtlsSession told = byServer ? link.Client : link.Server;

        closing.Close();
        Assert.Equal((DtlsState.Closed, DtlsState.Connected), (closing.State, told.State));
        link.Exchange();

        Assert.Equal(DtlsState.Closed, told.State);
        Assert.False(told.TryExportKeys(out _));
    }

    [Fact]
    public void Closing_before_the_handshake_sends_nothing_and_ends_it()
    {
        using DtlsSession server = new(_server, DtlsRole.Server, OtherFingerprint);

        server.Close();

        Assert.Equal(DtlsState.Closed, server.State);
        Assert.Empty(DtlsLink.TakeAll(server));
    }

    [Fact]
    public void A_session_may_wander_between_threads()
    {
        using DtlsLink link = new(_server, _client);
        link.Client.Start(link.Now);
        for (int round = 0; round < 4; round++)
        {
            Thread thread = new(link.Exchange);
            thread.Start();
            thread.Join();
            link.Run();
        }

        Assert.Equal(DtlsState.Connected, link.Server.State);
        AssertMediaFlows(link);
    }

    [Fact]
    public void A_disposed_session_refuses_to_work()
    {
        DtlsSession session = new(_server, DtlsRole.Server, OtherFingerprint);
        session.Dispose();
        session.Dispose();

        Assert.Throws<ObjectDisposedException>(() => session.HandleDatagram(0, new byte[20]));
        Assert.Throws<ObjectDisposedException>(session.Close);
    }

    [Fact]
    public void A_fingerprint_in_small_letters_is_the_same()
    {
        using DtlsLink link = new(_server, _client, serverExpects: _client.Certificate.Fingerprint.Value.ToLowerInvariant());

        link.Run();

        Assert.Equal(DtlsState.Connected, link.Server.State);
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    private static void AssertMediaFlows(DtlsLink link)
    {
        Assert.True(link.Server.TryExportKeys(out SrtpKeyingMaterial server));
        Assert.True(link.Client.TryExportKeys(out SrtpKeyingMaterial client));
        foreach ((SrtpMasterKey from, SrtpMasterKey to) in new[] { (server.Local, client.Remote), (client.Local, server.Remote) })
        {
            using SrtpSender sender = new(from);
            using SrtpReceiver receiver = new(to);
            byte[] packet = SrtpVectors.Rtp(7, 1);
            Assert.Equal(packet, receiver.Unprotect(sender.Protect(sender.Stream(7), packet)));
        }

        Assert.NotEqual(server.Local.Key.ToArray(), server.Remote.Key.ToArray());
    }

    private delegate void Handle(long now, ReadOnlySpan<byte> datagram);

    /// <summary>Random bytes, random bytes behind a DTLS header, cut datagrams, and records that claim to be longer than they are.</summary>
    private static void Garbage(Random random, byte[] genuine, Handle handle)
    {
        handle(0, []);
        byte[] noise = new byte[random.Next(1, 1500)];
        for (int n = 0; n < 20; n++)
        {
            random.NextBytes(noise);
            handle(0, noise);
            noise[0] = (byte)random.Next(20, 64);
            noise[1] = 0xFE;
            noise[2] = 0xFD;
            noise[3] = 0x77; // an epoch far away, so that no record can pass for a genuine one
            handle(0, noise);
        }

        handle(0, genuine.AsSpan(0, random.Next(0, 13)));
        byte[] tooLong = [.. genuine];
        tooLong[11] = 0x40;
        handle(0, tooLong);
    }

    /// <summary>One fragment of a datagram's only handshake message, in a record of its own (RFC 6347, section 4.2.3).</summary>
    private static byte[] Fragment(byte[] datagram, int offset, int length, byte record)
    {
        byte[] fragment = [.. datagram[..25], .. datagram[(25 + offset)..(25 + offset + length)]];
        fragment[10] = record;
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(11), (ushort)(12 + length));
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(20), (ushort)offset);
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(23), (ushort)length);
        return fragment;
    }
}
