using Telemedicine.Media.Core;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>A receiver behind a bad network hears everything, sees what its path carries, and all of it again within five seconds after the network is good.</summary>
public sealed class BandwidthTests : IDisposable
{
    private const int SoundInterval = 20;
    private const int ReportInterval = 100;

    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly ReportingReceiver _receiver;
    private readonly List<SimulcastCamera> _cameras = [];
    private readonly List<ConsumerLayers?> _changes = [];
    private readonly OutgoingTrack _sound;
    private ushort _soundNumber;
    private int _milliseconds;

    public BandwidthTests()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _receiver = new ReportingReceiver(_network);
        _sound = _receiver.Peer.Consume(_publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_good_network_carries_the_best_layers_within_two_seconds()
    {
        var camera = AddCamera();
        Run(2_000);

        Assert.Equal(new ConsumerLayers(2, 2), camera.Current);
        Run(10_000);
        Assert.Equal(new ConsumerLayers(2, 2), camera.Current);
        Assert.DoesNotContain(null, _changes);
    }

    [Fact]
    public void With_300_kilobits_the_picture_has_fewer_layers_and_all_again_within_five_seconds()
    {
        var camera = AddCamera();
        Run(4_000);
        _receiver.Link.Rate = 300_000;
        Run(4_000);
        Assert.DoesNotContain(null, _changes);
        _changes.Clear();
        var heard = HeardIn(10_000);

        // The middle layer, or a few frames of the largest: that fits as well.
        Assert.NotNull(camera.Current);
        Assert.InRange(camera.Current.Value.Spatial + camera.Current.Value.Temporal, 0, 2);
        Assert.InRange(heard, 0.97, 1.05);
        Assert.DoesNotContain(null, _changes);
        Assert.InRange(_changes.Count, 0, 12);
        _receiver.Link.Rate = 100_000_000;
        AssertWithin(5_000, () => camera.Current == new ConsumerLayers(2, 2));
    }

    [Fact]
    public void After_an_outage_in_which_every_packet_was_lost_the_picture_is_back_within_five_seconds()
    {
        var camera = AddCamera();
        Run(4_000);
        _receiver.Link.Loss = 1;
        Run(10_000);
        Assert.Null(camera.Target);

        _receiver.Link.Loss = 0;
        AssertWithin(5_000, () => camera.Current is not null);
    }

    [Fact]
    public void With_50_kilobits_a_picture_of_one_layer_pauses_the_sound_goes_on_and_the_picture_is_back_within_five_seconds()
    {
        var camera = AddCamera(layers: 1);
        Run(4_000);
        Assert.NotNull(camera.Current);
        _receiver.Link.Rate = 50_000;
        AssertWithin(4_000, () => camera.Target is null);
        Assert.Equal([null], _changes.TakeLast(1));
        Run(2_000);

        Assert.InRange(HeardIn(10_000), 0.97, 1.05);
        Assert.Null(camera.Target);
        Assert.DoesNotContain(_receiver.Peer.Rtp.Headers(), header => header.Ssrc == camera.Ssrc);
        _receiver.Link.Rate = 100_000_000;
        AssertWithin(5_000, () => camera.Current is not null);
        Assert.NotNull(_changes[^1]);
    }

    [Fact]
    public void With_a_fifth_lost_the_sound_goes_on_and_so_does_a_small_picture()
    {
        var camera = AddCamera();
        Run(4_000);
        _receiver.Link.Loss = 0.2;
        Run(3_000);

        Assert.InRange(HeardIn(10_000), 0.7, 0.9);
        Assert.NotNull(camera.Current);
        Assert.InRange(camera.Current.Value.Spatial, 0, 1);
        _receiver.Link.Loss = 0;
        AssertWithin(5_000, () => camera.Current?.Spatial == 2);
    }

    [Fact]
    public void A_long_and_uneven_way_costs_no_picture()
    {
        var camera = AddCamera();
        _receiver.Link.Delay = 300_000;
        _receiver.Link.Jitter = 30_000;
        Run(5_000);

        Assert.InRange(HeardIn(10_000), 0.98, 1.05);
        Assert.NotNull(camera.Current);
        Assert.DoesNotContain(null, _changes);
    }

    [Fact]
    public void A_screen_goes_before_a_camera_that_came_first()
    {
        var camera = AddCamera();
        var screen = AddCamera(source: MediaSource.Screen);
        _receiver.Link.Rate = 900_000;
        Run(8_000);

        Assert.True(Rank(screen) > Rank(camera), $"{screen.Current} {camera.Current}");
    }

    /// <summary>A larger picture before more frames.</summary>
    private static int Rank(OutgoingTrack video) => video.Current is { } layers ? layers.Spatial * 8 + layers.Temporal : -1;

    [Fact]
    public void A_screen_gives_up_frames_before_its_picture_and_keeps_its_detail()
    {
        // About 1,110 kbit/s with all its frames, half of it with every other.
        var screen = AddCamera(layers: 1, source: MediaSource.Screen);
        Run(4_000);
        Assert.Equal(new ConsumerLayers(0, 1), screen.Current);
        _changes.Clear();
        _receiver.Link.Rate = 800_000;
        AssertWithin(6_000, () => screen.Current == new ConsumerLayers(0, 0));
        var heard = HeardIn(10_000);

        Assert.DoesNotContain(null, _changes);
        Assert.NotNull(screen.Target);
        Assert.InRange(heard, 0.97, 1.05);
        _receiver.Link.Rate = 100_000_000;
        AssertWithin(5_000, () => screen.Current == new ConsumerLayers(0, 1));
        _receiver.Link.Rate = 150_000;
        AssertWithin(6_000, () => screen.Target is null);
    }

    private OutgoingTrack AddCamera(int layers = 3, MediaSource source = MediaSource.Camera)
    {
        var publisher = _cameras.Count == 0 ? _publisher : _network.Connect(TransportDirection.Send);
        var camera = new SimulcastCamera(_network, publisher, layers, source: source) { PacketsPerFrame = 4, IsNumbered = true };
        // About 130, 410 and 1,110 kbit/s; one layer alone has the largest.
        (camera.Filling[0], camera.Filling[1], camera.Filling[2]) = layers == 1 ? (1_100, 0, 0) : (80, 370, 1_100);
        _cameras.Add(camera);
        var consumer = _receiver.Peer.Consume(camera.Track, _network.Now);
        consumer.LayersChanged = _changes.Add;
        return consumer;
    }

    private void Run(int milliseconds)
    {
        for (var end = _milliseconds + milliseconds; _milliseconds < end; _milliseconds++)
        {
            if (_milliseconds % SoundInterval == 0)
                _publisher.SendRtp(TestMedia.Sound(_soundNumber, transportNumber: _soundNumber++, filling: 40));
            if (_milliseconds % SimulcastCamera.FrameInterval == 0)
                _cameras.ForEach(camera => camera.SendFrame());
            if (_milliseconds % ReportInterval == 0)
                _receiver.Report();
            _network.Run(1);
        }
    }

    /// <summary>The part of the sound that comes in this time.</summary>
    private double HeardIn(int milliseconds)
    {
        _receiver.Peer.Rtp.Clear();
        Run(milliseconds);
        return _receiver.Peer.Rtp.Headers().Count(header => header.Ssrc == _sound.Ssrc) / ((double)milliseconds / SoundInterval);
    }

    private void AssertWithin(int milliseconds, Func<bool> condition)
    {
        for (var passed = 0; passed < milliseconds && !condition(); passed += 10)
            Run(10);
        Assert.True(condition(), $"Not within {milliseconds} ms. The estimate is {_receiver.Estimate}.");
    }
}
