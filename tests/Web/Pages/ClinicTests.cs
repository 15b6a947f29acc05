using System.Net;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class ClinicTests : WebTest
{
    private static readonly string Board = $"/clinics/{Seed.AmarasMorning.Schedule.Id}";

    [Fact]
    public async Task A_clinician_sees_their_own_clinics_of_the_day_and_of_other_days()
    {
        using var browser = await Web.SignInAsync(People.Amara);

        var today = await browser.GetAsync("/clinics");
        var tomorrow = await browser.GetAsync("/clinics?day=2026-03-03");
        var nonsense = await browser.GetAsync("/clinics?day=soon");

        Assert.Equal(Board, today.Link("9am to midday"));
        Assert.DoesNotContain("Physiotherapy", today.Main, StringComparison.Ordinal);
        Assert.Contains("9am to 10am", tomorrow.Main, StringComparison.Ordinal);
        Assert.Contains("9am to midday", nonsense.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_see_all_clinics_of_the_day()
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var page = await browser.GetAsync("/clinics");

        Assert.Contains("Dr Amara Okafor", page.Main, StringComparison.Ordinal);
        Assert.Contains("Mr Tomasz Nowak", page.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Rowan", page.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_board_shows_how_far_each_appointment_is()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        await Web.BookAsync(Seed.Mohammed, Seed.At(9, 15));
        using var patient = await Web.SignInAsync(People.Margaret);
        using var clinician = await Web.SignInAsync(People.Amara);
        string Status(Page page) => page.Document.QuerySelector($"tr[data-consultation-id='{appointment}'] [data-status]")?.TextContent.Trim() ?? "";

        var booked = Status(await clinician.GetAsync(Board));
        await patient.SubmitAsync(await patient.ArriveAsync($"/consultations/{appointment}/join"), "Join");
        await Web.SignalAsync(Web.Event(ConsultationEventType.Waiting, appointment, Seed.Margaret));
        var waiting = Status(await clinician.GetAsync(Board));
        Web.Time.Advance(TimeSpan.FromMinutes(3));
        await Web.SignalAsync(Web.Event(ConsultationEventType.Admitted, appointment, Seed.Amara), Web.Event(ConsultationEventType.Connected, appointment, Seed.Margaret));
        var inCall = await clinician.GetAsync(Board);

        Assert.Equal("Booked", booked);
        Assert.Equal("Waiting since 8:30am", waiting);
        Assert.Equal("In call since 8:33am", Status(inCall));
        Assert.Equal(2, inCall.Document.QuerySelectorAll("tr[data-consultation-id]").Length);
        var root = inCall.Document.QuerySelector("[data-module=clinic-board]");
        Assert.Equal(Board + "/ticket", root?.GetAttribute("data-ticket-url"));
        Assert.NotNull(inCall.RequestToken);
        var fragment = await clinician.GetAsync(root?.GetAttribute("data-fragment-url") ?? "");
        Assert.Null(fragment.Document.QuerySelector("header"));
        Assert.Equal(root?.QuerySelector("[data-board=fragment]")?.InnerHtml.Trim(), fragment.Document.Body?.InnerHtml.Trim());
    }

    [Fact]
    public async Task Staff_watch_any_board_and_join_none()
    {
        await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Helen);

        var page = await browser.GetAsync(Board);

        Assert.Contains("Margaret Hughes", page.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Open consultation", page.Main, StringComparison.Ordinal);
        Assert.NotEmpty(page.Document.QuerySelectorAll("a[href$='/cancel']"));
    }

    [Fact]
    public async Task What_was_not_held_is_closed_from_the_start_on_and_marked_as_missed_once_the_clinician_was_there()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Amara);
        var early = await browser.GetAsync(Board);
        Web.Time.SetUtcNow(Seed.Today(9, 4));
        var tooEarly = await browser.GetAsync($"/clinics/appointments/{appointment}/did-not-attend");
        await Web.AmaraWaitsAsync(appointment, Seed.At(9));
        var board = await browser.GetAsync(Board);
        var ask = await browser.GetAsync(board.Document.QuerySelector($"#missed-{appointment}")?.GetAttribute("href") ?? "");

        var done = await browser.SubmitAsync(ask, "Mark as did not attend");

        Assert.Null(early.Document.QuerySelector($"#missed-{appointment}"));
        Assert.Contains("Wait until 9:05am. It is too early to say this.", tooEarly.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Mark as did not attend", tooEarly.Main, StringComparison.Ordinal);
        Assert.Contains("After that the clinician was there for 5 minutes.", ask.Main, StringComparison.Ordinal);
        Assert.Equal(Board, done.Path);
        Assert.Contains("Did not attend", done.Document.QuerySelector($"tr[data-consultation-id='{appointment}'] [data-status]")?.TextContent);
        while (!Web.Signalling.Received.Any(r => r.Command is { Type: ClinicCommandType.Cancel, Consultation: { } c } && c.Value == appointment.Value))
            await Web.Signalling.NextAsync(Cancelled);
    }

    [Fact]
    public async Task Who_waits_is_not_marked_as_absent_whatever_is_sent()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var patient = await Web.SignInAsync(People.Margaret);
        await patient.SubmitAsync(await patient.ArriveAsync($"/consultations/{appointment}/join"), "Join");
        await Web.SignalAsync(Web.Event(ConsultationEventType.Waiting, appointment, Seed.Margaret));
        await Web.AmaraWaitsAsync(appointment, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Amara);
        var ask = await browser.GetAsync($"/clinics/appointments/{appointment}/did-not-attend");

        var refused = await browser.PostAsync(ask.Address.ToString(), new Dictionary<string, string> { ["__RequestVerificationToken"] = ask.RequestToken ?? "", ["absence"] = "DidNotAttend" });

        Assert.DoesNotContain("Mark as did not attend", ask.Main, StringComparison.Ordinal);
        Assert.Contains("The patient was there at 8:30am, so they did not miss the appointment", ask.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("The patient was there at 8:30am", refused.Errors.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clinician_who_does_not_come_is_made_up_for_in_one_step_and_the_patient_reads_why()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        Web.Time.SetUtcNow(Seed.Today(9, 20));
        using var staff = await Web.SignInAsync(People.Helen);
        using var patient = await Web.SignInAsync(People.Margaret);
        var page = await staff.GetAsync($"/clinics/appointments/{appointment}/did-not-attend");

        var missing = await staff.SubmitAsync(page, "Close it and tell the patient");
        var gone = await staff.PostAsync($"{page.Path}?handler=NotHeld", new Dictionary<string, string> { ["__RequestVerificationToken"] = page.RequestToken ?? "", ["Why"] = "ClinicianDidNotCome", ["To"] = Guid.NewGuid().ToString() });
        var nothingWaited = await staff.SubmitAsync(page, "Close it and tell the patient", ("Why", "LeftBeforeSeen"));
        var done = await staff.SubmitAsync(missing, "Close it and tell the patient", ("Why", "ClinicianDidNotCome"));
        var old = await patient.GetAsync($"/appointments/{appointment}");
        var all = await patient.GetAsync("/appointments");

        Assert.Contains("The clinician was not there after the start.", page.Main, StringComparison.Ordinal);
        Assert.Equal([("Choose why the appointment was not held", "#Why")], missing.Errors);
        Assert.Equal("#To", gone.Errors.Single().Field);
        Assert.Equal("#Why", nothingWaited.Errors.Single().Field);
        Assert.Contains("the patient has a new time", done.Document.QuerySelector(".nhsuk-notification-banner--success")?.TextContent);
        Assert.Contains("Your clinician did not come. This was our fault, and we are sorry.", old.Main, StringComparison.Ordinal);
        Assert.Contains("You pay nothing for it.", old.Main, StringComparison.Ordinal);
        Assert.Contains("Tuesday 3 March 2026 at 9am", all.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patient_disputes_a_mark_and_staff_put_it_right()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        await Web.AmaraWaitsAsync(appointment, Seed.At(9));
        using var staff = await Web.SignInAsync(People.Helen);
        using var patient = await Web.SignInAsync(People.Margaret);
        using var other = await Web.SignInAsync(People.Mohammed);
        using var neighbour = await Web.SignInAsync(People.Imran);
        await staff.SubmitAsync(await staff.GetAsync($"/clinics/appointments/{appointment}/did-not-attend"), "Mark as did not attend");

        var details = await patient.GetAsync($"/appointments/{appointment}");
        var form = await patient.GetAsync(details.Link("Tell us that this is wrong"));
        var empty = await patient.SubmitAsync(form, "Send");
        var sent = await patient.SubmitAsync(form, "Send", ("Text", "I waited <20> minutes"));
        var foreign = await other.GetAsync(form.Address.ToString());
        var tasks = await staff.GetAsync("/practice/tasks");
        var address = tasks.Document.QuerySelector("main table a")?.GetAttribute("href") ?? "";
        var dispute = await staff.GetAsync(address);
        var undecided = await staff.SubmitAsync(dispute, "Correct the record", ("Reason", "You are right"));
        var silent = await staff.SubmitAsync(dispute, "Keep the record as it is");
        var corrected = await staff.SubmitAsync(undecided, "Correct the record", ("Instead", "TechnicalFailure"));
        var after = await patient.GetAsync($"/appointments/{appointment}");

        Assert.Contains("The clinician was there from now on", details.Main, StringComparison.Ordinal);
        Assert.Equal([("Enter what is wrong", "#Text")], empty.Errors);
        Assert.Equal($"/appointments/{appointment}", sent.Path);
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await neighbour.GetAsync(address)).Status);
        Assert.Contains("Margaret Hughes", tasks.Main, StringComparison.Ordinal);
        Assert.Contains("I waited <20> minutes", dispute.Main, StringComparison.Ordinal);
        Assert.Equal([("Choose what happened", "#Instead")], undecided.Errors);
        Assert.Contains("You are right", undecided.Document.QuerySelector("textarea")?.TextContent);
        Assert.Equal([("Enter an answer to the patient", "#Reason")], silent.Errors);
        Assert.Contains("The record is corrected", corrected.Document.QuerySelector(".nhsuk-notification-banner--success")?.TextContent);
        Assert.Contains("The practice says: You are right", after.Main, StringComparison.Ordinal);
        Assert.Contains("Not held", after.Document.QuerySelector(".nhsuk-summary-list .nhsuk-tag")?.TextContent);
    }

    [Fact]
    public async Task The_consultation_shows_the_patient_the_call_and_the_note()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Amara);

        var page = await browser.GetAsync($"/clinics/consultations/{appointment}");

        Assert.Equal("Margaret Hughes", page.Heading);
        Assert.Contains("14 March 1941 (84 years)", page.Main, StringComparison.Ordinal);
        var root = page.Document.QuerySelector("[data-module=call]");
        Assert.Equal("clinician", root?.GetAttribute("data-role"));
        Assert.Equal(Board, root?.GetAttribute("data-outcome-url"));
        Assert.Equal("Admit Margaret Hughes", root?.QuerySelector("[data-call=admit]")?.TextContent.Trim());
        var left = await browser.GetAsync(root?.GetAttribute("data-leave-url") ?? "");
        Assert.Null(left.Document.QuerySelector("[data-module=call]"));
        Assert.Equal($"/clinics/consultations/{appointment}", left.Link("Go back to the call"));
    }

    [Fact]
    public async Task A_note_is_kept_as_a_draft()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Amara);
        var page = await browser.GetAsync($"/clinics/consultations/{appointment}");

        var saved = await browser.SubmitAsync(page, "Save note", ("Note", "\nCough since <Monday>.\n"));

        Assert.Contains("The note is saved.", saved.Main, StringComparison.Ordinal);
        Assert.Equal("\nCough since <Monday>.\n", NoteIn(saved).ReplaceLineEndings("\n"));
        Assert.Contains("Saved at 8:30am", saved.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_that_is_too_long_or_missing_is_refused_and_kept_in_the_form()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Amara);
        var page = await browser.GetAsync($"/clinics/consultations/{appointment}");
        var text = new string('n', EncounterNote.MaxLength + 1);

        var tooLong = await browser.SubmitAsync(page, "Save note", ("Note", text));
        var missing = await browser.SubmitAsync(page, "Yes, finish the consultation", ("Note", " "));

        Assert.Equal(HttpStatusCode.BadRequest, tooLong.Status);
        Assert.Equal("#Note", tooLong.Errors.Single().Field);
        Assert.Equal(text, NoteIn(tooLong));
        Assert.Equal([("Write a note before you finish", "#Note")], missing.Errors);
        Assert.NotNull(missing.Document.QuerySelector("[data-module=call]"));
    }

    [Fact]
    public async Task Two_windows_do_not_overwrite_each_others_note()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Amara);
        var one = await browser.SubmitAsync(await browser.GetAsync($"/clinics/consultations/{appointment}"), "Save note", ("Note", "Begun"));
        await browser.SubmitAsync(one, "Save note", ("Note", "Text of window A"));

        var conflict = await browser.SubmitAsync(one, "Save note", ("Note", "Text of window B"));
        var resolved = await browser.SubmitAsync(conflict, "Save note", ("Note", "Both texts"));

        Assert.Equal(HttpStatusCode.BadRequest, conflict.Status);
        Assert.Contains("Text of window A", conflict.Main, StringComparison.Ordinal);
        Assert.Equal("Text of window B", NoteIn(conflict));
        Assert.Equal("Both texts", NoteIn(resolved));
    }

    [Fact]
    public async Task Finishing_signs_the_note_ends_the_call_and_fulfils_the_appointment()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var patient = await Web.SignInAsync(People.Margaret);
        using var browser = await Web.SignInAsync(People.Amara);
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        var page = await browser.GetAsync($"/clinics/consultations/{appointment}");

        var board = await browser.SubmitAsync(page, "Yes, finish the consultation", ("Note", "Advice given."));

        Assert.Equal(Board, board.Path);
        Assert.Contains("The consultation is finished", board.Document.QuerySelector(".nhsuk-notification-banner--success")?.TextContent);
        Assert.Equal(AppointmentStatus.Fulfilled, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
        var after = await browser.GetAsync($"/clinics/consultations/{appointment}");
        Assert.Contains("Advice given.", after.Main, StringComparison.Ordinal);
        Assert.Contains("Signed on Monday 2 March 2026 at 8:30am", after.Main, StringComparison.Ordinal);
        Assert.Null(after.Document.QuerySelector("textarea"));
        while (!Web.Signalling.Received.Any(r => r.Command is { Type: ClinicCommandType.Finish, Consultation: { } c } && c.Value == appointment.Value))
            await Web.Signalling.NextAsync(Cancelled);
    }

    [Fact]
    public async Task Before_the_patient_is_let_in_there_is_nothing_to_finish_and_the_note_is_kept()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Amara);
        var page = await browser.GetAsync($"/clinics/consultations/{appointment}");

        var refused = await browser.SubmitAsync(page, "Yes, finish the consultation", ("Note", "Prepared"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("has not been let in yet", refused.Errors.Single().Text, StringComparison.Ordinal);
        Assert.Equal("Prepared", NoteIn(await browser.GetAsync(refused.Address.ToString())));
        var saved = await browser.SubmitAsync(refused, "Save note", ("Note", "Prepared more"));
        Assert.Equal("Prepared more", NoteIn(saved));
    }

    [Fact]
    public async Task Outside_demonstration_mode_nobody_starts_a_clinic_now()
    {
        using var browser = await Web.SignInAsync(People.Amara);
        var page = await browser.GetAsync("/clinics");

        var answer = await browser.PostAsync("/clinics?handler=StartNow", [new("__RequestVerificationToken", page.RequestToken ?? ""), new("practitioner", Seed.Amara.Id.ToString())]);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.DoesNotContain("Start a clinic now", page.Main, StringComparison.Ordinal);
    }

    /// <summary>What a browser would show: the first line break after the tag is dropped by the parser.</summary>
    private static string NoteIn(Page page) => page.Document.QuerySelector("textarea#Note")?.TextContent ?? "";
}
