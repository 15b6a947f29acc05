using static Telemedicine.Clinical.DeviceChecks.CheckOutcome;

namespace Telemedicine.Clinical.DeviceChecks;

/// <summary>How good a network is for a call.</summary>
public enum NetworkLevel
{
    Good,

    /// <summary>Sound and a small picture, with interruptions.</summary>
    Poor,

    /// <summary>Not even sound.</summary>
    Unusable,
}

/// <summary>What a check may say, and what it comes to.</summary>
public static class CheckRules
{
    public const int MaxRoundTripMs = 60_000;
    public const int MaxJitterMs = 60_000;
    public const int MaxBitrate = 1_000_000_000;
    public const int MaxBrowserVersion = 9_999;

    // Beyond these a call is broken up (ITU-T G.114 for the round trip; what the media engine was tried with for the rest).
    private const int PoorRoundTripMs = 300;
    private const double PoorLoss = 0.03;
    private const int PoorJitterMs = 50;

    /// <summary>What a small picture and sound need together.</summary>
    private const int PoorBitrate = 300_000;

    private const double UnusableLoss = 0.2;
    private const int UnusableRoundTripMs = 1_500;

    /// <summary>What sound alone needs.</summary>
    private const int UnusableBitrate = 50_000;

    private static readonly CheckOutcome[] Device = [Good, Skipped, Failed, Denied, NotFound, InUse, Insecure];

    /// <summary>What a part may say.</summary>
    public static IReadOnlyList<CheckOutcome> Of(CheckPart part) => part switch
    {
        CheckPart.Browser => [Good, InApp, TooOld, Unsupported, Insecure],
        CheckPart.Camera => [.. Device, Black, Frozen],
        CheckPart.Microphone => [.. Device, Silent],
        CheckPart.Speaker => [Good, Skipped, Failed, NotHeard],
        CheckPart.Network => [Good, Skipped, Failed, Blocked, Busy],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a part of a check."),
    };

    /// <summary>Whether a page can have found this. What comes from a script is believed no further.</summary>
    public static bool IsSound(CheckResult result) =>
        Enum.GetValues<CheckPart>().All(part => Of(part).Contains(result[part]))
        && Enum.IsDefined(result.BrowserFamily)
        && Enum.IsDefined(result.DeviceKind)
        && result.BrowserVersion is null or (>= 1 and <= MaxBrowserVersion)
        && (result.Figures is null ? result.Network != Good : result.Network == Good && IsSound(result.Figures));

    public static NetworkLevel LevelOf(CheckFigures figures)
    {
        if (figures.Loss > UnusableLoss || figures.RoundTripMs > UnusableRoundTripMs || figures.Bitrate < UnusableBitrate)
            return NetworkLevel.Unusable;
        return figures.Loss > PoorLoss || figures.RoundTripMs > PoorRoundTripMs || figures.JitterMs > PoorJitterMs || figures.Bitrate < PoorBitrate
            ? NetworkLevel.Poor
            : NetworkLevel.Good;
    }

    /// <summary>
    /// A call does not work without a browser or network that carries it, nor for somebody who speaks and hears without microphone or loudspeaker. It works with limits
    /// without a picture, with a poor network, and when something was left out. Who uses no sound says so, and then needs none.
    /// </summary>
    public static CheckScore ScoreOf(CheckResult result)
    {
        var network = result.Figures is { } figures ? LevelOf(figures) : (NetworkLevel?)null;
        if (result.Browser is Unsupported or Insecure
            || result.Microphone is not (Good or Skipped)
            || result.Speaker is not (Good or Skipped)
            || result.Network is Blocked or Failed
            || network == NetworkLevel.Unusable
            || (result.Microphone == Skipped && result.Camera != Good))
            return CheckScore.NotWorking;
        return result is { Browser: Good, Camera: Good, Network: Good } && network == NetworkLevel.Good ? CheckScore.Ready : CheckScore.Limited;
    }

    /// <summary>The parts that keep the check from being ready.</summary>
    public static IReadOnlyList<CheckPart> ProblemsOf(CheckResult result) =>
        [.. Enum.GetValues<CheckPart>().Where(part => part switch
        {
            CheckPart.Microphone or CheckPart.Speaker => result[part] is not (Good or Skipped),
            CheckPart.Network => result.Figures is not { } figures || LevelOf(figures) != NetworkLevel.Good,
            _ => result[part] != Good,
        })];

    private static bool IsSound(CheckFigures figures) =>
        Enum.IsDefined(figures.Route)
        && figures.RoundTripMs is null or (>= 0 and <= MaxRoundTripMs)
        && figures.LossUp is >= 0 and <= 1
        && figures.LossDown is >= 0 and <= 1
        && figures.JitterMs is >= 0 and <= MaxJitterMs
        && figures.UpBitrate is >= 0 and <= MaxBitrate
        && figures.DownBitrate is >= 0 and <= MaxBitrate;
}
