using System.Runtime.InteropServices;

namespace Telemedicine.Media.Core;

/// <summary>
/// Finds who speaks in one router. Who is heard first clearly, and for longer than a knock lasts, is the speaker; another takes over by being clearly
/// louder for that long; after some seconds of silence nobody is. On the worker's thread; times are microseconds.
/// </summary>
internal sealed class ActiveSpeaker
{
    public const long TakeOver = 300_000;

    public const long Quiet = 2_000_000;

    /// <summary>Between two looks at all voices.</summary>
    private const long Interval = 100_000;

    // Decibels above the floor: speech, and by how much another must be louder.
    private const double Speech = 8;
    private const double Margin = 5;

    private readonly List<Voice> _voices = [];
    private Voice? _challenger;
    private long _challengedAt;
    private long _spokeAt;
    private long _lookedAt;

    /// <summary>Null: nobody.</summary>
    public IncomingTrack? Current { get; private set; }

    /// <summary>Who spoke last and is still there: it keeps its priority through silence.</summary>
    public IncomingTrack? Latest { get; private set; }

    /// <summary>Called with <see cref="Current"/> when it has changed.</summary>
    public Action<IncomingTrack?>? Changed { get; set; }

    public void Add(IncomingTrack track) => _voices.Add(new Voice(track));

    /// <summary>It has ended, or is paused.</summary>
    public void Remove(IncomingTrack track)
    {
        _voices.RemoveAll(voice => voice.Track == track);
        if (_challenger?.Track == track)
            _challenger = null;
        if (Latest == track)
            Latest = null;
        if (Current == track)
            Become(null);
    }

    /// <param name="level">-dBov, as RFC 6464 gives it.</param>
    public void Hear(long now, IncomingTrack track, int level)
    {
        foreach (var voice in CollectionsMarshal.AsSpan(_voices))
        {
            if (voice.Track == track)
                voice.Hear(now, level);
        }
    }

    public void HandleTimeout(long now)
    {
        if (now - _lookedAt < Interval)
            return;
        _lookedAt = now;
        Voice? loudest = null, current = null;
        foreach (var voice in CollectionsMarshal.AsSpan(_voices))
        {
            voice.Settle(now);
            if (voice.Track == Current)
                current = voice;
            if (loudest is null || voice.Loudness > loudest.Loudness)
                loudest = voice;
        }

        if (current is { Loudness: >= Speech })
            _spokeAt = now;
        if (loudest is null || loudest == current || loudest.Loudness < Speech || loudest.Loudness < current?.Loudness + Margin)
            _challenger = null;
        else if (_challenger != loudest)
            (_challenger, _challengedAt) = (loudest, now);
        else if (now - _challengedAt >= TakeOver)
        {
            _spokeAt = now;
            _challenger = null;
            Latest = loudest.Track;
            Become(loudest.Track);
            return;
        }

        if (Current is not null && now - _spokeAt >= Quiet)
            Become(null);
    }

    private void Become(IncomingTrack? track)
    {
        Current = track;
        Changed?.Invoke(track);
    }
}
