using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Media;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>Who sees what, and how large: cameras in three sizes, shared screens. Each story with a product, and so a free clinic, of its own.</summary>
public class PictureTests(ProductFixture fixture) : CallStory(fixture)
{
    // The page's connections, so that a test can read their statistics; and the shared screen's track, because the browser's own bar is out of
    // a test's reach, but not what it does to the track.
    private const string Keep = """
        window.connectionsInTest = [];
        window.RTCPeerConnection = class extends RTCPeerConnection {
          constructor(...settings) {
            super(...settings);
            window.connectionsInTest.push(this);
          }
        };
        const share = navigator.mediaDevices?.getDisplayMedia;
        if (share) navigator.mediaDevices.getDisplayMedia = async (settings) => {
          const stream = await share.call(navigator.mediaDevices, settings);
          window.screenInTest = stream.getVideoTracks()[0];
          return stream;
        };
        """;

    private const string SendsThreeLayers = """
        async () => {
          let layers = 0;
          for (const connection of window.connectionsInTest)
            for (const entry of (await connection.getStats()).values())
              if (entry.type === 'outbound-rtp' && entry.kind === 'video' && entry.framesSent > 0) layers++;
          return layers === 3;
        }
        """;

    private RunningProduct? _product;

    protected override RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

    public override async ValueTask InitializeAsync() => _product = await RunningProduct.StartAsync(arguments: "--no-build");

    [Fact]
    public async Task Everyone_gets_the_picture_that_fits_their_screen()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.LiamOConnor, Journeys.DrOkafor);
        await AdmitAsync(patient, clinician, appointment);
        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 3);

        // A phone shows 390 by 219 pixels of it, the clinician's window more.
        await patient.Page.SeesLinesAsync(Clip.Height / 2);
        await clinician.Page.SeesLinesAsync(Clip.Height);

        // The largest layer is sent last, once the browser finds the network wide enough.
        await Task.WhenAll(patient.Page.WaitForFunctionAsync(SendsThreeLayers), clinician.Page.WaitForFunctionAsync(SendsThreeLayers));

        await patient.Page.SetViewportSizeAsync(1280, 1000);
        await patient.Page.SeesLinesAsync(Clip.Height);
        await patient.Page.SetViewportSizeAsync(320, 640);
        await patient.Page.SeesLinesAsync(Clip.Height / 4);
        await patient.Page.SeesAsync(Clip.Clinician);
    }

    [Fact]
    public async Task A_screen_is_shown_large_with_the_camera_beside_it_until_it_ends()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.StephenMarsh, Journeys.DrOkafor);
        await Expect(patient.Page.Button("Share screen")).ToBeHiddenAsync();
        await AdmitAsync(patient, clinician, appointment);
        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 3);

        await clinician.Page.Button("Share screen").ClickAsync();
        await Expect(Status(clinician)).ToHaveTextAsync("You are sharing your screen.");
        await Expect(Screen(patient)).ToBeVisibleAsync();
        await Expect(Status(patient)).ToContainTextAsync("is sharing a screen");
        await patient.Page.KeepsWatchingAsync(2);
        await Expect(Camera(patient)).ToBeVisibleAsync();
        await Expect(Camera(patient)).ToHaveClassAsync("app-call__inset");
        await KeepAsync(patient, "patient-390");
        await patient.Page.SetViewportSizeAsync(320, 640);
        await KeepAsync(patient, "patient-320");
        await AssertFitsAsync(patient.Page);
        await KeepAsync(clinician, "clinician-1280");

        // The button that stops it is the one that has the focus.
        await clinician.Page.Keyboard.PressAsync("Enter");
        await Expect(Screen(patient)).ToBeHiddenAsync();
        await Expect(Status(clinician)).ToContainTextAsync("You are in a call");
        await patient.Page.SeesAsync(Clip.Clinician);

        await patient.Page.SetViewportSizeAsync(1280, 800);
        await patient.Page.Button("Share screen").ClickAsync();
        await Expect(Screen(clinician)).ToBeVisibleAsync();
        await clinician.Page.KeepsWatchingAsync(2);
        await KeepAsync(clinician, "clinician-sees-1280");
        await patient.Page.EvaluateAsync("() => window.screenInTest.dispatchEvent(new Event('ended'))");
        await Expect(Screen(clinician)).ToBeHiddenAsync();
        await Expect(patient.Page.Button("Share screen")).ToBeVisibleAsync();
        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 3);
    }

    protected override Task PrepareAsync(Person person) => person.Context.AddInitScriptAsync(Keep);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_product is null)
            return;
        await base.DisposeAsync();
        await _product.DisposeAsync();
    }

    private static ILocator Status(Person person) => person.Page.Locator("[data-call=status]");

    private static ILocator Screen(Person person) => person.Page.Locator("[data-participant-id] video[aria-label^='Screen of ']");

    private static ILocator Camera(Person person) => person.Page.Locator("[data-participant-id] video[aria-label^='Video of ']");

    private static async Task AssertFitsAsync(IPage page)
    {
        var tooWide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(tooWide <= 0, $"{page.Url} is {tooWide} px too wide.");
    }

    private static Task KeepAsync(Person person, string name) => Environment.GetEnvironmentVariable("KEEP_PICTURES") is { } folder
        ? person.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"screen-{name}.png") })
        : Task.CompletedTask;
}
