namespace Telemedicine.Clinical.DeviceChecks;

/// <summary>What is looked at, in this order.</summary>
public enum CheckPart
{
    Browser,
    Camera,
    Microphone,
    Speaker,
    Network,
}

/// <summary>How one part of a check went. Which part may say what is in <see cref="CheckRules.Of"/>.</summary>
public enum CheckOutcome
{
    Good,

    /// <summary>The person does without it, or did not get that far.</summary>
    Skipped,

    /// <summary>It was to be tried, and something unforeseen went wrong.</summary>
    Failed,

    /// <summary>A browser inside another app, such as Facebook's.</summary>
    InApp,

    /// <summary>A browser that is too old to rely on.</summary>
    TooOld,

    /// <summary>A browser that makes no calls.</summary>
    Unsupported,

    /// <summary>The page was not loaded in a secure way.</summary>
    Insecure,

    /// <summary>The person, the browser or the system does not allow it.</summary>
    Denied,

    NotFound,

    /// <summary>Another program has it.</summary>
    InUse,

    /// <summary>The picture is dark.</summary>
    Black,

    /// <summary>The picture stands still.</summary>
    Frozen,

    /// <summary>Nothing was heard.</summary>
    Silent,

    /// <summary>The person heard no sound.</summary>
    NotHeard,

    /// <summary>No sound or picture came through, neither by UDP nor by TCP nor by a relay.</summary>
    Blocked,

    /// <summary>The service had no room for checks.</summary>
    Busy,
}

/// <summary>What will come of a call with this device.</summary>
public enum CheckScore
{
    Ready,

    /// <summary>It will work, but not all of it.</summary>
    Limited,

    /// <summary>It will not work.</summary>
    NotWorking,
}

/// <summary>How media reached the service.</summary>
public enum CheckRoute
{
    Udp,
    Tcp,

    /// <summary>Through a TURN server.</summary>
    Relay,
}

public enum BrowserFamily
{
    Chrome,
    Edge,
    Firefox,
    Safari,
    Samsung,
    Other,
}

/// <summary>What kind of device it is: no more than staff need to give advice.</summary>
public enum DeviceKind
{
    AndroidPhone,
    AndroidTablet,
    IPhone,
    IPad,
    Windows,
    Mac,
    Other,
}

/// <summary>What was measured of the way to the service and back, over about ten seconds.</summary>
/// <param name="LossUp">0 to 1, of what the device sent; before anything was sent again.</param>
/// <param name="LossDown">0 to 1, of what the device was to receive.</param>
/// <param name="JitterMs">The worse of the two ways.</param>
/// <param name="UpBitrate">Bits a second that arrived at the service.</param>
/// <param name="DownBitrate">Bits a second that came back: never more than went up, for it is an echo.</param>
public sealed record CheckFigures(CheckRoute Route, double LossUp, double LossDown, int JitterMs, int UpBitrate, int DownBitrate, int? RoundTripMs = null)
{
    /// <summary>The worse of the two ways.</summary>
    public double Loss => Math.Max(LossUp, LossDown);

    /// <summary>The lesser of the two ways.</summary>
    public int Bitrate => Math.Min(UpBitrate, DownBitrate);
}

/// <summary>One check as the page found it.</summary>
/// <param name="Figures">Null unless the network's outcome is <see cref="CheckOutcome.Good"/>, which here means that it was measured.</param>
public sealed record CheckResult(
    CheckOutcome Browser,
    CheckOutcome Camera,
    CheckOutcome Microphone,
    CheckOutcome Speaker,
    CheckOutcome Network,
    BrowserFamily BrowserFamily,
    DeviceKind DeviceKind,
    CheckFigures? Figures = null,
    int? BrowserVersion = null)
{
    public CheckOutcome this[CheckPart part] => part switch
    {
        CheckPart.Browser => Browser,
        CheckPart.Camera => Camera,
        CheckPart.Microphone => Microphone,
        CheckPart.Speaker => Speaker,
        CheckPart.Network => Network,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a part of a check."),
    };
}
