using System.Text.Json;
using Telemedicine.Media;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Tests;
using Telemedicine.Media.Tests.Calls;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>A page whose connection does not carry the picture is told so: with the real media node, and peers that send and receive for the pages.</summary>
public sealed class StarvedPictureTests : OwnHostTest
{
    private const uint CameraSsrc = 5555;
    private const byte CameraPayloadType = 96;
    private const int MostSteps = 2_000;

    private ushort _frame;

    [Fact]
    public async Task A_page_is_told_when_its_picture_is_starved_and_when_it_is_fed_again()
    {
        Host.Time.Advance(TimeSpan.FromSeconds(1));
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, joined) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", World.Consultation);
        var (publisher, send) = await ConnectAsync(patient, new { direction = "send" });
        var (receiver, _) = await ConnectAsync(clinician, new { direction = "receive", rtpCapabilities = joined.GetProperty("routerRtpCapabilities") });
        using (publisher)
        using (receiver)
        {
            await patient.InvokeAsync("Produce", new { transportId = send, kind = "video", source = "camera", rtpParameters = Camera(), paused = false });
            var added = await clinician.NextAsync("consumerAdded");
            var consumer = added.GetProperty("consumerId").GetString();
            var ssrc = added.GetProperty("rtpParameters").GetProperty("encodings")[0].GetProperty("ssrc").GetUInt32();
            await clinician.InvokeAsync("ResumeConsumer", consumer);
            PlayUntil(() => receiver.Rtp.Count > 10, publisher, receiver, ssrc, fractionLost: 0);
            Assert.DoesNotContain(clinician.Messages, message => ClinicWorld.Type(message) is "consumerStarved" or "consumerFed");

            PlayUntil(() => Has(clinician, "consumerStarved"), publisher, receiver, ssrc, fractionLost: byte.MaxValue);
            var starved = await clinician.NextAsync("consumerStarved");
            receiver.Rtp.Clear();
            PlayUntil(() => Has(clinician, "consumerFed"), publisher, receiver, ssrc, fractionLost: 0);
            var fed = await clinician.NextAsync("consumerFed");

            Assert.Equal((consumer, consumer), (starved.GetProperty("consumerId").GetString(), fed.GetProperty("consumerId").GetString()));
            PlayUntil(() => receiver.Rtp.Count > 0, publisher, receiver, ssrc, fractionLost: 0);
            Assert.DoesNotContain(patient.Messages, message => ClinicWorld.Type(message) is "consumerStarved" or "consumerFed");
        }
    }

    private static bool Has(HubConnectionFixture connection, string type) => connection.Messages.Any(message => ClinicWorld.Type(message) == type);

    private static object Camera() => new
    {
        mid = "0",
        codecs = new[] { new { mimeType = "video/VP8", payloadType = CameraPayloadType, clockRate = 90000, rtcpFeedback = new[] { new { type = "nack", parameter = "pli" } } } },
        encodings = new[] { new { ssrc = CameraSsrc } },
    };

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

    /// <summary>
    /// Ten frames a second of the service's time, each a key frame, and after each the receiver's report. The receiver reports on no single packet, so that its
    /// reports on loss are what the node goes by.
    /// </summary>
    private void PlayUntil(Func<bool> condition, UdpPeer publisher, UdpPeer receiver, uint ssrc, byte fractionLost)
    {
        for (var step = 0; !condition(); step++)
        {
            Assert.True(step < MostSteps, "What the test waits for did not happen.");
            Host.Time.Advance(TimeSpan.FromMilliseconds(100));
            publisher.SendCheck(publisher.Address, nominate: false);
            receiver.SendCheck(receiver.Address, nominate: false);
            for (var part = 0; part < 3; part++)
                publisher.SendRtp(TestPackets.Rtp(CameraPayloadType, (ushort)((_frame * 3) + part), _frame * 9000u, CameraSsrc, Payload(isStart: part == 0)));
            _frame++;
            receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.ReceiverReport(1, [new ReportBlock(ssrc, fractionLost, 0, 0, 0, 0, 0)]));
            publisher.Pump();
            receiver.Pump();
        }
    }

    private static byte[] Payload(bool isStart)
    {
        var payload = new byte[1000];
        payload[0] = (byte)(isStart ? 0x10 : 0);
        payload[1] = (byte)(isStart ? 0 : 1);
        return payload;
    }
}
