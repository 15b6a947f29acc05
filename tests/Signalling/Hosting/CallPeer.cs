using System.Text.Json;
using Telemedicine.Media;
using Telemedicine.Media.Tests;
using Telemedicine.Media.Tests.Calls;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>Somebody in a call with a microphone and loudspeaker of their own: real packets over real sockets, both ways. What is said is a number.</summary>
internal sealed class CallPeer : IDisposable
{
    private static int _lastSsrc = 70_000;
    private readonly UdpPeer _sending;
    private readonly UdpPeer _receiving;
    private readonly uint _ssrc;
    private readonly Dictionary<uint, ParticipantId> _voices = [];
    private int _handled;
    private ushort _sequence;

    private CallPeer(ParticipantId participant, HubConnectionFixture connection, UdpPeer sending, UdpPeer receiving, uint ssrc) =>
        (Participant, Connection, _sending, _receiving, _ssrc) = (participant, connection, sending, receiving, ssrc);

    public ParticipantId Participant { get; }

    public HubConnectionFixture Connection { get; }

    /// <summary>Who was heard saying what.</summary>
    public IEnumerable<(ParticipantId Speaker, ushort Said)> Heard =>
        _receiving.Rtp.Select(packet => (_voices.GetValueOrDefault(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8))), System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(packet.Length - 2))));

    public static async Task<CallPeer> OpenAsync(ParticipantId participant, HubConnectionFixture connection, JsonElement joined)
    {
        var ssrc = (uint)Interlocked.Increment(ref _lastSsrc);
        var (sending, send) = await ConnectAsync(connection, new { direction = "send" });
        var (receiving, _) = await ConnectAsync(connection, new { direction = "receive", rtpCapabilities = joined.GetProperty("routerRtpCapabilities") });
        var codecs = new[] { new { mimeType = "audio/opus", payloadType = 111, clockRate = 48000, channels = 2 } };
        await connection.InvokeAsync("Produce", new { transportId = send, kind = "audio", source = "microphone", rtpParameters = new { mid = "0", codecs, encodings = new[] { new { ssrc } } }, paused = false });
        return new CallPeer(participant, connection, sending, receiving, ssrc);
    }

    /// <summary>Takes up every voice that the hub has offered since, as a page does.</summary>
    public async Task ListenAsync()
    {
        var messages = Connection.Messages;
        for (; _handled < messages.Count; _handled++)
        {
            var message = messages[_handled];
            if (ClinicWorld.Type(message) != "consumerAdded")
                continue;
            _voices[message.GetProperty("rtpParameters").GetProperty("encodings")[0].GetProperty("ssrc").GetUInt32()] = message.GetProperty("participantId").Deserialize<ParticipantId>();
            // Of one that was taken away again meanwhile the hub knows nothing any more.
            await Connection.RefusalAsync("ResumeConsumer", message.GetProperty("consumerId").GetString());
        }
    }

    public void Say(ushort number) =>
        _sending.SendRtp(TestPackets.Rtp(111, ++_sequence, _sequence * 960u, _ssrc, [0x78, 0, 0, (byte)(number >> 8), (byte)number]));

    /// <summary>Takes in what has come.</summary>
    public void Pump()
    {
        _sending.Pump();
        _receiving.Pump();
    }

    public void Dispose()
    {
        _sending.Dispose();
        _receiving.Dispose();
    }

    private static async Task<(UdpPeer Peer, string Transport)> ConnectAsync(HubConnectionFixture page, object request)
    {
        var made = await page.InvokeAsync("CreateTransport", request);
        var transport = made.GetProperty("id").GetString() ?? "";
        var peer = new UdpPeer(made.Deserialize<TransportParameters>(JsonSerializerOptions.Web) ?? throw new InvalidOperationException("No transport."));
        await page.InvokeAsync("ConnectTransport", transport, peer.DtlsParameters);
        peer.Begin();
        peer.PumpUntil(() => peer.HasKeys);
        return (peer, transport);
    }
}

/// <summary>Everybody in one call.</summary>
internal sealed class CallPeers(IReadOnlyList<CallPeer> peers) : IDisposable
{
    private const int MostRounds = 2_000;
    private ushort _number;

    /// <summary>All speak, each round a new number, until everybody who should hear somebody has heard this one of them, said since now.</summary>
    /// <param name="hears">Who should hear whom.</param>
    /// <returns>The first number that was said.</returns>
    public async Task<ushort> TalkUntilAsync(Func<CallPeer, CallPeer, bool> hears)
    {
        var first = (ushort)(_number + 1);
        for (var round = 0; round < MostRounds; round++)
        {
            _number++;
            foreach (var peer in peers)
                peer.Say(_number);
            foreach (var peer in peers)
            {
                await peer.ListenAsync();
                peer.Pump();
            }
            if (peers.All(listener => peers.All(speaker => speaker == listener || !hears(listener, speaker) || listener.Heard.Any(heard => heard.Speaker == speaker.Participant && heard.Said >= first))))
                return first;
        }
        Assert.Fail("Somebody did not hear somebody.");
        return first;
    }

    public CallPeer Of(HubConnectionFixture connection) => peers.Single(peer => peer.Connection == connection);

    public void Dispose()
    {
        foreach (var peer in peers)
            peer.Dispose();
    }
}
