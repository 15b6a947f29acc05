using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A patient without an account and an interpreter, each by a link, in one call with a clinician.</summary>
public partial class GuestTests(ProductFixture fixture) : CallStory(fixture)
{
    private RunningProduct? _product;

    /// <summary>Of its own: the times of a clinic that patients may enter now are few, and other stories take them.</summary>
    protected override RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

    public override async ValueTask InitializeAsync() => _product = await RunningProduct.StartAsync(arguments: "--no-build");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_product is not null)
            await _product.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_patient_joins_by_the_link_of_a_text_message_and_an_interpreter_by_theirs_and_the_clinician_lets_both_in()
    {
        var clinician = await PersonAsync("clinician", Clip.Clinician);
        await clinician.Page.SignInAsync(Journeys.NurseRaman, Product.Password);
        await clinician.Page.StartClinicNowAsync();
        // Whoever books here has an account too; what follows happens in browsers where nobody is signed in.
        var desk = await PersonAsync("desk");
        await desk.Page.SignInAsync(Journeys.MohammedIqbal, Product.Password);
        var appointment = await desk.Page.BookNowAsync("Nurse review");
        await desk.Page.GotoAsync($"/appointments/{appointment}/guests");
        await desk.Page.GetByLabel("Who are they?").SelectOptionAsync("Interpreter");
        await desk.Page.GetByLabel("Their name").FillAsync("Ana Costa");
        await desk.Page.Button("Invite").ClickAsync();
        var code = await desk.Page.GetByRole(AriaRole.Main).Locator("dd strong").InnerTextAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Show a link to copy" }).ClickAsync();
        var interpretersLink = await desk.Page.GetByLabel("Their link").InputValueAsync();
        var patientsLink = await LinkOfMessageAsync(desk.Page);

        var patient = await PersonAsync("patient", Clip.Patient, width: 390, height: 844);
        await patient.Page.GotoAsync(patientsLink);
        await patient.Page.GetByLabel("Day").FillAsync("2");
        await patient.Page.GetByLabel("Month").FillAsync("11");
        await patient.Page.GetByLabel("Year").FillAsync("1978");
        await JoinAsync(patient.Page);
        var interpreter = await PersonAsync("interpreter");
        await interpreter.Page.GotoAsync(interpretersLink);
        await interpreter.Page.GetByLabel("Your code").FillAsync(code);
        await JoinAsync(interpreter.Page);
        await AdmitAsync(patient, clinician, appointment);

        // Each comes in by themself, and only when the clinician says so.
        await interpreter.Page.InPhaseAsync("waiting");
        await clinician.Page.Button($"Let in {Interpreter}").ClickAsync();
        await interpreter.Page.InPhaseAsync("inCall");
        foreach (var person in new[] { patient, clinician, interpreter })
            await SeesTwoOthersAsync(person.Page);
        await Expect(clinician.Page.Locator("[data-call=status]")).ToContainTextAsync(Interpreter);
        await TakeAsideAsync(patient.Page, clinician.Page, interpreter.Page);

        // Taken back in mid-call: the interpreter is out within moments, and is told.
        await desk.Page.GotoAsync($"/appointments/{appointment}/guests");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Take the invitation back" }).ClickAsync();
        await Expect(interpreter.Page.Heading("You are not in this call any more")).ToBeVisibleAsync();
        await Expect(clinician.Page.Locator("[data-call=status]")).Not.ToContainTextAsync("Ana Costa");
        await patient.Page.InPhaseAsync("inCall");
    }

    private const string Interpreter = "Ana Costa (interpreter)";

    /// <summary>On hold, back, and a private talk while the patient waits.</summary>
    private static async Task TakeAsideAsync(IPage patient, IPage clinician, IPage interpreter)
    {
        await clinician.GetByRole(AriaRole.Button, new() { Name = "People", Exact = true }).ClickAsync();
        await clinician.Button($"Put on hold: {Interpreter}").ClickAsync();
        await interpreter.InPhaseAsync("onHold");
        await Expect(interpreter.Heading("You are on hold")).ToBeVisibleAsync();
        await Expect(patient.Locator("[data-call=status]")).ToContainTextAsync($"{Interpreter} is on hold.");
        await clinician.Button($"Bring back: {Interpreter}").ClickAsync();
        await interpreter.InPhaseAsync("inCall");
        await SeesTwoOthersAsync(interpreter);

        await clinician.Button($"Talk in private with {Interpreter}").ClickAsync();
        await patient.InPhaseAsync("onHold");
        await interpreter.WaitForFunctionAsync("() => [...document.querySelectorAll('[data-call=remotes] video')].filter((video) => video.srcObject).length === 1");
        await clinician.Button("End the private talk").ClickAsync();
        await patient.InPhaseAsync("inCall");
    }

    /// <summary>Two pictures that are not one's own, and both have come.</summary>
    private static Task SeesTwoOthersAsync(IPage page) => page.WaitForFunctionAsync(
        "() => [...document.querySelectorAll('[data-call=remotes] video')].filter((video) => video.videoWidth > 0).length === 2");

    private static async Task JoinAsync(IPage page)
    {
        await page.Button("Continue").ClickAsync();
        await page.ArriveAsync();
        await page.InPhaseAsync("waiting");
    }

    /// <summary>The demonstration shows what would have been sent: the latest link that opens without an account.</summary>
    private static async Task<string> LinkOfMessageAsync(IPage page)
    {
        await page.OpenUntilAsync("/demonstration/messages", page.GetByText("You can also join without signing in"));
        return JoinLink().Match(await page.GetByRole(AriaRole.Main).InnerTextAsync()).Value;
    }

    [GeneratedRegex("https?://\\S+/join/[0-9a-f]{64}")]
    private static partial Regex JoinLink();
}
