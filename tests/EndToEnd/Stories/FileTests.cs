using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>What is sent in a call besides voice and picture, and what is left of it afterwards.</summary>
public class FileTests(ProductFixture fixture) : CallStory(fixture)
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
    public async Task A_photo_that_the_patient_sends_is_looked_at_together_and_the_conversation_is_kept()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.StephenMarsh, Journeys.MrNowak, "Physiotherapy");
        await AdmitAsync(patient, clinician, appointment);

        // The patient sends a photo, and something that is none.
        await patient.Page.Button("Messages").ClickAsync();
        await patient.Page.GetByLabel("Choose a photo or a PDF").SetInputFilesAsync(new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = "No photo"u8.ToArray() });
        await patient.Page.Button("Add the file").ClickAsync();
        await Expect(patient.Page.GetByText("The file must be a photo (JPEG, PNG or WebP) or a PDF")).ToBeVisibleAsync();
        await patient.Page.GetByLabel("Choose a photo or a PDF").SetInputFilesAsync(Path.Combine(Checkout.Root, "docs/images/call.png"));
        await patient.Page.Button("Add the file").ClickAsync();
        await Expect(patient.Page.Link("call.png")).ToBeVisibleAsync();

        // The clinician hears of it and shows it to both; each sees where the other points.
        await clinician.Page.Button("Messages (1 new)").ClickAsync();
        await clinician.Page.Button("Show call.png to everybody").ClickAsync();
        await Task.WhenAll(ShowsAsync(patient.Page), ShowsAsync(clinician.Page));
        await Image(clinician.Page).PressAsync("Shift+ArrowLeft");
        await Image(clinician.Page).PressAsync("Shift+ArrowLeft");
        await Expect(patient.Page.Locator("[data-call=image-said]")).ToContainTextAsync(new Regex("points at the left of the photo"));
        await Image(patient.Page).ClickAsync();
        await Expect(clinician.Page.Locator("[data-call=image-said]")).ToContainTextAsync("Stephen Marsh points at the middle of the photo");
        await clinician.Page.Button("Stop showing").ClickAsync();
        await Expect(patient.Page.Locator("[data-call=image]")).ToBeHiddenAsync();

        // The clinician keeps the conversation, and the patient is told.
        await patient.Page.GetByLabel("Write a message").FillAsync("It has been swollen since Monday");
        await patient.Page.Button("Send").ClickAsync();
        await clinician.Page.Button("Keep this conversation").ClickAsync();
        await Expect(patient.Page.Locator("[data-call=messages]")).ToContainTextAsync("The clinician keeps these messages");

        // Both read and open afterwards what was kept.
        await clinician.Page.GetByLabel("Note").FillAsync("Swollen knee. Rest, ice, review in two weeks.");
        await clinician.Page.GetByText("Finish consultation", new() { Exact = true }).ClickAsync();
        await clinician.Page.Button("Yes, finish").ClickAsync();
        await Expect(patient.Page.Heading("Your appointment is finished")).ToBeVisibleAsync();
        await patient.Page.OpenUntilAsync($"/consultations/{appointment}/outcome", patient.Page.GetByText("It has been swollen since Monday"));
        var download = await patient.Page.RunAndWaitForDownloadAsync(() => patient.Page.Link("call.png").ClickAsync());
        Assert.Equal("call.png", download.SuggestedFilename);
        await clinician.Page.GotoAsync($"/clinics/consultations/{appointment}");
        await Expect(clinician.Page.Heading("Messages from the call")).ToBeVisibleAsync();
        await Expect(clinician.Page.Link("call.png")).ToBeVisibleAsync();
        Assert.DoesNotContain(patient.Console.Concat(clinician.Console), line => line.StartsWith("page error", StringComparison.Ordinal));
    }

    private static ILocator Image(IPage page) => page.Locator("[data-call=image-surface]");

    /// <summary>The photo itself, not its place alone.</summary>
    private static Task ShowsAsync(IPage page) => page.WaitForFunctionAsync("() => document.querySelector('[data-call=image-canvas]').width > 100");
}
