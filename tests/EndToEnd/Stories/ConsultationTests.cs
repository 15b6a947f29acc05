using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Media;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A first consultation from booking to outcome, two people, two browsers, pictures and sound through the SFU.</summary>
public class ConsultationTests(ProductFixture fixture) : CallStory(fixture)
{
    [Fact]
    public async Task A_patient_books_waits_is_admitted_talks_and_sees_the_outcome()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.MargaretHughes, Journeys.DrOkafor);

        // The clinic board says so, live.
        await Expect(clinician.Page.BoardRow(appointment)).ToContainTextAsync("Waiting");

        await AdmitAsync(patient, clinician, appointment);
        await SeeAndHearEachOtherAsync(patient, clinician);

        // Messages go both ways.
        await SayAsync(patient.Page, "Can you hear me?");
        await Expect(Messages(clinician.Page)).ToContainTextAsync("Can you hear me?");
        await SayAsync(clinician.Page, "Yes, very well");
        await Expect(Messages(patient.Page)).ToContainTextAsync("Yes, very well");

        // A refresh on the patient's side comes back by itself, and again.
        for (var time = 0; time < 2; time++)
        {
            await patient.Page.ReloadAsync();
            await patient.Page.InPhaseAsync("inCall");
            await SeeAndHearEachOtherAsync(patient, clinician);
        }
        await Expect(Messages(patient.Page)).ToContainTextAsync("Yes, very well");

        // And on the clinician's.
        await clinician.Page.ReloadAsync();
        await clinician.Page.InPhaseAsync("inCall");
        await SeeAndHearEachOtherAsync(patient, clinician);

        // A raised hand is shown to the other, and said.
        var more = patient.Page.GetByRole(AriaRole.Button, new() { Name = "More", Exact = true });
        await more.ClickAsync();
        await patient.Page.Button("Raise hand").ClickAsync();
        await Expect(clinician.Page.Locator("[data-participant-id]")).ToContainTextAsync("hand raised");
        await Expect(clinician.Page.Locator("[data-call=heard]")).ToContainTextAsync("raised a hand");
        await more.ClickAsync();
        await patient.Page.Button("Lower hand").ClickAsync();
        await Expect(clinician.Page.Locator("[data-participant-id]")).Not.ToContainTextAsync("hand raised");

        // Mute, by its key, and camera off are shown to the other.
        await patient.Page.Keyboard.PressAsync("Control+d");
        await Expect(clinician.Page.Locator("[data-participant-id]")).ToContainTextAsync("microphone off");
        await patient.Page.Button("Turn camera off").ClickAsync();
        await Expect(clinician.Page.Locator("[data-participant-id]")).ToContainTextAsync("Camera off");
        await patient.Page.Button("Turn camera on").ClickAsync();
        await patient.Page.Button("Turn microphone on").ClickAsync();
        await clinician.Page.SeesAsync(Clip.Patient);
        await clinician.Page.HearsAsync(Clip.Patient);

        // The clinician writes a note and finishes; the patient sees the outcome.
        await clinician.Page.GetByLabel("Note").FillAsync("Sleeping better. Carry on with the tablets. Review in four weeks.");
        await clinician.Page.GetByText("Finish consultation", new() { Exact = true }).ClickAsync();
        await clinician.Page.Button("Yes, finish").ClickAsync();
        await Expect(patient.Page.Heading("Your appointment is finished")).ToBeVisibleAsync();
        await Expect(clinician.Page.BoardRow(appointment)).ToContainTextAsync("Done");

        // How the connection was came from the media node while they talked.
        await clinician.Page.BoardRow(appointment).GetByRole(AriaRole.Link, new() { NameRegex = new("^Open consultation") }).ClickAsync();
        await Expect(clinician.Page.GetByText("Connection", new() { Exact = true })).ToBeVisibleAsync();

        await patient.Page.GotoAsync($"/appointments/{appointment}");
        await Expect(patient.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Done");
    }

    [Fact]
    public async Task A_lost_network_comes_back_into_the_same_call()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.MohammedIqbal, Journeys.MrNowak, "Physiotherapy");
        await AdmitAsync(patient, clinician, appointment);
        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 3);

        await patient.Context.SetOfflineAsync(true);
        await Expect(clinician.Page.Locator("[data-participant-id]")).ToContainTextAsync("Reconnecting");
        await SayAsync(clinician.Page, "Stay where you are");
        await patient.Context.SetOfflineAsync(false);

        await Expect(patient.Page.Locator("[data-module=call][data-connection=connected]")).ToBeVisibleAsync();
        await Expect(Messages(patient.Page).GetByText("Stay where you are")).ToHaveCountAsync(1);
        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 3);
    }

    [Fact]
    public async Task Closing_one_of_two_tabs_leaves_the_other_whole()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.SofiaAlmeida, Journeys.DrOkafor);
        var second = await patient.Context.NewPageAsync();
        await second.GotoAsync($"/consultations/{appointment}");
        await second.Button("Turn on camera and microphone").ClickAsync();
        await second.InPhaseAsync("waiting");

        await second.CloseAsync();
        await AdmitAsync(patient, clinician, appointment);

        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 3);

        // The closed tab could still be a lost connection, and is given its 30 seconds to return.
        await Expect(clinician.Page.Locator("[data-participant-id]")).ToHaveCountAsync(1);
    }

    private static ILocator Messages(IPage page) => page.Locator("[data-call=messages]");

    private static async Task SayAsync(IPage page, string text)
    {
        if (!await page.GetByLabel("Write a message").IsVisibleAsync())
            await page.Button("Messages").ClickAsync();
        await page.GetByLabel("Write a message").FillAsync(text);
        await page.Button("Send").ClickAsync();
    }
}
