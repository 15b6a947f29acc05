using System.Net;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class DemonstrationTests : WebTest
{
    private static readonly Account Doctor = new("4aa15951-75d8-5e30-920d-4b488d801b38", "Amara", "Okafor", "amara.okafor@example.com", "clinician");
    private static readonly Account Patient = new("abd73bf4-a71e-5d1d-a28c-1411c12c5b10", "Margaret", "Hughes", "margaret.hughes@example.com", "patient");
    private static readonly Account Receptionist = new("1e6de406-be79-509b-8fe2-c45a01a53989", "Helen", "Brooks", "helen.brooks@example.com", "staff");

    protected override bool Demonstration => true;

    [Fact]
    public async Task A_clinician_opens_a_clinic_at_any_hour_and_a_patient_can_join_at_once()
    {
        Web.Time.Advance(TimeSpan.FromHours(13.9));
        using var doctor = await Web.SignInAsync(Doctor);
        var board = await doctor.SubmitAsync(await doctor.GetAsync("/clinics"), "Start a clinic now");
        using var patient = await Web.SignInAsync(Patient);

        var services = await patient.GetAsync("/appointments/book");
        var times = await patient.GetAsync((await patient.GetAsync(services.Link("GP consultation"))).Link("Monday 2 March 2026"));
        var first = times.Document.QuerySelector("input[name=Slot]")?.GetAttribute("value") ?? "";
        await patient.SubmitAsync(await patient.SubmitAsync(times, "Continue", ("Slot", first)), "Confirm the appointment");
        var mine = await patient.GetAsync("/appointments");

        Assert.StartsWith("Clinic on", board.Document.QuerySelector("h1")?.LastChild?.TextContent.Trim());
        Assert.Contains("A clinic is open now", services.Main, StringComparison.Ordinal);
        Assert.NotNull(mine.Document.QuerySelector("a[href$='/join']"));
    }

    [Fact]
    public async Task Staff_open_a_clinic_for_a_clinician()
    {
        using var browser = await Web.SignInAsync(Receptionist);

        var board = await browser.SubmitAsync(await browser.GetAsync("/clinics"), "Start a clinic now for Dr Amara Okafor");

        Assert.Equal(HttpStatusCode.OK, board.Status);
        Assert.Contains("Dr Amara Okafor", board.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_says_that_it_is_a_demonstration()
    {
        using var browser = Web.Browser();

        var page = await browser.GetAsync("/");

        Assert.Contains("made-up people", page.Document.QuerySelector(".app-phase-banner")?.TextContent);
    }
}
