using System.Globalization;
using Telemedicine.Clinical.DeviceChecks;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>Device checks in words: for the person who made one, and for practice staff.</summary>
public static class CheckWording
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>What the person is told at the end.</summary>
    public static string Verdict(this CheckScore score) => score switch
    {
        CheckScore.Ready => "Your device is ready",
        CheckScore.Limited => "Your device will work, with limits",
        CheckScore.NotWorking => "A video call will not work like this",
        _ => throw new ArgumentOutOfRangeException(nameof(score), score, "Not a score."),
    };

    /// <summary>The same in a word or two, and the colour of its tag.</summary>
    public static (string Text, string Colour) Tag(this CheckScore score) => score switch
    {
        CheckScore.Ready => ("Ready", "green"),
        CheckScore.Limited => ("With limits", "yellow"),
        CheckScore.NotWorking => ("Does not work", "red"),
        _ => throw new ArgumentOutOfRangeException(nameof(score), score, "Not a score."),
    };

    public static (string Text, string Colour) Tag(this Risk risk) => risk switch
    {
        Risk.NotWorking => CheckScore.NotWorking.Tag(),
        Risk.Limited => CheckScore.Limited.Tag(),
        Risk.NewToVideo => ("New to video, not checked", "orange"),
        Risk.NotChecked => ("Not checked", "grey"),
        _ => throw new ArgumentOutOfRangeException(nameof(risk), risk, "Not a risk."),
    };

    public static string Done(this FollowUpKind kind) => kind switch
    {
        FollowUpKind.Called => "Phoned",
        FollowUpKind.Asked => "Asked for a check",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an act."),
    };

    /// <summary>What is wrong, each in a sentence; none for a device that is ready.</summary>
    public static IReadOnlyList<string> Problems(this CheckResult result) => [.. CheckRules.ProblemsOf(result).Select(part => Problem(part, result)), .. WithoutSound(result)];

    /// <summary>What will happen in a call, or what to do, beside the sentences of <see cref="Problems"/>.</summary>
    public static string Outlook(this CheckScore score) => score switch
    {
        CheckScore.Ready => "You do not need to do anything until your appointment.",
        CheckScore.Limited => "You can join by video. It is better to put right what is listed here and to check again.",
        CheckScore.NotWorking => "Put right what is listed here and check again, or use another device. If that does not help, we can phone you instead.",
        _ => throw new ArgumentOutOfRangeException(nameof(score), score, "Not a score."),
    };

    /// <summary>"Chrome 140 on an Android phone".</summary>
    public static string Device(this CheckResult result)
    {
        var browser = result.BrowserFamily switch
        {
            BrowserFamily.Samsung => "Samsung Internet",
            BrowserFamily.Other => "Another browser",
            var family => family.ToString(),
        };
        var version = result.BrowserVersion is { } number ? $" {number}" : "";
        return $"{browser}{version} on {Kind(result.DeviceKind)}";
    }

    /// <summary>What was measured of the network, for staff; null if nothing was.</summary>
    public static string? Measured(this CheckResult result)
    {
        if (result.Figures is not { } figures)
            return null;
        var trip = figures.RoundTripMs is { } milliseconds ? $"there and back in {milliseconds} ms, " : "";
        return string.Create(English, $"{Route(figures.Route)}, {trip}{figures.Loss:0.0%} lost, {figures.JitterMs} ms jitter, {figures.UpBitrate / 1000} kbit/s up, {figures.DownBitrate / 1000} kbit/s down");
    }

    /// <summary>One part in a word or two: "works", "blocked".</summary>
    public static string Short(this CheckResult result, CheckPart part) => part == CheckPart.Network && result.Figures is { } figures
        ? CheckRules.LevelOf(figures) switch
        {
            NetworkLevel.Good => "Works",
            NetworkLevel.Poor => "Poor",
            _ => "Too poor for a call",
        }
        : result[part] switch
        {
            CheckOutcome.Good => "Works",
            CheckOutcome.Skipped => "Left out",
            CheckOutcome.Failed => "Did not work",
            CheckOutcome.InApp => "Inside another app",
            CheckOutcome.TooOld => "Too old",
            CheckOutcome.Unsupported => "Makes no video calls",
            CheckOutcome.Insecure => "Not a secure page",
            CheckOutcome.Denied => "Not allowed",
            CheckOutcome.NotFound => "Not found",
            CheckOutcome.InUse => "Used by another program",
            CheckOutcome.Black => "Dark picture",
            CheckOutcome.Frozen => "Picture stands still",
            CheckOutcome.Silent => "Nothing heard",
            CheckOutcome.NotHeard => "Not heard",
            CheckOutcome.Blocked => "Blocked",
            CheckOutcome.Busy => "Not tested: service busy",
            var other => throw new ArgumentOutOfRangeException(nameof(part), other, "Not an outcome."),
        };

    public static string Named(this CheckPart part) => part switch
    {
        CheckPart.Speaker => "Loudspeaker",
        CheckPart.Network => "Connection",
        _ => part.ToString(),
    };

    private static string Problem(CheckPart part, CheckResult result) => (part, result[part]) switch
    {
        (CheckPart.Browser, CheckOutcome.InApp) => "The page is open inside another app, where calls often fail. Open it in Safari or Chrome.",
        (CheckPart.Browser, CheckOutcome.TooOld) => "The browser is old. Update it.",
        (CheckPart.Browser, CheckOutcome.Insecure) => "The page was not opened in a secure way.",
        (CheckPart.Browser, _) => "The browser cannot make video calls.",
        (CheckPart.Camera, CheckOutcome.Skipped) => "The camera was not checked: the clinician may not see you.",
        (CheckPart.Camera, CheckOutcome.Black) => "The camera's picture is dark. Its cover may be closed.",
        (CheckPart.Camera, CheckOutcome.Frozen) => "The camera's picture stands still.",
        (CheckPart.Microphone, CheckOutcome.Silent) => "The microphone is silent. It may be muted.",
        (CheckPart.Camera or CheckPart.Microphone, CheckOutcome.Denied) => $"The browser is not allowed to use the {Thing(part)}.",
        (CheckPart.Camera or CheckPart.Microphone, CheckOutcome.NotFound) => $"There is no {Thing(part)}.",
        (CheckPart.Camera or CheckPart.Microphone, CheckOutcome.InUse) => $"Another program uses the {Thing(part)}.",
        (CheckPart.Camera or CheckPart.Microphone, _) => $"The {Thing(part)} did not start.",
        (CheckPart.Speaker, CheckOutcome.NotHeard) => "No sound was heard. The volume may be off.",
        (CheckPart.Speaker, _) => "The sound did not play.",
        (CheckPart.Network, CheckOutcome.Good) when result.Figures is { } figures && CheckRules.LevelOf(figures) == NetworkLevel.Unusable => "The internet connection is too poor for a call.",
        (CheckPart.Network, CheckOutcome.Good) => "The internet connection is poor: the call may break up.",
        (CheckPart.Network, CheckOutcome.Blocked) => "The network blocks calls. Another network or mobile data may work.",
        (CheckPart.Network, CheckOutcome.Busy) => "The connection was not tested, because the service was busy.",
        (CheckPart.Network, CheckOutcome.Skipped) => "The connection was not tested.",
        _ => "The test of the connection did not work.",
    };

    private static IEnumerable<string> WithoutSound(CheckResult result)
    {
        if (result.Microphone == CheckOutcome.Skipped && result.Speaker == CheckOutcome.Skipped)
            yield return "The call is to be held without sound: write messages.";
        else if (result.Microphone == CheckOutcome.Skipped)
            yield return "The microphone was left out: the clinician may not hear you.";
    }

    private static string Thing(CheckPart part) => part == CheckPart.Camera ? "camera" : "microphone";

    private static string Route(CheckRoute route) => route switch
    {
        CheckRoute.Udp => "Direct (UDP)",
        CheckRoute.Tcp => "By TCP, as UDP is blocked",
        CheckRoute.Relay => "Through a relay",
        _ => throw new ArgumentOutOfRangeException(nameof(route), route, "Not a route."),
    };

    private static string Kind(DeviceKind kind) => kind switch
    {
        DeviceKind.AndroidPhone => "an Android phone",
        DeviceKind.AndroidTablet => "an Android tablet",
        DeviceKind.IPhone => "an iPhone",
        DeviceKind.IPad => "an iPad",
        DeviceKind.Windows => "a Windows computer",
        DeviceKind.Mac => "a Mac",
        DeviceKind.Other => "another device",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of device."),
    };
}
