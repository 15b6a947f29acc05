namespace Telemedicine.Identity.Accounts;

/// <summary>
/// Names a browser and its device so that a person recognises their own, such as "Chrome on Android". Coarse on purpose: it is kept, and
/// finer would tell devices of one household apart for no use.
/// </summary>
internal static class Device
{
    public const int NameLength = 60;

    // The first that fits: newer browsers also call themselves by the older ones' names.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "Chromebook"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
    ];

    /// <param name="userAgent">The request's User-Agent header: anyone may send anything.</param>
    public static string Describe(string? userAgent)
    {
        var browser = First(Browsers, userAgent) ?? "A browser";
        return First(Systems, userAgent) is { } system ? $"{browser} on {system}" : browser;
    }

    private static string? First((string Mark, string Name)[] known, string? text) =>
        text is null ? null : known.FirstOrDefault(one => text.Contains(one.Mark, StringComparison.Ordinal)).Name;
}
