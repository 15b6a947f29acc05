using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A patient checks the device for an appointment through the real media node; what does not work, staff see.</summary>
public partial class DeviceCheckTests(ProductFixture fixture) : Story(fixture)
{
    private const string Patient = "rajesh.patel@example.com";

    /// <summary>As on a network that lets no UDP out: the page never hears of the way by UDP.</summary>
    private const string BlockUdp = """
        const set = RTCPeerConnection.prototype.setRemoteDescription;
        RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
          return set.call(this, { type, sdp: sdp.replace(/^a=candidate:\S+ \d+ udp .*\r\n/gim, '') });
        };
        """;

    private bool _denies;

    protected override IReadOnlyList<string> BrowserArguments => _denies ? ["--use-fake-ui-for-media-stream=deny"] : [];

    [Fact]
    public async Task A_check_passes_falls_back_to_TCP_names_a_denied_permission_and_reaches_staff()
    {
        var clinician = await PersonAsync("clinician");
        await clinician.Page.SignInAsync(Journeys.MrNowak, Product.Password);
        await clinician.Page.StartClinicNowAsync();
        var patient = await PersonAsync("patient", Clip.Patient, width: 390, height: 844);
        await patient.Page.SignInAsync(Patient, Product.Password);
        var appointment = await BookLastTimeAsync(patient.Page);

        // Everything works.
        await patient.Page.GotoAsync($"/appointments/{appointment}");
        await patient.Page.Link("Check your camera, microphone and connection").ClickAsync();
        await DoAsync(patient.Page, "browser", "Start the check");
        await DoAsync(patient.Page, "camera", "Turn on the camera");
        await DoAsync(patient.Page, "microphone", "Turn on the microphone");
        await Step(patient.Page, "speaker").GetByRole(AriaRole.Button, new() { Name = "Play the notes" }).ClickAsync();
        await DoAsync(patient.Page, "speaker", "Yes, I heard them");
        await DoAsync(patient.Page, "network", "Test the connection");
        await Expect(patient.Page.Heading("Your device is ready")).ToBeFocusedAsync();
        await Expect(Step(patient.Page, "camera")).ToContainTextAsync("Your camera works");
        await Expect(Step(patient.Page, "microphone")).ToContainTextAsync("we heard you");
        await Expect(Step(patient.Page, "network")).ToContainTextAsync("Direct way (UDP)");
        await Expect(patient.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your device is ready");
        Assert.DoesNotContain(patient.Console, line => line.StartsWith("page error", StringComparison.Ordinal));

        // Another network, which lets no UDP through.
        await patient.Context.AddInitScriptAsync(BlockUdp);
        await patient.Page.ReloadAsync();
        await Expect(patient.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Last checked on");
        await DoAsync(patient.Page, "browser", "Start the check");
        await DoAsync(patient.Page, "camera", "Go on without a camera");
        await DoAsync(patient.Page, "microphone", "I do not use sound");
        await DoAsync(patient.Page, "speaker", "I do not use sound");
        await Step(patient.Page, "network").GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await Expect(Step(patient.Page, "network")).ToContainTextAsync("By TCP, because UDP is blocked");

        // Another device, whose browser says no.
        _denies = true;
        var denied = await PersonAsync("denied");
        await denied.Page.SignInAsync(Patient, Product.Password);
        await denied.Page.GotoAsync($"/appointments/{appointment}/device-check");
        await DoAsync(denied.Page, "browser", "Start the check");
        await DoAsync(denied.Page, "camera", "Turn on the camera");
        await DoAsync(denied.Page, "microphone", "Turn on the microphone");
        await DoAsync(denied.Page, "speaker", "I do not use sound");
        await DoAsync(denied.Page, "network", "Leave this out");
        await Expect(denied.Page.Heading("A video call will not work like this")).ToBeFocusedAsync();
        await Expect(Step(denied.Page, "camera")).ToContainTextAsync("Your browser is not allowed to use the camera.");
        await Expect(Step(denied.Page, "result")).ToContainTextAsync("The browser is not allowed to use the microphone.");

        // Staff see it before the clinician waits in vain.
        _denies = false;
        var staff = await PersonAsync("staff");
        await staff.Page.SignInAsync(Journeys.HelenBrooks, Product.Password);
        await staff.Page.Link("Video appointments at risk").ClickAsync();
        await staff.Page.Locator("tr", new() { HasText = "Does not work" }).GetByRole(AriaRole.Link, new() { Name = "Rajesh Patel" }).First.ClickAsync();
        await Expect(staff.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The browser is not allowed to use the microphone.");
        await staff.Page.GetByLabel("What came of it?").FillAsync("Will allow the camera and check again.");
        await staff.Page.Button("Note the phone call").ClickAsync();
        await Expect(staff.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("It is noted that you phoned Rajesh Patel");
        await staff.Page.Button("Send the message").ClickAsync();
        await Expect(staff.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("We have asked Rajesh Patel");
    }

    private static ILocator Step(IPage page, string name) => page.Locator($"[data-step={name}]");

    /// <summary>Presses a step's button, waits for how it went, and goes on.</summary>
    private static async Task DoAsync(IPage page, string step, string button)
    {
        await Step(page, step).GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Step(page, step).GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }

    /// <summary>Of the clinic that is open now: a time that has not begun.</summary>
    private static async Task<string> BookLastTimeAsync(IPage page)
    {
        await page.GotoAsync("/appointments");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Book an appointment" }).ClickAsync();
        await page.Link("Physiotherapy").ClickAsync();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).First.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Radio).Last.CheckAsync();
        await page.Button("Continue").ClickAsync();
        await page.Button("Confirm the appointment").ClickAsync();
        await page.Heading("Appointment booked").WaitForAsync();
        return BookedAddress().Match(page.Url).Groups[1].Value;
    }

    [GeneratedRegex("/appointments/([0-9a-f-]{36})/booked")]
    private static partial Regex BookedAddress();
}
