using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.Rooms;

namespace Telemedicine.Signalling.Tests;

/// <summary>The sums that a session's quality reports are made of.</summary>
public sealed class SessionQualityTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Camera = Guid.NewGuid();

    private readonly SessionQuality _quality = new();

    [Fact]
    public void What_a_page_receives_adds_up_from_look_to_look()
    {
        Look(0, Consumer(packets: 100, lost: 2));
        Look(10, Consumer(packets: 300, lost: 22, bitrate: 1_000_000, freezes: 1, jitterMs: 30), roundTripMs: 50);
        var track = Look(20, Consumer(packets: 500, lost: 22, bitrate: 500_000, freezes: 3, jitterMs: 10), roundTripMs: 150);

        Assert.Equal((500, 22, 20d, 3), (track.Packets, track.PacketsLost, track.Seconds, track.Freezes));
        Assert.Equal(0.1, track.WorstLoss);
        Assert.Equal((100d, 150d, 30d), (track.RoundTripMs, track.WorstRoundTripMs, track.WorstJitterMs));
        Assert.Equal((750_000, 1), (track.Bitrate, track.Layer));
    }

    [Fact]
    public void Video_that_the_network_does_not_carry_counts_as_paused()
    {
        Look(0, Consumer(packets: 1));
        Look(10, Consumer(packets: 2, heldBack: true));
        var track = Look(20, Consumer(packets: 3));

        Assert.Equal((20d, 10d), (track.Seconds, track.PausedSeconds));
    }

    [Fact]
    public void Neither_muting_nor_the_time_between_two_calls_counts()
    {
        Look(0, Consumer(packets: 1));
        var track = Look(10, Consumer(packets: 1, heldBack: true), flowing: false);

        Assert.Equal((0d, 0d, 0L), (track.Seconds, track.PausedSeconds, track.Bitrate));
    }

    [Fact]
    public void A_track_made_anew_goes_on_where_the_one_before_was()
    {
        Look(0, Consumer(packets: 100, lost: 10));
        var again = Guid.NewGuid();
        var track = Look(10, Consumer(packets: 50, lost: 5, producer: again), producer: again);

        Assert.Equal((150, 15), (track.Packets, track.PacketsLost));
    }

    [Fact]
    public void Packets_that_come_late_after_all_take_nothing_back_and_a_handful_is_no_share()
    {
        Look(0, Consumer(packets: 10, lost: 9));
        var track = Look(10, Consumer(packets: 20, lost: -3));

        Assert.Equal((20, 9, 0d), (track.Packets, track.PacketsLost, track.WorstLoss));
    }

    [Fact]
    public void What_a_page_sends_is_counted_on_arrival()
    {
        var sending = new TransportStatistics
        {
            RoundTripTime = null,
            AvailableOutgoingBitrate = null,
            Consumers = [],
            Producers =
            [
                new ProducerStatistics
                {
                    ProducerId = Camera,
                    Kind = MediaKind.Video,
                    Bitrate = 1_000,
                    Packets = 75,
                    PacketsLost = 25,
                    FractionLost = 0,
                    Jitter = TimeSpan.FromMilliseconds(3),
                    Nacks = 0,
                    KeyFrameRequests = 0,
                    Freezes = 1,
                    Layers = [new(0, 3, 100, true), new(1, 3, 900, true), new(2, 3, 0, false)],
                },
            ],
        };

        var track = Assert.Single(_quality.Look(Start, [new(TrackDirection.Sent, Camera, ProducerSource.Camera, true)], sending, null));

        Assert.Equal((TrackDirection.Sent, TrackSource.Camera, 0.25, 1), (track.Direction, track.Source, track.WorstLoss, track.Layer));
        Assert.Null(track.RoundTripMs);
    }

    [Fact]
    public void A_closed_transport_leaves_the_sums_as_they_were()
    {
        Look(0, Consumer(packets: 100, lost: 10));

        var track = Assert.Single(_quality.Look(Start.AddSeconds(10), [new(TrackDirection.Received, Camera, ProducerSource.Camera, true)], null, null));

        Assert.Equal((100, 0d, 2), (track.Packets, track.Seconds, _quality.Number));
    }

    private TrackQuality Look(int second, ConsumerStatistics consumer, double? roundTripMs = null, bool flowing = true, Guid? producer = null)
    {
        var receiving = new TransportStatistics
        {
            RoundTripTime = roundTripMs is { } trip ? TimeSpan.FromMilliseconds(trip) : null,
            AvailableOutgoingBitrate = null,
            Producers = [],
            Consumers = [consumer],
        };
        return Assert.Single(_quality.Look(Start.AddSeconds(second), [new(TrackDirection.Received, producer ?? Camera, ProducerSource.Camera, flowing)], null, receiving));
    }

    private static ConsumerStatistics Consumer(
        long packets, long lost = 0, long bitrate = 0, int freezes = 0, double jitterMs = 0, bool heldBack = false, Guid? producer = null) => new()
        {
            ConsumerId = Guid.NewGuid(),
            ProducerId = producer ?? Camera,
            Kind = MediaKind.Video,
            Bitrate = bitrate,
            Packets = packets,
            PacketsLost = lost,
            FractionLost = 0,
            Jitter = TimeSpan.FromMilliseconds(jitterMs),
            Nacks = 0,
            KeyFrameRequests = 0,
            Retransmitted = 0,
            Freezes = freezes,
            Layers = heldBack ? null : new(1, 2),
            TargetLayers = heldBack ? null : new(1, 2),
        };
}
