using System.Runtime.InteropServices;
using Telemedicine.Media.Core.Congestion;

namespace Telemedicine.Media.Core;

/// <summary>
/// Divides what a receiver's path carries: sound first; then each video's smallest layers, in order of priority; then, in the same order, as much of each as
/// its receiver wishes. Video that not even its smallest layers are left for is paused. Times are microseconds, rates bits per second.
/// </summary>
internal sealed class Allocation(CongestionControl congestion)
{
    // What flows already stays with a little less than it needs, and what is new must fit with a little to spare: bitrates are never quite still.
    private const double Keep = 0.95, Take = 1.1;

    /// <summary>What is probed for, as a part of what is needed: so much that it can then be taken.</summary>
    private const double Ask = 1.2;

    private const long BeforeRaise = 2_000_000, BeforeResume = 1_000_000;

    // How long a video may need more than is left: it is not paused on a path that has only not been tried yet, nor for one bad moment.
    private const long Patience = 2_000_000, PatienceWhenFarTooMuch = 300_000;

    private const int HighestPriority = 3;

    private readonly List<OutgoingTrack> _tracks = [];
    private readonly List<OutgoingTrack> _videos = [];

    public void Add(OutgoingTrack track) => _tracks.Add(track);

    public void Remove(OutgoingTrack track) => _tracks.Remove(track);

    public void Allocate(long now)
    {
        if (congestion.Bitrate is not { } left)
        {
            foreach (var track in CollectionsMarshal.AsSpan(_tracks))
                track.SetTarget(now, BestOf(track));
            return;
        }

        var wanted = SortVideos();
        var videos = CollectionsMarshal.AsSpan(_videos);
        left -= wanted;
        foreach (var track in videos)
        {
            if (track.Paused)
                continue;
            wanted += (long)(track.Source.Bitrate(BestOf(track)) * Ask);
            track.Share.IsOn = IsOn(now, track, left);
            if (track.Share.IsOn)
                left -= track.Source.Bitrate(SmallestOf(track));
        }

        foreach (var track in videos)
            track.SetTarget(now, track.Paused ? BestOf(track) : track.Share.IsOn ? Raise(now, track, ref left) : null);
        congestion.Wanted = wanted;
    }

    /// <summary>By priority; who was there first goes first among equals.</summary>
    /// <returns>What the sound takes.</returns>
    private long SortVideos()
    {
        long sound = 0;
        _videos.Clear();
        for (var priority = HighestPriority; priority >= 0; priority--)
        {
            foreach (var track in CollectionsMarshal.AsSpan(_tracks))
            {
                if (track.Source.Priority != priority)
                    continue;
                if (track.Source.IsVideo)
                    _videos.Add(track);
                else
                    sound += track.Statistics.Bitrate;
            }
        }

        return sound;
    }

    private static ConsumerLayers BestOf(OutgoingTrack track) => track.Source.CapToAlive(track.Preferred);

    private static ConsumerLayers SmallestOf(OutgoingTrack track) => track.Source.CapToAlive(new ConsumerLayers(0, 0));

    /// <summary>Whether a video's smallest layers fit into what is left.</summary>
    private bool IsOn(long now, OutgoingTrack track, long left)
    {
        var share = track.Share;
        var need = track.Source.Bitrate(SmallestOf(track));
        if (track.Target is null)
        {
            if (need * Take > left || now - share.LoweredAt < BeforeResume)
                return false;
            share.ShortSince = 0;
            return true;
        }

        if (need * Keep <= left)
        {
            share.ShortSince = 0;
            return true;
        }

        if (share.ShortSince == 0)
            share.ShortSince = now;
        if (now - share.ShortSince < (congestion.IsLimited && need > left * 2 ? PatienceWhenFarTooMuch : Patience))
            return true;
        share.LoweredAt = now;
        return false;
    }

    /// <summary>The best layers that fit: fewer frames before a smaller picture.</summary>
    private ConsumerLayers Raise(long now, OutgoingTrack track, ref long left)
    {
        var source = track.Source;
        var best = BestOf(track);
        var smallest = SmallestOf(track);
        var least = source.Bitrate(smallest);
        var current = track.Target is { } target ? Rank(source, target) : Rank(smallest);
        var mayRaise = now - track.Share.LoweredAt >= BeforeRaise;
        for (var spatial = best.Spatial; spatial >= smallest.Spatial; spatial--)
        {
            if (!source.IsAlive(spatial))
                continue;
            for (var temporal = Math.Min(best.Temporal, source.TemporalLayers(spatial) - 1); temporal >= 0; temporal--)
            {
                var layers = new ConsumerLayers(spatial, temporal);
                var more = source.Bitrate(layers) - least;
                var isHigher = Rank(layers) > current;
                if (isHigher ? !mayRaise || more * Take > left : more * Keep > left)
                    continue;
                left -= more;
                // On a path that only has not been tried yet, the next probe may raise it again.
                if (Rank(layers) < current && congestion.IsLimited)
                    track.Share.LoweredAt = now;
                // All frames there are, also those of temporal layers yet unseen.
                return temporal == source.TemporalLayers(spatial) - 1 ? layers with { Temporal = best.Temporal } : layers;
            }
        }

        return smallest;
    }

    private static int Rank(ConsumerLayers layers) => layers.Spatial * 8 + layers.Temporal;

    private static int Rank(IncomingTrack source, ConsumerLayers layers) =>
        Rank(layers with { Temporal = Math.Min(layers.Temporal, source.TemporalLayers(layers.Spatial) - 1) });
}

/// <summary>What the allocation remembers of one video, so that it does not go up and down with every breath of the network.</summary>
internal sealed class AllocationShare
{
    /// <summary>Its smallest layers fit, as of the allocation under way.</summary>
    public bool IsOn { get; set; }

    /// <summary>Since when it needs more than is left; 0: it does not.</summary>
    public long ShortSince { get; set; }

    /// <summary>When it last had to give something up.</summary>
    public long LoweredAt { get; set; } = long.MinValue / 2;
}
