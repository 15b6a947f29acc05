using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>What Identity ends, ends in the call too: from Identity to Web by a logout token, from Web to Signalling by a command.</summary>
public class SignedOutTests(ProductFixture fixture) : CallStory(fixture)
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
    public async Task An_account_that_is_switched_off_in_a_call_leaves_the_call_and_is_told_why()
    {
        var administrator = await PersonAsync("administrator");
        await administrator.Page.SignInAsync(Journeys.RuthFielding, Product.Password);
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.StephenMarsh, Journeys.MrNowak, "Physiotherapy");
        await AdmitAsync(patient, clinician, appointment);

        await SwitchAsync(administrator.Page, "off");

        await Expect(patient.Page.Heading("You have been signed out")).ToBeVisibleAsync();
        await patient.Page.InPhaseAsync("preview");
        await Expect(clinician.Page.Locator("[data-call=status]")).ToContainTextAsync("Waiting for Stephen Marsh to come back");
        await patient.Page.Button("Sign in again").ClickAsync();
        await Expect(patient.Page.GetByLabel("Email address")).ToBeVisibleAsync();

        await SwitchAsync(administrator.Page, "on");
    }

    private async Task SwitchAsync(IPage page, string to)
    {
        await page.GotoAsync(Product.IdentityAddress + "/administration?search=" + Uri.EscapeDataString(Journeys.StephenMarsh));
        await page.Link("Stephen Marsh").ClickAsync();
        await page.Link($"Switch {to} the account").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("A lost telephone");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).ClickAsync();
        await page.Link($"Switch {(to == "on" ? "off" : "on")} the account").WaitForAsync();
    }
}
