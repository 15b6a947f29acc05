using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Media;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>Each of the two shares a screen and stops, in the page and in the browser's own bar.</summary>
public class ScreenShareTests(ProductFixture fixture) : CallStory(fixture)
{
    [Fact]
    public async Task A_screen_is_shown_large_with_the_camera_beside_it_until_it_ends()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.StephenMarsh, Journeys.MrNowak, "Physiotherapy");
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

    /// <summary>Keeps the shared screen's track: a test cannot reach the browser's own bar, but what it does to the track.</summary>
    protected override Task PrepareAsync(Person person) => person.Context.AddInitScriptAsync("""
        const share = navigator.mediaDevices?.getDisplayMedia;
        if (share) navigator.mediaDevices.getDisplayMedia = async (settings) => {
          const stream = await share.call(navigator.mediaDevices, settings);
          window.screenInTest = stream.getVideoTracks()[0];
          return stream;
        };
        """);

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
