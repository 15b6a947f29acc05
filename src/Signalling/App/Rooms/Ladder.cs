using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Rooms;

/// <summary>How one direction of a page's connection was since the look before.</summary>
/// <param name="Loss">0 to 1; null: too few packets to say.</param>
/// <param name="RoundTrip">Null: not measured.</param>
/// <param name="HeldBack">The server holds a picture back, because the connection does not carry it.</param>
public readonly record struct LinkReading(double? Loss, TimeSpan? RoundTrip, bool HeldBack);

/// <summary>
/// How much one direction of a page's connection carries: video, a small picture, or sound alone. It goes down a step at a time once the connection has been bad for some seconds, and
/// up a step at a time once it has been good for longer; each time that up was too much, the next attempt waits twice as long. Between bad and good it stays where it is.
/// </summary>
public sealed class Ladder
{
    /// <summary>How long it must be bad without a break. One bad moment is no reason.</summary>
    public static readonly TimeSpan DownAfter = TimeSpan.FromSeconds(6);

    /// <summary>How long it must be good without a break, to begin with.</summary>
    public static readonly TimeSpan UpAfter = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(5);

    /// <summary>Where words begin to be missed in spite of the codec's own repair, and less traffic is the only help.</summary>
    public const double PoorLoss = 0.10, BadLoss = 0.35;

    /// <summary>Below this it is good.</summary>
    public const double GoodLoss = 0.04;

    /// <summary>Longer, people talk over each other, whatever is sent: a queue in front of a bottleneck is the usual reason.</summary>
    public static readonly TimeSpan PoorRoundTrip = TimeSpan.FromMilliseconds(800), GoodRoundTrip = TimeSpan.FromMilliseconds(500);

    private DateTimeOffset? _worseSince;
    private DateTimeOffset? _betterSince;
    private DateTimeOffset? _raisedAt;

    /// <summary>Never <see cref="CallStep.Telephone"/>: that is for people to choose.</summary>
    public CallStep Step { get; private set; } = CallStep.Video;

    /// <summary>How long it must be good before the next step up.</summary>
    public TimeSpan Patience { get; private set; } = UpAfter;

    /// <param name="lowest">No step below this one: the person wants it so.</param>
    /// <returns>Whether <see cref="Step"/> has changed.</returns>
    public bool Look(DateTimeOffset now, LinkReading reading, CallStep lowest = CallStep.Audio)
    {
        if (Step > lowest)
            return Go(lowest, now);
        if (Carried(reading) is not { } carried)
        {
            // Neither good nor bad is evidence of neither; no evidence at all changes nothing.
            if (reading.Loss is not null)
                (_worseSince, _betterSince) = (null, null);
            return false;
        }

        if (carried > Step)
        {
            _betterSince = null;
            _worseSince ??= now;
            return Step < lowest && now - _worseSince >= DownAfter && Go(Step + 1, now);
        }

        _worseSince = null;
        if (carried == Step && Step != CallStep.Video)
        {
            _betterSince = null;
            return false;
        }

        _betterSince ??= now;
        if (now - _betterSince < Patience)
            return false;
        if (Step != CallStep.Video)
            return Go(Step - 1, now);
        Patience = UpAfter;
        return false;
    }

    /// <summary>What a connection like this carries; null: neither good nor bad.</summary>
    private static CallStep? Carried(LinkReading reading) => reading switch
    {
        { HeldBack: true } or { Loss: >= BadLoss } => CallStep.Audio,
        { Loss: >= PoorLoss } => CallStep.LowVideo,
        { RoundTrip: { } slow } when slow >= PoorRoundTrip => CallStep.LowVideo,
        { Loss: <= GoodLoss } when !(reading.RoundTrip >= GoodRoundTrip) => CallStep.Video,
        _ => null,
    };

    private bool Go(CallStep step, DateTimeOffset now)
    {
        if (step > Step && _raisedAt is { } raised && now - raised < Patience)
            Patience = TimeSpan.FromTicks(Math.Min(Patience.Ticks * 2, LongestPatience.Ticks));
        _raisedAt = step < Step ? now : null;
        (_worseSince, _betterSince) = (null, null);
        Step = step;
        return true;
    }
}
