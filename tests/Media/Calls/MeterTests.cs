using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Media.Core;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Tests.Ortc;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>What the instruments tell of a node and its calls, and that they tell nobody's name.</summary>
public sealed class MeterTests : IDisposable
{
    private readonly VirtualNetwork _network = new();
    private readonly CollectedMeter _collected = new();

    public void Dispose()
    {
        _network.Dispose();
        _collected.Dispose();
    }

    [Fact]
    public void Each_tracks_figures_are_told_by_kind_source_and_layer()
    {
        using var meter = new MediaMeter(_collected, () => default);
        var publisher = _network.Connect(TransportDirection.Send);
        var receiver = _network.Connect(TransportDirection.Receive);
        var camera = new SimulcastCamera(_network, publisher);
        var microphone = publisher.Incoming.AddTrack(TestMedia.Microphone, false, MediaSource.Microphone);
        var picture = receiver.Consume(camera.Track, _network.Now);
        var sound = receiver.Consume(microphone, _network.Now);
        for (ushort i = 0; i < 60; i++)
        {
            publisher.SendRtp(TestMedia.Sound(i));
            camera.SendFrames(1);
        }

        publisher.SendRtcp((ref RtcpBuilder rtcp) => rtcp.SenderReport(new SenderReport(TestMedia.MicrophoneSsrc, 0x1122334455667788, 0, 0, 0)));
        _network.Run(20);
        receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.ReceiverReport(1, [new ReportBlock(sound.Ssrc, 64, 5, 0, 480, 0x33445566, 0)]));
        _network.Run(120);

        meter.Take(_network.Engine);

        Assert.Equal([0.25], _collected.Values("media.loss", "direction=out kind=audio source=microphone"));
        Assert.Equal([0.01], _collected.Values("media.jitter", "direction=out kind=audio source=microphone"));
        Assert.All(_collected.Values("media.round_trip", ""), seconds => Assert.InRange(seconds, 0.01, 0.2));
        Assert.Single(_collected.Values("media.round_trip", ""));
        Assert.Equal([(double)(picture.Current?.Spatial ?? -1)], _collected.Values("media.layer", "direction=out kind=video source=camera"));
        Assert.True(Assert.Single(_collected.Values("media.bitrate", $"direction=out kind=video layer={picture.Current?.Spatial} source=camera")) > 0);
        for (var layer = 0; layer < 3; layer++)
            Assert.True(Assert.Single(_collected.Values("media.bitrate", $"direction=in kind=video layer={layer} source=camera")) > 0);
        Assert.True(Assert.Single(_collected.Values("media.bitrate", "direction=in kind=audio layer=0 source=microphone")) > 0);
    }

    [Fact]
    public void A_freeze_is_counted_once()
    {
        using var meter = new MediaMeter(_collected, () => default);
        var publisher = _network.Connect(TransportDirection.Send);
        var receiver = _network.Connect(TransportDirection.Receive);
        receiver.Consume(publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);
        for (ushort i = 0; i < 60; i++)
        {
            publisher.SendRtp(TestMedia.Video(i, i == 0));
            _network.Run(i == 30 ? 1000 : 33);
        }

        meter.Take(_network.Engine);
        meter.Take(_network.Engine);

        Assert.Equal([1.0], _collected.Values("media.freezes", "direction=in kind=video source=camera"));
        Assert.Equal([1.0], _collected.Values("media.freezes", "direction=out kind=video source=camera"));
    }

    [Fact]
    public void A_muted_microphone_and_a_camera_that_is_off_tell_nothing()
    {
        using var meter = new MediaMeter(_collected, () => default);
        var publisher = _network.Connect(TransportDirection.Send);
        var receiver = _network.Connect(TransportDirection.Receive);
        var microphone = publisher.Incoming.AddTrack(TestMedia.Microphone, false, MediaSource.Microphone);
        receiver.Consume(microphone, _network.Now);
        publisher.SendRtp(TestMedia.Sound(1));
        _network.Run(20);
        microphone.Pause();

        meter.Take(_network.Engine);

        Assert.Empty(_collected.All);
    }

    [Fact]
    public async Task A_node_tells_its_load_what_it_refused_and_what_became_of_packets()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var time = new FakeTimeProvider();
        await using var node = await MediaNode.StartAsync(
            new MediaOptions { Port = 0, MaximumRouters = 2, MaximumParticipants = 4, Workers = 1 }, time, cancellation, _collected);
        var transport = await node.CreateRouter().CreateTransportAsync(TransportDirection.Send, cancellation);
        using var peer = new UdpPeer(transport.Parameters);
        await transport.ConnectAsync(peer.DtlsParameters, cancellation);
        peer.Begin();
        peer.PumpUntil(() => peer.HasKeys && transport.State == TransportState.Connected);

        _collected.Observe();
        Assert.Equal([1.0], _collected.Values("media.rooms", ""));
        Assert.Equal([1.0], _collected.Values("media.participants", ""));
        Assert.Equal([0.5], _collected.Values("media.load", ""));

        node.CreateRouter();
        Assert.Throws<MediaException>(node.CreateRouter);
        node.Drain();
        Assert.Throws<MediaException>(node.CreateRouter);
        Assert.Equal([1.0], _collected.Values("media.refused", "reason=full"));
        Assert.Equal([1.0], _collected.Values("media.refused", "reason=draining"));

        time.Advance(MediaMeter.Interval);
        var deadline = Environment.TickCount64 + 20_000;
        while (_collected.Values("media.packets", "outcome=received") is not [.., > 0] && Environment.TickCount64 < deadline)
        {
            await Task.Yield();
            _collected.Observe();
        }

        Assert.True(_collected.Values("media.packets", "outcome=received")[^1] > 0);
        Assert.Equal(1, _collected.Values("media.load", "")[^1]);
    }

    [Fact]
    public void Tags_are_few_and_name_nobody()
    {
        Each_tracks_figures_are_told_by_kind_source_and_layer();

        string[] allowed = ["direction", "kind", "source", "layer"];
        Assert.All(_collected.All, tags => Assert.All(tags.Split(' ', StringSplitOptions.RemoveEmptyEntries), tag => Assert.Contains(tag.Split('=')[0], allowed)));
        Assert.True(_collected.All.Distinct().Count() < 20);
    }

    /// <summary>Makes the meter and keeps what it is told, by instrument and tags in the order of their names.</summary>
    private sealed class CollectedMeter : IMeterFactory
    {
        private readonly MeterListener _listener = new();
        private readonly List<(string Instrument, string Tags, double Value)> _values = [];
        private readonly Lock _gate = new();
        private Meter? _meter;

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_gate)
                    return [.. _values.Select(value => value.Tags)];
            }
        }

        public Meter Create(MeterOptions options)
        {
            _meter = new Meter(options);
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == _meter)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
            _listener.Start();
            return _meter;
        }

        public void Observe() => _listener.RecordObservableInstruments();

        public IReadOnlyList<double> Values(string instrument, string tags)
        {
            lock (_gate)
                return [.. _values.Where(value => value.Instrument == instrument && value.Tags == tags).Select(value => value.Value)];
        }

        public void Dispose()
        {
            _listener.Dispose();
            _meter?.Dispose();
        }

        private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = string.Join(' ', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
            lock (_gate)
                _values.Add((instrument.Name, text, value));
        }
    }
}
