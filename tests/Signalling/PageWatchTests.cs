using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.Rooms;

namespace Telemedicine.Signalling.Tests;

/// <summary>What a page's own counts say of its person: heard, seen, there at all, and what the connection carries.</summary>
public sealed class PageWatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Microphone = Guid.NewGuid();
    private static readonly Guid Camera = Guid.NewGuid();
    private static readonly Guid Theirs = Guid.NewGuid();

    private readonly PageWatch _watch = new(Start);
    private long _sound;
    private long? _audible = 0;
    private long _picture;
    private long _lost;
    private long _received;
    private long _receivedLost;
    private int _second;

    [Fact]
    public void Somebody_who_talks_and_is_seen_has_no_trouble()
    {
        Pass(60);

        Assert.Equal((false, false, CallStep.Video, CallStep.Video), (_watch.SilentMicrophone, _watch.FrozenCamera, _watch.Sending.Step, _watch.Receiving.Step));
        Assert.Equal(Start.AddSeconds(60), _watch.MediaAt);
    }

    [Fact]
    public void A_microphone_that_sends_nothing_but_silence_is_named_after_20_s_until_a_sound_comes()
    {
        Pass(18, audible: 0);
        Assert.False(_watch.SilentMicrophone);
        Pass(4, audible: 0);
        Assert.True(_watch.SilentMicrophone);
        Pass(2, audible: 1);
        Assert.False(_watch.SilentMicrophone);
    }

    [Fact]
    public void A_muted_microphone_is_not_silent_and_has_20_s_once_it_is_on_again()
    {
        Pass(60, audible: 0, muted: true);
        Pass(18, audible: 0);
        Assert.False(_watch.SilentMicrophone);
        Pass(4, audible: 0);
        Assert.True(_watch.SilentMicrophone);
    }

    [Fact]
    public void A_page_that_says_nothing_of_its_loudness_is_not_silent()
    {
        _audible = null;
        Pass(60, audible: 0);

        Assert.False(_watch.SilentMicrophone);
    }

    [Fact]
    public void A_camera_whose_picture_stops_while_the_sound_goes_on_is_frozen()
    {
        Pass(10);
        Pass(6, picture: 0);
        Assert.False(_watch.FrozenCamera);
        Pass(4, picture: 0);
        Assert.True(_watch.FrozenCamera);
        Pass(2);
        Assert.False(_watch.FrozenCamera);
    }

    [Fact]
    public void A_camera_that_is_off_is_not_frozen()
    {
        Pass(60, picture: 0, cameraOff: true);

        Assert.False(_watch.FrozenCamera);
    }

    [Fact]
    public void Of_a_page_of_which_nothing_comes_that_alone_is_said()
    {
        Pass(10);
        Pass(60, sound: 0, picture: 0, audible: 0);

        Assert.Equal((false, false, Start.AddSeconds(10)), (_watch.SilentMicrophone, _watch.FrozenCamera, _watch.MediaAt));
    }

    [Fact]
    public void After_the_telephone_everything_counts_from_then_on()
    {
        Pass(30, audible: 0);
        Assert.True(_watch.SilentMicrophone);

        _watch.Restart(Start.AddSeconds(100));

        Assert.Equal((false, Start.AddSeconds(100)), (_watch.SilentMicrophone, _watch.MediaAt));
    }

    [Fact]
    public void What_is_lost_on_the_way_up_takes_what_is_sent_down_the_ladder_and_what_is_lost_on_the_way_down_what_is_received()
    {
        Pass(20, lost: 60);
        Assert.Equal((CallStep.LowVideo, CallStep.Video), (_watch.Sending.Step, _watch.Receiving.Step));
        Pass(60);
        Pass(20, receivedLost: 60);
        Assert.Equal((CallStep.Video, CallStep.LowVideo), (_watch.Sending.Step, _watch.Receiving.Step));
    }

    [Fact]
    public void A_picture_that_is_held_back_means_sound_alone_is_received()
    {
        Pass(20, heldBack: true);

        Assert.Equal((CallStep.Video, CallStep.Audio), (_watch.Sending.Step, _watch.Receiving.Step));
    }

    [Fact]
    public void A_picture_that_its_sender_switched_off_is_not_held_back()
    {
        Pass(20, heldBack: true, theirsOff: true);

        Assert.Equal(CallStep.Video, _watch.Receiving.Step);
    }

    [Fact]
    public void A_handful_of_packets_is_no_share()
    {
        Pass(40, sound: 2, picture: 0, cameraOff: true, lost: 2);

        Assert.NotEqual(CallStep.Video, _watch.Sending.Step);
        var watch = new PageWatch(Start);
        Assert.Empty(watch.Look(Start, [], null, null, CallStep.Audio));
        Assert.Equal(CallStep.Video, watch.Sending.Step);
    }

    /// <param name="sound">Packets in each look of two seconds, as are the others.</param>
    private void Pass(int seconds, int sound = 100, int audible = 50, int picture = 200, int lost = 0, int receivedLost = 0,
        bool muted = false, bool cameraOff = false, bool heldBack = false, bool theirsOff = false)
    {
        for (var passed = 0; passed < seconds; passed += 2)
        {
            _second += 2;
            _sound += sound;
            _audible += audible;
            _picture += picture;
            _lost += lost;
            _received += 200;
            _receivedLost += receivedLost;
            _watch.Look(
                Start.AddSeconds(_second),
                [
                    new(TrackDirection.Sent, Microphone, ProducerSource.Microphone, !muted),
                    new(TrackDirection.Sent, Camera, ProducerSource.Camera, !cameraOff),
                    new(TrackDirection.Received, Theirs, ProducerSource.Camera, !theirsOff),
                ],
                new TransportStatistics { RoundTripTime = null, AvailableOutgoingBitrate = null, Consumers = [], Producers = [Producer(Microphone, MediaKind.Audio, _sound, _lost, _audible), Producer(Camera, MediaKind.Video, _picture, 0, null)] },
                new TransportStatistics { RoundTripTime = TimeSpan.FromMilliseconds(40), AvailableOutgoingBitrate = null, Producers = [], Consumers = [Consumer(_received, _receivedLost, heldBack)] },
                CallStep.Audio);
        }
    }

    private static ProducerStatistics Producer(Guid id, MediaKind kind, long packets, long lost, long? audible) => new()
    {
        ProducerId = id,
        Kind = kind,
        Bitrate = 0,
        Packets = packets,
        PacketsLost = lost,
        FractionLost = 0,
        Jitter = TimeSpan.Zero,
        Nacks = 0,
        KeyFrameRequests = 0,
        Freezes = 0,
        AudiblePackets = audible,
        Layers = [],
    };

    private static ConsumerStatistics Consumer(long packets, long lost, bool heldBack) => new()
    {
        ConsumerId = Theirs,
        ProducerId = Theirs,
        Kind = MediaKind.Video,
        Bitrate = 0,
        Packets = packets,
        PacketsLost = lost,
        FractionLost = 0,
        Jitter = TimeSpan.Zero,
        Nacks = 0,
        KeyFrameRequests = 0,
        Retransmitted = 0,
        Freezes = 0,
        Layers = null,
        TargetLayers = heldBack ? null : new(1, 2),
    };
}
