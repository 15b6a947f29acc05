using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Tests.Ortc;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>The public face, with a real socket and a real thread.</summary>
public sealed class MediaNodeTests : IAsyncLifetime
{
    private MediaNode? _node;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private MediaNode Node => _node ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _node = await MediaNode.StartAsync(new MediaOptions { Port = 0, MaximumRouters = 2 }, TimeProvider.System, Cancellation);

    public async ValueTask DisposeAsync() => await Node.DisposeAsync();

    [Fact]
    public async Task Sound_and_video_cross_a_real_socket()
    {
        var router = Node.CreateRouter();
        var states = new ConcurrentQueue<TransportState>();
        var ended = new TaskCompletionSource();
        var sending = await router.CreateTransportAsync(TransportDirection.Send, Cancellation);
        sending.StateChanged += (_, state) =>
        {
            states.Enqueue(state);
            if (state == TransportState.Closed)
                ended.SetResult();
        };
        var receiving = await router.CreateTransportAsync(TransportDirection.Receive, Cancellation);
        using var publisher = await ConnectAsync(sending);
        using var receiver = await ConnectAsync(receiving);
        var camera = await sending.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, Cancellation);
        var microphone = await sending.ProduceAsync(MediaKind.Audio, TestParameters.Microphone(), MediaSource.Microphone, false, Cancellation);
        var picture = await receiving.ConsumeAsync(camera, TestParameters.Receiver(), Cancellation);
        var sound = await receiving.ConsumeAsync(microphone, TestParameters.Receiver(), Cancellation);
        await picture.ResumeAsync();
        await sound.ResumeAsync();

        publisher.PumpUntil(() => publisher.Rtcp.CountPictureLoss(TestMedia.CameraSsrc) > 0);
        for (ushort i = 0; i < 100; i++)
        {
            publisher.SendRtp(TestMedia.Video(i, keyFrame: i == 0));
            publisher.SendRtp(TestMedia.Sound(i));
        }

        receiver.PumpUntil(() => receiver.Rtp.Count == 200);
        Assert.Equal(Enumerable.Range(0, 100), Contents(picture));
        Assert.Equal(Enumerable.Range(0, 100), Contents(sound));
        var counters = await Node.ReadCountersAsync(Cancellation);
        Assert.Equal(200, counters.Forwarded);

        await router.CloseAsync();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal([TransportState.Connecting, TransportState.Connected, TransportState.Closed], states);
        Assert.True(picture.Closed && sound.Closed);

        IEnumerable<int> Contents(Consumer consumer) => receiver.Rtp.Where(packet => packet.AsSpan(8, 4).SequenceEqual(Ssrc(consumer))).Contents().Order();
    }

    [Fact]
    public async Task Statistics_tell_what_crossed_the_network_and_how()
    {
        // The node's time stands still but for the steps below: rings forget and rates fade by it.
        var time = new FakeTimeProvider();
        await using var node = await MediaNode.StartAsync(new MediaOptions { Port = 0 }, time, Cancellation);
        var router = node.CreateRouter();
        var sending = await router.CreateTransportAsync(TransportDirection.Send, Cancellation);
        var receiving = await router.CreateTransportAsync(TransportDirection.Receive, Cancellation);
        using var publisher = await ConnectAsync(sending);
        using var receiver = await ConnectAsync(receiving);
        var camera = await sending.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, Cancellation);
        var picture = await receiving.ConsumeAsync(camera, TestParameters.Receiver(), Cancellation);
        var layers = new TaskCompletionSource<ConsumerLayers?>();
        picture.LayersChanged += (_, changed) => layers.TrySetResult(changed);
        await picture.ResumeAsync();
        publisher.PumpUntil(() => publisher.Rtcp.CountPictureLoss(TestMedia.CameraSsrc) == 1);
        // Asked again: the rates have been measured once, before anything came.
        time.Advance(TimeSpan.FromMilliseconds(300));
        publisher.PumpUntil(() => publisher.Rtcp.CountPictureLoss(TestMedia.CameraSsrc) == 2);

        // One packet is missing, which the publisher has not got any more, and one is asked for again by the receiver.
        for (ushort i = 0; i < 100; i++)
        {
            if (i != 50)
                publisher.SendRtp(TestMedia.Video(i, keyFrame: i == 0));
        }

        publisher.SendRtcp((ref RtcpBuilder rtcp) => rtcp.SenderReport(new SenderReport(TestMedia.CameraSsrc, 0x1122334455667788, 0, 0, 0)));
        receiver.PumpUntil(() => receiver.Rtp.Count == 99 && receiver.Rtcp.SenderReports().Count > 0);
        time.Advance(TimeSpan.FromMilliseconds(20));
        var ssrc = picture.RtpParameters.Encodings?[0].Ssrc ?? 0;
        receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.ReceiverReport(1, [new ReportBlock(ssrc, 64, 5, 0, 900, 0x33445566, 0)]));
        receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.Nack(1, ssrc, [10]));
        receiver.PumpUntil(() => receiver.Rtp.Count == 100);

        // Until the report of the second in which the packet was lost.
        TransportStatistics sent;
        do
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            sent = await sending.ReadStatisticsAsync(Cancellation);
        }
        while (sent.Producers is not [{ FractionLost: > 0 }] && time.GetUtcNow() < time.Start.AddSeconds(10));
        var received = await receiving.ReadStatisticsAsync(Cancellation);

        var producer = Assert.Single(sent.Producers);
        Assert.Equal((camera.Id, MediaKind.Video, 99L, 1L), (producer.ProducerId, producer.Kind, producer.Packets, producer.PacketsLost));
        Assert.True(producer is { Nacks: >= 1, KeyFrameRequests: >= 1, Bitrate: > 0, FractionLost: > 0, Layers: [{ Spatial: 0, TemporalLayers: 1, Alive: true }] });
        Assert.Empty(sent.Consumers);
        var consumer = Assert.Single(received.Consumers);
        Assert.Equal((picture.Id, camera.Id, 99L, 5L, 0.25), (consumer.ConsumerId, consumer.ProducerId, consumer.Packets, consumer.PacketsLost, consumer.FractionLost));
        Assert.Equal((TimeSpan.FromMilliseconds(10), 1L, 1L), (consumer.Jitter, consumer.Nacks, consumer.Retransmitted));
        Assert.Equal(new ConsumerLayers(0, 0), consumer.Layers);
        Assert.Equal(new ConsumerLayers(0, 0), await layers.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.Equal(TimeSpan.FromMilliseconds(20), received.RoundTripTime);
        await Assert.ThrowsAsync<MediaException>(() => picture.SetPreferredLayersAsync(-1, 0));
    }

    [Fact]
    public async Task The_transport_is_described_as_mediasoup_client_wants_it()
    {
        var transport = await Node.CreateRouter().CreateTransportAsync(TransportDirection.Send, Cancellation);

        var json = System.Text.Json.JsonSerializer.Serialize(transport.Parameters, MediaJson.Default.TransportParameters);

        Assert.Contains($"\"id\":\"{transport.Id}\"", json);
        Assert.Contains("\"iceLite\":true", json);
        Assert.Contains($"\"iceCandidates\":[{{\"foundation\":\"udp0\",\"priority\":2130706431,\"ip\":\"127.0.0.1\",\"address\":\"127.0.0.1\",\"port\":{Node.Port},\"protocol\":\"udp\",\"type\":\"host\"}},", json);
        Assert.Contains($"{{\"foundation\":\"tcp0\",\"priority\":2107637759,\"ip\":\"127.0.0.1\",\"address\":\"127.0.0.1\",\"port\":{Node.TcpPort},\"protocol\":\"tcp\",\"type\":\"host\",\"tcpType\":\"passive\"}}]", json);
        Assert.Matches("\"dtlsParameters\":\\{\"role\":\"auto\",\"fingerprints\":\\[\\{\"algorithm\":\"sha-256\",\"value\":\"([0-9A-F]{2}:){31}[0-9A-F]{2}\"\\}\\]\\}", json);
        Assert.DoesNotContain("null", json);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_in_plain_words()
    {
        var router = Node.CreateRouter();
        var other = Node.CreateRouter();
        var sending = await router.CreateTransportAsync(TransportDirection.Send, Cancellation);
        var receiving = await router.CreateTransportAsync(TransportDirection.Receive, Cancellation);
        var foreign = await other.CreateTransportAsync(TransportDirection.Receive, Cancellation);
        var camera = await sending.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, Cancellation);
        var receiver = TestParameters.Receiver();

        await RefusedAsync("full", () => Task.FromResult(Node.CreateRouter()));
        await RefusedAsync("only receives", () => receiving.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, Cancellation));
        await RefusedAsync("only sends", () => sending.ConsumeAsync(camera, receiver, Cancellation));
        await RefusedAsync("another call", () => foreign.ConsumeAsync(camera, receiver, Cancellation));
        await RefusedAsync("mid", () => sending.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, Cancellation));
        await RefusedAsync("ssrc", () => sending.ProduceAsync(MediaKind.Video, TestParameters.Camera(mid: "7"), MediaSource.Camera, false, Cancellation));
        await RefusedAsync("cannot play", () => receiving.ConsumeAsync(camera, receiver with { Codecs = [] }, Cancellation));
        await camera.CloseAsync();
        await RefusedAsync("ended", () => receiving.ConsumeAsync(camera, receiver, Cancellation));
        await sending.CloseAsync();
        await RefusedAsync("closed", () => sending.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, Cancellation));
        await RefusedAsync("closed", () => sending.RestartIceAsync(Cancellation));
        await router.CloseAsync();
        await router.CloseAsync();
        await RefusedAsync("over", () => router.CreateTransportAsync(TransportDirection.Send, Cancellation));
        // A closed call makes room for the next, once.
        Node.CreateRouter();
        await RefusedAsync("full", () => Task.FromResult(Node.CreateRouter()));
    }

    [Fact]
    public async Task A_port_in_use_and_a_missing_address_are_plain_sentences()
    {
        await RefusedAsync($"UDP port {Node.Port} cannot be opened for media: it is in use.", () => MediaNode.StartAsync(new MediaOptions { Port = Node.Port }, TimeProvider.System, Cancellation));
        await RefusedAsync("announced address", () => MediaNode.StartAsync(new MediaOptions { ListenAddress = IPAddress.Any, Port = 0 }, TimeProvider.System, Cancellation));
    }

    [Fact]
    public async Task Stopping_closes_every_transport_and_what_comes_after_is_refused_or_nothing()
    {
        var router = Node.CreateRouter();
        var transport = await router.CreateTransportAsync(TransportDirection.Send, Cancellation);
        var camera = await transport.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, Cancellation);
        using var peer = await ConnectAsync(transport);

        await Node.DisposeAsync();

        Assert.Equal(TransportState.Closed, transport.State);
        await RefusedAsync("stopped", () => router.CreateTransportAsync(TransportDirection.Send, Cancellation));
        await camera.PauseAsync();
        await router.CloseAsync();
    }

    [Fact]
    public async Task Commands_may_come_from_many_threads()
    {
        var router = Node.CreateRouter();

        await Parallel.ForEachAsync(Enumerable.Range(0, 500), Cancellation, async (_, cancellation) =>
        {
            var transport = await router.CreateTransportAsync(TransportDirection.Send, cancellation);
            var camera = await transport.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, cancellation);
            await camera.PauseAsync();
            await transport.CloseAsync();
            Assert.Equal(TransportState.Closed, transport.State);
        });
    }

    [Fact]
    public async Task A_cancelled_command_is_not_carried_out()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Node.CreateRouter().CreateTransportAsync(TransportDirection.Send, cancelled.Token));
    }

    private static byte[] Ssrc(Consumer consumer)
    {
        var ssrc = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(ssrc, consumer.RtpParameters.Encodings?[0].Ssrc ?? 0);
        return ssrc;
    }

    private static async Task<UdpPeer> ConnectAsync(WebRtcTransport transport)
    {
        var peer = new UdpPeer(transport.Parameters);
        await transport.ConnectAsync(peer.DtlsParameters, Cancellation);
        peer.Begin();
        peer.PumpUntil(() => peer.HasKeys && transport.State == TransportState.Connected);
        return peer;
    }

    private static async Task RefusedAsync(string reason, Func<Task> action) =>
        Assert.Contains(reason, (await Assert.ThrowsAnyAsync<MediaException>(action)).Message, StringComparison.Ordinal);
}
