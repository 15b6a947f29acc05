using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>What happens between arriving and being admitted, with the patient, the clinician and the practice each at their own page.</summary>
public class WaitingTests(ProductFixture fixture) : CallStory(fixture)
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
    public async Task Who_waits_knows_their_place_gets_help_and_messages_and_comes_back_without_losing_it()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.MargaretHughes, Journeys.NurseRaman, "Nurse review");
        var panel = patient.Page.Locator("[data-call=waiting-panel]");
        await Expect(panel).ToContainTextAsync("You are next.");
        await Expect(panel).ToContainTextAsync("We expect that you wait");

        // Help is asked for at the patient's and seen at the practice's, while the clinician looks at the same board.
        var staff = await PersonAsync("staff");
        await staff.Page.SignInAsync(Journeys.HelenBrooks, Product.Password);
        await staff.Page.GotoAsync(new Uri(clinician.Page.Url).AbsolutePath);
        await patient.Page.GetByText("I need help now").ClickAsync();
        await patient.Page.Button("Yes, tell the practice now").ClickAsync();
        await Expect(panel).ToContainTextAsync("You asked for help at");
        await Expect(clinician.Page.Heading("Asked for help now")).ToBeVisibleAsync();
        await staff.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^I have seen it") }).ClickAsync();
        await Expect(panel).ToContainTextAsync("Helen Brooks saw at");
        await Expect(clinician.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Helen Brooks saw it at");

        // A word from the practice reaches the page of who waits.
        await staff.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Send a message to Margaret Hughes") }).ClickAsync();
        await staff.Page.Button("Send").ClickAsync();
        await Expect(staff.Page.Heading("There is a problem")).ToBeVisibleAsync();
        await staff.Page.GetByLabel("Message").FillAsync("The nurse is on her way to you.");
        await staff.Page.Button("Send").ClickAsync();
        await Expect(panel).ToContainTextAsync("The nurse is on her way to you.");

        // Two who work the board do not both call the patient.
        await staff.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^I am calling") }).First.ClickAsync();
        await Expect(clinician.Page.BoardRow(appointment)).ToContainTextAsync("Helen Brooks is calling this patient");

        // The page is closed and opened again: the same place, with all that was said.
        await patient.Page.GotoAsync($"/appointments/{appointment}");
        await patient.Page.Button("Join the appointment").ClickAsync();
        await patient.Page.GetByRole(AriaRole.Button, new() { Name = "Join", Exact = true }).ClickAsync();
        await patient.Page.InPhaseAsync("waiting");
        await Expect(panel).ToContainTextAsync("You are next.");
        await Expect(panel).ToContainTextAsync("The nurse is on her way to you.");

        await AdmitAsync(patient, clinician, appointment);
        await Expect(patient.Page.Heading("You are in the waiting room")).ToBeHiddenAsync();
    }
}
