using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Telemedicine.Media.Core;

/// <summary>
/// The node's instruments. What each track's connection is like is taken in every <see cref="Interval"/>, and only while somebody collects it.
/// Tags say what kind of media it is, never whose.
/// </summary>
internal sealed class MediaMeter : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Meter _meter;
    private readonly Histogram<double> _roundTrip;
    private readonly Histogram<double> _loss;
    private readonly Histogram<double> _jitter;
    private readonly Histogram<long> _bitrate;
    private readonly Histogram<int> _layer;
    private readonly Counter<long> _freezes;
    private readonly Counter<long> _refused;
    private MediaCounters[] _counters = [];

    /// <param name="factory">Null: a meter of its own.</param>
    /// <param name="load">How full the node is at the moment it is asked.</param>
    public MediaMeter(IMeterFactory? factory, Func<MediaLoad> load)
    {
        _meter = factory?.Create(MediaNode.MeterName) ?? new Meter(MediaNode.MeterName);
        _roundTrip = _meter.CreateHistogram<double>("media.round_trip", "s", "Between this server and a receiver.");
        _loss = _meter.CreateHistogram<double>("media.loss", "1", "Share of a track's packets that were lost lately.");
        _jitter = _meter.CreateHistogram<double>("media.jitter", "s", "Interarrival jitter of a track (RFC 3550).");
        _bitrate = _meter.CreateHistogram<long>("media.bitrate", "bit/s", "Of a track over the last second.");
        _layer = _meter.CreateHistogram<int>("media.layer", "{layer}", "Spatial layer that a receiver gets; 0 is the smallest picture.");
        _freezes = _meter.CreateCounter<long>("media.freezes", "{freeze}", "How often a picture stood still.");
        _refused = _meter.CreateCounter<long>("media.refused", "{consultation}", "Consultations that could not begin here.");
        _meter.CreateObservableUpDownCounter("media.rooms", () => load().Rooms, "{room}", "Consultations that have media.");
        _meter.CreateObservableUpDownCounter("media.participants", () => load().Participants, "{participant}", "Pages that can send.");
        _meter.CreateObservableGauge("media.load", () => Share(load()), "1", "How full the node is: 1 takes no further consultation.");
        _meter.CreateObservableCounter("media.packets", Packets, "{packet}", "What became of packets.");
    }

    /// <summary>Whether anybody collects what <see cref="Take"/> records.</summary>
    public bool Enabled => _roundTrip.Enabled || _loss.Enabled || _jitter.Enabled || _bitrate.Enabled || _layer.Enabled || _freezes.Enabled;

    public void CountRefused(bool draining) => _refused.Add(1, new KeyValuePair<string, object?>("reason", draining ? "draining" : "full"));

    /// <summary>What the workers have counted so far.</summary>
    public void SetCounters(MediaCounters[] counters) => Volatile.Write(ref _counters, counters);

    /// <summary>Takes in all tracks of one worker, on its thread.</summary>
    public void Take(Engine engine)
    {
        foreach (var transport in engine.Transports)
        {
            foreach (var track in transport.Incoming?.Tracks ?? [])
                Take(track);
            if (transport.Outgoing is not { } outgoing)
                continue;
            if (outgoing.RoundTrip is { } roundTrip)
                _roundTrip.Record(Seconds(roundTrip));
            foreach (var track in outgoing.Tracks)
                Take(track);
        }
    }

    public void Dispose() => _meter.Dispose();

    private static double Seconds(double microseconds) => microseconds / 1_000_000;

    private static double Share(MediaLoad load) => load.Draining
        ? 1
        : Math.Min(1, Math.Max((double)load.Rooms / load.MaximumRooms, (double)load.Participants / load.MaximumParticipants));

    private static TagList Tags(IncomingTrack track, string direction) =>
    [
        new("direction", direction),
        new("kind", track.IsVideo ? "video" : "audio"),
        new("source", track.Source switch { MediaSource.Microphone => "microphone", MediaSource.Screen => "screen", _ => "camera" }),
    ];

    private void Take(IncomingTrack track)
    {
        if (track.Paused)
            return;
        var tags = Tags(track, "in");
        var freezes = 0;
        for (var i = 0; i < track.Format.Encodings.Count; i++)
        {
            if (track.Layer(i) is not { Started: true } stream)
                continue;
            freezes = Math.Max(freezes, stream.Frames.Freezes);
            if (track.IsVideo && !stream.IsAlive)
                continue;
            var layered = tags;
            layered.Add("layer", i);
            _bitrate.Record(stream.BitrateUpTo(stream.TemporalLayers - 1), layered);
            _loss.Record(stream.Statistics.FractionLost, layered);
            _jitter.Record(Seconds(stream.Statistics.Jitter), layered);
        }

        if (track.TakeNewFreezes(freezes) is var more and > 0)
            _freezes.Add(more, tags);
    }

    private void Take(OutgoingTrack track)
    {
        if (track.Paused || track.Source.Paused)
            return;
        var tags = Tags(track.Source, "out");
        if (track.TakeNewFreezes() is var more and > 0)
            _freezes.Add(more, tags);
        if (track.Source.IsVideo)
        {
            // Sent nothing for want of bandwidth, or waiting for its first key frame.
            var layer = track.Current?.Spatial ?? -1;
            if (layer >= 0)
                _layer.Record(layer, tags);
            tags.Add("layer", layer);
        }

        _bitrate.Record(track.Statistics.Bitrate, tags);
        if (!track.Statistics.Reported)
            return;
        _loss.Record(track.Statistics.FractionLost, tags);
        _jitter.Record((double)track.Statistics.Jitter / track.Source.Format.Codec.ClockRate, tags);
    }

    private IEnumerable<Measurement<long>> Packets()
    {
        var sum = default(MediaCounters);
        foreach (var counters in Volatile.Read(ref _counters))
            sum += counters;
        yield return Of("received", sum.Received);
        yield return Of("forwarded", sum.Forwarded);
        yield return Of("retransmitted", sum.Retransmitted);
        yield return Of("nack_sent", sum.NacksSent);
        yield return Of("key_frame_requested", sum.KeyFramesRequested);
        yield return Of("handed_over", sum.HandedOver);
        yield return Of("dropped_unauthenticated", sum.DroppedUnauthenticated);
        yield return Of("dropped_unknown", sum.DroppedUnknownAddress + sum.DroppedUnknownStream + sum.DroppedStun + sum.DroppedMalformed + sum.DroppedNotConnected);
        yield return Of("dropped_duplicate", sum.DroppedDuplicate);
        yield return Of("dropped_too_many", sum.DroppedTooMany + sum.DroppedRetransmissions);
        yield return Of("dropped_full", sum.DroppedHandOver + sum.DroppedSends);

        static Measurement<long> Of(string outcome, long count) => new(count, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
