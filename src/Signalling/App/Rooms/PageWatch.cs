using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>Judges one page's part in a call by the media node's own counts, look by look. Touched in the clinic's mailbox only.</summary>
/// <param name="since">When the page came into the call.</param>
public sealed class PageWatch(DateTimeOffset since)
{
    /// <summary>Longer without anything from a page, and its person needs another way to talk.</summary>
    public static readonly TimeSpan NoMediaAfter = TimeSpan.FromSeconds(20);

    /// <summary>A person who listens makes some sound in this time: a room is never as still as a microphone that is switched off.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan FrozenAfter = TimeSpan.FromSeconds(8);

    /// <summary>The share of a handful of lost packets says nothing.</summary>
    private const int FewestPackets = 20;

    private readonly Dictionary<Guid, (long Packets, long Audible)> _counts = [];
    private readonly Tally _sent = new();
    private readonly Tally _received = new();
    private DateTimeOffset _heardAt = since;
    private DateTimeOffset _seenAt = since;

    /// <summary>What the page sends.</summary>
    public Ladder Sending { get; } = new();

    /// <summary>What the page receives. The media node divides what the connection carries by itself (ADR 7); this names it.</summary>
    public Ladder Receiving { get; } = new();

    /// <summary>When something last came from the page.</summary>
    public DateTimeOffset MediaAt { get; private set; } = since;

    public bool SilentMicrophone { get; private set; }

    public bool FrozenCamera { get; private set; }

    /// <summary>They talk by telephone, or were not to be heard until now: what was before counts no more.</summary>
    public void Restart(DateTimeOffset now)
    {
        (MediaAt, _heardAt, _seenAt) = (now, now, now);
        SilentMicrophone = FrozenCamera = false;
    }

    /// <param name="tracks">Those that the page sends and receives now.</param>
    /// <param name="lowest">No step below this one for what the page sends.</param>
    /// <returns>The directions whose step has changed.</returns>
    public IReadOnlyList<TrackDirection> Look(
        DateTimeOffset now, IReadOnlyList<ObservedTrack> tracks, TransportStatistics? sending, TransportStatistics? receiving, CallStep lowest)
    {
        var flowing = tracks.Where(track => track.Flowing).Select(track => (track.Direction, track.Producer)).ToHashSet();
        SeeSent(now, tracks, sending?.Producers ?? []);
        // A picture that is not asked for is not held back.
        var heldBack = receiving?.Consumers.Any(consumer =>
            consumer is { Kind: MediaKind.Video, TargetLayers: null } && flowing.Contains((TrackDirection.Received, consumer.ProducerId))) ?? false;
        var changed = new List<TrackDirection>();
        var up = _sent.Take(sending?.Producers.Select(producer => (producer.ProducerId, producer.Packets + Math.Max(0, producer.PacketsLost), producer.PacketsLost)) ?? []);
        // Answers that come late say nothing of which way was slow; what leaves a browser too fast is its own congestion control's to slow down.
        if (Sending.Look(now, new LinkReading(up, RoundTrip: null, HeldBack: false), lowest))
            changed.Add(TrackDirection.Sent);
        var down = _received.Take(receiving?.Consumers.Select(consumer => (consumer.ConsumerId, consumer.Packets, consumer.PacketsLost)) ?? []);
        if (Receiving.Look(now, new LinkReading(down, receiving?.RoundTripTime, heldBack)))
            changed.Add(TrackDirection.Received);
        return changed;
    }

    private void SeeSent(DateTimeOffset now, IReadOnlyList<ObservedTrack> tracks, IReadOnlyList<ProducerStatistics> producers)
    {
        var came = producers.Where(producer => producer.Packets > _counts.GetValueOrDefault(producer.ProducerId).Packets).ToDictionary(producer => producer.ProducerId);
        if (came.Count > 0)
            MediaAt = now;
        var microphones = tracks.Where(track => track is { Direction: TrackDirection.Sent, Source: ProducerSource.Microphone }).ToList();
        var cameras = tracks.Where(track => track is { Direction: TrackDirection.Sent, Source: ProducerSource.Camera }).ToList();

        // Who is muted says nothing, and whose packets do not come is not silent but not there.
        var talks = microphones.Where(track => track.Flowing && came.ContainsKey(track.Producer)).ToList();
        if (talks.Count == 0 || talks.Any(track => came[track.Producer].AudiblePackets is not { } audible || audible > _counts.GetValueOrDefault(track.Producer).Audible))
            _heardAt = now;
        SilentMicrophone = now - _heardAt >= SilentAfter;

        var shows = cameras.Where(track => track.Flowing).ToList();
        if (shows.Count == 0 || came.Count == 0 || shows.Exists(track => came.ContainsKey(track.Producer)))
            _seenAt = now;
        FrozenCamera = now - _seenAt >= FrozenAfter;

        _counts.Clear();
        foreach (var producer in producers)
            _counts[producer.ProducerId] = (producer.Packets, producer.AudiblePackets ?? 0);
    }

    /// <summary>Counts of several tracks until there are enough of them to speak of a share.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<Guid, (long Due, long Lost)> _before = [];
        private long _due;
        private long _lost;

        /// <returns>0 to 1; null: too few packets since the last share.</returns>
        public double? Take(IEnumerable<(Guid Track, long Due, long Lost)> counts)
        {
            foreach (var (track, due, lost) in counts)
            {
                if (_before.TryGetValue(track, out var before))
                {
                    _due += Math.Max(0, due - before.Due);
                    // A receiver that gets late what it had counted as lost counts back.
                    _lost += Math.Max(0, lost - before.Lost);
                }
                _before[track] = (due, lost);
            }

            if (_due < FewestPackets)
                return null;
            var share = Math.Min(1, (double)_lost / _due);
            (_due, _lost) = (0, 0);
            return share;
        }
    }
}
