using Microsoft.Playwright;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>One person with a browser of their own, whose camera and microphone play a clip.</summary>
public sealed class Person
{
    private static readonly string Clips = Directory.CreateTempSubdirectory("clips-").FullName;
    private readonly IBrowser _browser;
    private readonly List<string> _console;

    private Person(string name, IBrowser browser, IPage page, List<string> console) => (Name, _browser, Page, _console) = (name, browser, page, console);

    public string Name { get; }

    public IPage Page { get; }

    public IBrowserContext Context => Page.Context;

    /// <summary>Errors that the pages' scripts raised.</summary>
    public IReadOnlyList<string> Console => _console;

    public static async Task<Person> WithBrowserAsync(
        IPlaywright playwright, string address, string name, Clip? clip = null, int width = 1280, int height = 800, IReadOnlyList<string>? browserArguments = null)
    {
        List<string> arguments =
        [
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection",
            "--autoplay-policy=no-user-gesture-required", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
            "--disable-backgrounding-occluded-windows", .. browserArguments ?? [],
        ];
        if (clip is not null)
        {
            var (video, audio) = clip.WriteTo(Clips);
            arguments.Add($"--use-file-for-fake-video-capture={video}");
            arguments.Add($"--use-file-for-fake-audio-capture={audio}");
        }
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = arguments,
        });
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = address,
            ViewportSize = new() { Width = width, Height = height },
            Permissions = ["camera", "microphone"],
            Locale = "en-GB",
            TimezoneId = "Europe/London",
        });
        context.SetDefaultTimeout(ProductFixture.Patience);
        var page = await context.NewPageAsync();
        var console = new List<string>();
        page.PageError += (_, error) => console.Add($"page error: {error}");
        page.Console += (_, message) => console.Add($"{message.Type}: {message.Text}");
        return new(name, browser, page, console);
    }

    /// <summary>Keeps what this person sees: picture, page and console.</summary>
    public async Task KeepAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{Name}.console.txt"), _console.Prepend(Page.Url));
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Name}.html"), await Page.ContentAsync());
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{Name}.png"), FullPage = true });
    }

    public Task CloseAsync() => _browser.CloseAsync();
}
