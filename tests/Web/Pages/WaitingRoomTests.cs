using System.Net;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Patients;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>The waiting room and the board that looks after it, by the pages of both sides.</summary>
public sealed class WaitingRoomTests : WebTest
{
    private static readonly string Board = $"/clinics/{Seed.AmarasMorning.Schedule.Id}";

    [Fact]
    public async Task Who_waits_reads_their_place_and_how_long_in_plain_words()
    {
        await WaitAsync(People.Mohammed, Seed.Mohammed, Seed.At(9));
        var (margaret, appointment) = await WaitAsync(People.Margaret, Seed.Margaret, Seed.At(9, 15));

        var call = await margaret.GetAsync($"/consultations/{appointment}");
        var panel = await margaret.GetAsync(call.Document.QuerySelector("[data-module=call]")?.GetAttribute("data-waiting-url") ?? "");

        Assert.Contains("There is 1 person before you.", call.Document.QuerySelector("[data-call=waiting-panel]")?.TextContent, StringComparison.Ordinal);
        Assert.Matches("We expect that you wait between [0-9]+ (minutes |hour )?.*and [0-9]+", panel.Text);
        Assert.Null(panel.Document.QuerySelector("header"));
        Assert.DoesNotContain("RequestVerificationToken", panel.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Mohammed", call.Text, StringComparison.Ordinal);
        Assert.Equal(panel.Text, (await margaret.GetAsync(panel.Address.PathAndQuery)).Text);
    }

    [Fact]
    public async Task The_clinic_that_runs_late_says_so_and_that_the_clinician_has_not_begun()
    {
        var (margaret, appointment) = await WaitAsync(People.Margaret, Seed.Margaret, Seed.At(9));
        Web.Time.SetUtcNow(Seed.Today(9, 25));

        var late = await margaret.GetAsync($"/consultations/{appointment}/waiting");

        Assert.Contains("You are next.", late.Main, StringComparison.Ordinal);
        Assert.Matches("Dr Amara Okafor has not started the clinic yet. The clinic is running about [0-9]+ minutes late.", late.Main);
    }

    [Fact]
    public async Task The_place_survives_a_restart_of_the_service()
    {
        await WaitAsync(People.Mohammed, Seed.Mohammed, Seed.At(9));
        var (margaret, appointment) = await WaitAsync(People.Margaret, Seed.Margaret, Seed.At(9, 15));
        var before = await margaret.GetAsync($"/consultations/{appointment}/waiting?handler=Panel");
        await using var restarted = Web.AnotherInstance();
        using var again = await restarted.SignInAsync(People.Margaret);

        var after = await again.GetAsync($"/consultations/{appointment}/waiting?handler=Panel");

        Assert.Equal(before.Text, after.Text);
    }

    [Fact]
    public async Task Asking_for_help_reaches_the_board_and_the_answer_the_patient()
    {
        var (margaret, appointment) = await WaitAsync(People.Margaret, Seed.Margaret, Seed.At(9));
        using var helen = await Web.SignInAsync(People.Helen);
        using var amara = await Web.SignInAsync(People.Amara);
        var waiting = await margaret.GetAsync($"/consultations/{appointment}/waiting");
        Assert.Equal("tel:999", waiting.Document.QuerySelector("details a")?.GetAttribute("href"));
        var sent = Web.Signalling.Received.Count;

        var asked = await PressAsync(margaret, waiting, "help-send", "help-form");
        while (Web.Signalling.Received.Count == sent)
            await Web.Signalling.NextAsync(Cancelled);
        var board = await helen.GetAsync(Board);
        Assert.Contains("1 patient asks for help now", (await helen.GetAsync("/clinics")).Main, StringComparison.Ordinal);
        var stale = await amara.GetAsync(Board);
        var seen = await PressAsync(helen, board, $"seen-{appointment}", "board-actions");
        var second = await PressAsync(amara, stale, $"seen-{appointment}", "board-actions");
        var answered = await margaret.GetAsync($"/consultations/{appointment}/waiting");

        Assert.Contains("You asked for help at 8:30am. Riverside Health Centre has been told.", asked.Main, StringComparison.Ordinal);
        Assert.Null(asked.Document.QuerySelector("#help-send"));
        Assert.Contains("Margaret Hughes asked for help at 8:30am", board.Document.QuerySelector("[data-alert=open]")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("They asked for help now.", board.Document.QuerySelector("[data-next]")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("Helen Brooks saw it at 8:30am", seen.Main, StringComparison.Ordinal);
        Assert.Null(seen.Document.QuerySelector("[data-alert=open]"));
        Assert.Equal(HttpStatusCode.BadRequest, second.Status);
        Assert.Contains("Helen Brooks saw this at 8:30am and looks after it", second.Errors.Single().Text, StringComparison.Ordinal);
        Assert.Contains("Helen Brooks saw at 8:30am that you need help", answered.Main, StringComparison.Ordinal);
        Assert.NotNull(answered.Document.QuerySelector("#help-send"));
        Assert.DoesNotContain("asks for help", (await helen.GetAsync("/clinics")).Main, StringComparison.Ordinal);
        Assert.Contains("8:30am The patient asked for help. Helen Brooks saw it at 8:30am.", (await amara.GetAsync($"/clinics/appointments/{appointment}/timeline")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_not_taken_from_outside_the_waiting_room_and_says_whom_to_phone()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        var page = await margaret.GetAsync($"/consultations/{appointment}/waiting");

        var refused = await margaret.PostAsync($"/consultations/{appointment}/waiting?handler=Help", [new("__RequestVerificationToken", page.RequestToken ?? "")]);

        Assert.Null(page.Document.QuerySelector("#help-send"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("phone Riverside Health Centre on 01632 960100. Call 999 in an emergency", refused.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_and_the_clinician_write_to_one_patient_and_to_all_who_wait()
    {
        var (margaret, appointment) = await WaitAsync(People.Margaret, Seed.Margaret, Seed.At(9));
        var (mohammed, other) = await WaitAsync(People.Mohammed, Seed.Mohammed, Seed.At(9, 15));
        using var helen = await Web.SignInAsync(People.Helen);
        using var amara = await Web.SignInAsync(People.Amara);
        var form = await helen.GetAsync((await helen.GetAsync(Board)).Document.QuerySelector($"#message-{appointment}")?.GetAttribute("href") ?? "");

        var empty = await helen.SubmitAsync(form, "Send", ("Text", " "));
        var tooLong = await helen.SubmitAsync(form, "Send", ("Text", new string('x', 501)));
        var one = await helen.SubmitAsync(form, "Send", ("Text", "Have your <inhaler> ready."));
        var all = await amara.SubmitAsync(await amara.GetAsync((await amara.GetAsync(Board)).Link("Send a message to everyone who waits")), "Send", ("Text", "I am running late."));

        Assert.Equal("Send a message to Margaret Hughes", form.Heading);
        Assert.Equal([("Enter a message", "#Text")], empty.Errors);
        Assert.Equal(501, tooLong.Document.QuerySelector("textarea")?.TextContent.Trim().Length);
        Assert.Contains("The message was sent to Margaret Hughes.", one.Main, StringComparison.Ordinal);
        Assert.Contains("The message was sent to 2 patients.", all.Main, StringComparison.Ordinal);
        var hers = await margaret.GetAsync($"/consultations/{appointment}");
        Assert.Equal(2, hers.Document.QuerySelectorAll("[data-call=waiting-panel] li[data-announce]").Length);
        Assert.Contains("Have your <inhaler> ready.", hers.Main, StringComparison.Ordinal);
        var his = await mohammed.GetAsync($"/consultations/{other}");
        Assert.DoesNotContain("inhaler", his.Main, StringComparison.Ordinal);
        Assert.Contains("Dr Amara Okafor", his.Document.QuerySelector("li[data-announce]")?.TextContent, StringComparison.Ordinal);
        var kept = await helen.GetAsync($"/clinics/appointments/{appointment}/timeline");
        Assert.Contains("told the patient: Have your <inhaler> ready.", kept.Main, StringComparison.Ordinal);
        Assert.Contains("Dr Amara Okafor told the patient: I am running late.", kept.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("inhaler", Web.Log.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_waits_is_said_before_a_message_goes_nowhere()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var helen = await Web.SignInAsync(People.Helen);

        var all = await helen.SubmitAsync(await helen.GetAsync($"{Board}/message"), "Send", ("Text", "Hello"));
        var one = await helen.SubmitAsync(await helen.GetAsync($"{Board}/message?to={appointment}"), "Send", ("Text", "Hello"));

        Assert.Equal([("Nobody waits now, so nobody would see it", "#Text")], all.Errors);
        Assert.Equal([("Margaret Hughes does not wait now, so they would not see it. Phone them", "#Text")], one.Errors);
    }

    [Fact]
    public async Task Two_people_at_one_board_see_who_calls_whom_and_what_the_other_did()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var helen = await Web.SignInAsync(People.Helen);
        using var ruth = await Web.SignInAsync(People.Ruth);
        var stale = await ruth.GetAsync(Board);

        var claimed = await PressAsync(helen, await helen.GetAsync(Board), $"claim-{appointment}", "board-actions");
        var refused = await PressAsync(ruth, stale, $"claim-{appointment}", "board-actions");
        var released = await PressAsync(helen, claimed, $"claim-{appointment}", "board-actions");
        var arrived = await PressAsync(helen, released, $"arrived-{appointment}", "board-actions");
        var late = await PressAsync(ruth, stale, $"arrived-{appointment}", "board-actions");

        Assert.Contains("You are calling this patient", claimed.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("Helen Brooks is calling this patient, until 8:35am", refused.Errors.Single().Text, StringComparison.Ordinal);
        Assert.Contains("Helen Brooks is calling this patient", refused.Document.QuerySelector("[data-until]")?.TextContent, StringComparison.Ordinal);
        Assert.Null(released.Document.QuerySelector("[data-until]"));
        Assert.Contains("Getting ready", arrived.Main, StringComparison.Ordinal);
        Assert.Equal("Helen Brooks marked the patient as arrived at 8:30am. Nothing was changed", late.Errors.Single().Text);
    }

    [Fact]
    public async Task Filters_stand_in_the_address_and_count_what_they_show()
    {
        await WaitAsync(People.Margaret, Seed.Margaret, Seed.At(9));
        await Web.BookAsync(Seed.Mohammed, Seed.At(9, 15));
        using var helen = await Web.SignInAsync(People.Helen);
        static int Rows(Page page) => page.Document.QuerySelectorAll("tr[data-consultation-id]").Length;

        var all = await helen.GetAsync(Board);
        var waiting = await helen.GetAsync(all.Link("Arriving or waiting (1)"));
        var missed = await helen.GetAsync(Board + "?show=missed");
        var nonsense = await helen.GetAsync(Board + "?show=7");

        Assert.Equal((2, 1, 0, 2), (Rows(all), Rows(waiting), Rows(missed), Rows(nonsense)));
        Assert.EndsWith("?show=waiting", waiting.Address.ToString(), StringComparison.Ordinal);
        Assert.Equal("page", waiting.Document.QuerySelector("#show-Waiting")?.GetAttribute("aria-current"));
        var fragment = waiting.Document.QuerySelector("[data-module=clinic-board]")?.GetAttribute("data-fragment-url") ?? "";
        Assert.Equal(1, Rows(await helen.GetAsync(fragment)));
        Assert.Contains("Nobody to show: missed or cancelled.", missed.Main, StringComparison.Ordinal);
    }

    /// <summary>Booked, joined and in the waiting room.</summary>
    private async Task<(Browser Browser, AppointmentId Appointment)> WaitAsync(Account account, Patient patient, Clinical.Scheduling.Slot slot)
    {
        var appointment = await Web.BookAsync(patient, slot);
        if (Web.Time.GetUtcNow() < slot.Start.AddMinutes(-30))
            Web.Time.SetUtcNow(slot.Start.AddMinutes(-30));
        var browser = await Web.SignInAsync(account);
        await browser.SubmitAsync(await browser.ArriveAsync($"/consultations/{appointment}/join"), "Join");
        await Web.SignalAsync(Web.Event(ConsultationEventType.Waiting, appointment, patient));
        return (browser, appointment);
    }

    /// <summary>Presses a button that belongs to a form elsewhere on the page.</summary>
    private static Task<Page> PressAsync(Browser browser, Page page, string button, string form)
    {
        var pressed = page.Document.GetElementById(button) ?? throw new InvalidOperationException($"No {button} at {page.Address}.");
        Assert.Equal(form, pressed.GetAttribute("form"));
        var to = pressed.GetAttribute("formaction") ?? page.Document.GetElementById(form)?.GetAttribute("action") ?? "";
        var token = page.Document.QuerySelector($"#{form} input[name=__RequestVerificationToken]")?.GetAttribute("value") ?? "";
        return browser.PostAsync(to, [new("__RequestVerificationToken", token)]);
    }
}
