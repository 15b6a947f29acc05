using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>What remains of a consultation: a note that a closed tab does not lose, a letter that the patient reads, a survey that is answered once.</summary>
public class AfterwardsTests(ProductFixture fixture) : CallStory(fixture)
{
    private RunningProduct? _product;

    // Of its own, because it takes a time of a clinic that begins now.
    protected override RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

    public override async ValueTask InitializeAsync() => _product = await RunningProduct.StartAsync(arguments: "--no-build");

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_product is not null)
            await _product.DisposeAsync();
    }

    [Fact]
    public async Task A_note_survives_a_closed_tab_is_signed_and_the_patient_reads_the_letter_and_answers_two_questions()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.MargaretHughes, Journeys.DrOkafor);
        await AdmitAsync(patient, clinician, appointment);

        // Typed, saved by itself, and the tab is gone without a word.
        await clinician.Page.GetByLabel("Note").FillAsync("Cough for two weeks, no fever.");
        await Expect(clinician.Page.GetByText("Saved at")).ToBeVisibleAsync();
        var address = clinician.Page.Url;
        await clinician.Page.CloseAsync();
        var again = await clinician.Context.NewPageAsync();
        await again.GotoAsync(address);
        await Expect(again.GetByLabel("Note")).ToHaveValueAsync("Cough for two weeks, no fever.");

        await again.GetByLabel("Main problem").SelectOptionAsync("Cough");
        await again.GetByText("Finish consultation", new() { Exact = true }).ClickAsync();
        await again.Button("Yes, finish").ClickAsync();
        await Expect(patient.Page.Heading("Your appointment is finished")).ToBeVisibleAsync();

        await again.GotoAsync($"/clinics/consultations/{appointment}/letter");
        await again.GetByLabel("What we talked about").FillAsync("You have a cough from a cold.");
        await again.GetByLabel("What happens next").FillAsync("- Rest\n- Phone us if it is not gone in 3 weeks");
        await again.GetByText("Send the letter", new() { Exact = true }).ClickAsync();
        await again.Button("Yes, send the letter").ClickAsync();
        await Expect(again.GetByText("The letter is sent.")).ToBeVisibleAsync();

        await patient.Page.GotoAsync($"/consultations/{appointment}/outcome");
        await Expect(patient.Page.GetByText("You have a cough from a cold.")).ToBeVisibleAsync();
        var download = await patient.Page.RunAndWaitForDownloadAsync(() => patient.Page.Link("Download it as a letter").ClickAsync());
        Assert.EndsWith(".pdf", download.SuggestedFilename, StringComparison.Ordinal);
        await patient.Page.GetByLabel("Very good").CheckAsync();
        await patient.Page.GetByLabel("Well", new() { Exact = true }).CheckAsync();
        await patient.Page.Button("Send your answers").ClickAsync();
        await Expect(patient.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("We have your answers");
        await patient.Page.ReloadAsync();
        await Expect(patient.Page.GetByLabel("Very good")).ToHaveCountAsync(0);
    }
}
