using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>A track that is looked at.</summary>
/// <param name="Producer">The media's producer, also for a track that is received.</param>
/// <param name="Flowing">It is neither muted nor switched off.</param>
public readonly record struct ObservedTrack(TrackDirection Direction, Guid Producer, ProducerSource Source, bool Flowing);

/// <summary>
/// How the media of one session has fared since it began, over all the transports and tracks it had. Touched by the consultation's media
/// work only, which runs one after another.
/// </summary>
public sealed class SessionQuality
{
    /// <summary>The share of a handful of lost packets says nothing.</summary>
    private const int FewestPackets = 20;

    private readonly Dictionary<(TrackDirection, ProducerSource), Figures> _figures = [];
    private readonly Dictionary<(TrackDirection, Guid), Counts> _counts = [];
    private DateTimeOffset? _lookedAt;

    /// <summary>The number of the last look.</summary>
    public int Number { get; private set; }

    /// <summary>How the connection was between the last two looks; null before there were two.</summary>
    public LinkSample? Recent { get; private set; }

    /// <summary>Adds what happened since the last look.</summary>
    public IReadOnlyList<TrackQuality> Look(
        DateTimeOffset now, IEnumerable<ObservedTrack> tracks, TransportStatistics? sending, TransportStatistics? receiving)
    {
        var since = _lookedAt is { } before && now > before ? now - before : TimeSpan.Zero;
        var hasLooked = _lookedAt is not null;
        var worst = 0d;
        _lookedAt = now;
        Number++;
        // What the page sends on is not measured by itself; it is the same network.
        var roundTrip = receiving?.RoundTripTime ?? sending?.RoundTripTime;
        var sent = sending?.Producers.ToDictionary(producer => producer.ProducerId) ?? [];
        var received = receiving?.Consumers.ToDictionary(consumer => consumer.ProducerId) ?? [];
        foreach (var track in tracks)
        {
            Sample? sample = track.Direction == TrackDirection.Sent
                ? sent.TryGetValue(track.Producer, out var producer) ? SampleOf(producer) : null
                : received.TryGetValue(track.Producer, out var consumer) ? SampleOf(consumer) : null;
            if (sample is { } seen)
                worst = Math.Max(worst, Add(track, since, seen, roundTrip));
        }
        Recent = hasLooked ? new LinkSample(Math.Round(worst, 4), roundTrip is { } trip ? Math.Round(trip.TotalMilliseconds, 1) : null) : null;
        return [.. _figures.OrderBy(each => each.Key).Select(each => each.Value.Describe(each.Key.Item1, each.Key.Item2))];
    }

    private static Sample SampleOf(ProducerStatistics producer) => new(
        new Counts(producer.Packets, Math.Max(0, producer.PacketsLost), producer.Freezes),
        producer.Bitrate,
        producer.Jitter,
        producer.Kind == MediaKind.Video ? producer.Layers.LastOrDefault(layer => layer.Alive)?.Spatial : null,
        false);

    private static Sample SampleOf(ConsumerStatistics consumer) => new(
        new Counts(consumer.Packets, Math.Max(0, consumer.PacketsLost), consumer.Freezes),
        consumer.Bitrate,
        consumer.Jitter,
        consumer.Kind == MediaKind.Video ? consumer.Layers?.Spatial : null,
        consumer is { Kind: MediaKind.Video, TargetLayers: null });

    /// <returns>The share that was lost since the last look; 0 where too few packets were due.</returns>
    private double Add(ObservedTrack track, TimeSpan since, Sample sample, TimeSpan? roundTrip)
    {
        if (!_figures.TryGetValue((track.Direction, track.Source), out var figures))
            _figures.Add((track.Direction, track.Source), figures = new Figures());
        var before = _counts.GetValueOrDefault((track.Direction, track.Producer));
        _counts[(track.Direction, track.Producer)] = sample.Counts;
        var packets = Math.Max(0, sample.Counts.Packets - before.Packets);
        // A receiver that gets late what it had counted as lost counts back.
        var lost = Math.Max(0, sample.Counts.Lost - before.Lost);
        var span = track.Flowing ? since : TimeSpan.Zero;

        figures.Seconds += span.TotalSeconds;
        figures.PausedSeconds += sample.HeldBack ? span.TotalSeconds : 0;
        figures.Bits += sample.Bitrate * span.TotalSeconds;
        figures.Packets += packets;
        figures.Lost += lost;
        figures.Freezes += Math.Max(0, sample.Counts.Freezes - before.Freezes);
        figures.WorstJitter = Math.Max(figures.WorstJitter, sample.Jitter.TotalMilliseconds);
        figures.Layer = sample.Layer;
        // What comes in is counted on arrival, what goes out when it goes.
        var due = track.Direction == TrackDirection.Sent ? packets + lost : packets;
        var loss = due >= FewestPackets ? Math.Min(1, (double)lost / due) : 0;
        figures.WorstLoss = Math.Max(figures.WorstLoss, loss);
        if (roundTrip is { } trip)
            figures.AddRoundTrip(trip.TotalMilliseconds);
        return loss;
    }

    private readonly record struct Counts(long Packets, long Lost, int Freezes);

    private readonly record struct Sample(Counts Counts, long Bitrate, TimeSpan Jitter, int? Layer, bool HeldBack);

    /// <summary>The sums of one direction and source.</summary>
    private sealed class Figures
    {
        private double _roundTrips;
        private int _roundTripCount;
        private double _worstRoundTrip;

        public double Seconds { get; set; }

        public double PausedSeconds { get; set; }

        public double Bits { get; set; }

        public long Packets { get; set; }

        public long Lost { get; set; }

        public double WorstLoss { get; set; }

        public double WorstJitter { get; set; }

        public int? Layer { get; set; }

        public int Freezes { get; set; }

        public void AddRoundTrip(double milliseconds)
        {
            _roundTrips += milliseconds;
            _roundTripCount++;
            _worstRoundTrip = Math.Max(_worstRoundTrip, milliseconds);
        }

        public TrackQuality Describe(TrackDirection direction, ProducerSource source) => new(
            direction,
            source switch
            {
                ProducerSource.Microphone => TrackSource.Microphone,
                ProducerSource.Camera => TrackSource.Camera,
                _ => TrackSource.Screen,
            },
            Math.Round(Seconds, 1),
            Math.Round(PausedSeconds, 1),
            Packets,
            Lost,
            Math.Round(WorstLoss, 4),
            _roundTripCount == 0 ? null : Math.Round(_roundTrips / _roundTripCount, 1),
            _roundTripCount == 0 ? null : Math.Round(_worstRoundTrip, 1),
            Math.Round(WorstJitter, 1),
            Seconds > 0 ? (long)(Bits / Seconds) : 0,
            Layer,
            Freezes);
    }
}
