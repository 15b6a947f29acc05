using System.Net;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>An administrator decides what can be booked.</summary>
public sealed class ServiceAdministrationTests : WebTest
{
    [Fact]
    public async Task A_service_is_added_and_patients_can_choose_it()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        using var patient = await Web.SignInAsync(People.Margaret);
        var form = await browser.GetAsync((await browser.GetAsync("/practice/services")).Link("Add a service"));

        var empty = await browser.SubmitAsync(form, "Save");
        var added = await SaveAsync(browser, form, ("Name", "Nurse review"), ("Description", "A check of a long-term condition."), ("Minutes", "20"), ("Channels", "Video"), ("Channels", "InPerson"));

        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal(["#Channels", "#Description", "#Minutes", "#Name"], empty.Errors.Select(error => error.Field).Order());
        Assert.Contains("The service is added.", added.Main, StringComparison.Ordinal);
        Assert.Contains("20 minutes. Video call or At the practice.", added.Main, StringComparison.Ordinal);
        Assert.Contains("Nurse review", (await patient.GetAsync("/appointments/book")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_changed_but_not_to_the_name_of_another()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        var form = await browser.GetAsync((await browser.GetAsync("/practice/services")).Link("GP consultation"));

        var taken = await browser.SubmitAsync(form, "Save", ("Name", "Physiotherapy"));
        var changed = await browser.SubmitAsync(form, "Save", ("Name", "Doctor"), ("Minutes", "10"));

        Assert.Equal([("Another service has this name. Enter a different one", "#Name")], taken.Errors);
        Assert.Equal("Physiotherapy", taken.Document.QuerySelector("#Name")?.GetAttribute("value"));
        Assert.Contains("10 minutes. Video call.", changed.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_takes_no_new_bookings_and_then_again()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        var services = await browser.GetAsync("/practice/services");

        var withdrawn = await browser.SubmitAsync(services, "Take no new bookings of GP consultation");
        var offered = await browser.SubmitAsync(withdrawn, "Take bookings again of GP consultation");

        Assert.Contains("Its appointments stand.", withdrawn.Main, StringComparison.Ordinal);
        Assert.Contains("Cannot be booked", withdrawn.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Cannot be booked", offered.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receptionist_does_not_decide_what_can_be_booked()
    {
        using var browser = await Web.SignInAsync(People.Helen);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/practice/services")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/practice/services/edit/{Seed.Gp.Id}")).Status);
        Assert.DoesNotContain("/practice/services", (await browser.GetAsync("/practice/diary")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_practices_service_is_not_there()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        var form = await browser.GetAsync("/practice/services/edit");

        var page = await browser.GetAsync($"/practice/services/edit/{Seed.HillsideGp.Id}");
        var saved = await browser.PostAsync($"/practice/services/edit/{Seed.HillsideGp.Id}", new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = form.RequestToken ?? "",
            ["Name"] = "Ours now",
            ["Description"] = "Taken over.",
            ["Minutes"] = "10",
            ["Channels"] = "Video",
        });

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (page.Status, saved.Status));
        Assert.DoesNotContain("Hillside", (await browser.GetAsync("/practice/services")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_are_added_moved_and_removed_without_losing_what_is_typed()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        var form = await browser.GetAsync($"/practice/services/edit/{Seed.Gp.Id}");

        var one = await browser.SubmitAsync(form, "Add a question", ("Name", "Doctor"));
        var two = await browser.SubmitAsync(one, "Add a question", ("Questions[0].Text", "Do you smoke?"));
        var moved = await browser.SubmitAsync(two, "Move question 2 up", ("Questions[1].Text", "Are you allergic to anything?"), ("Questions[1].IsRequired", "true"));
        var empty = await browser.SubmitAsync(await browser.SubmitAsync(moved, "Add a question"), "Save");
        var removed = await browser.SubmitAsync(empty, "Remove question 3");
        var saved = await browser.SubmitAsync(removed, "Save");

        Assert.Equal("Doctor", one.Document.QuerySelector("#Name")?.GetAttribute("value"));
        Assert.Equal("Are you allergic to anything?", moved.Document.QuerySelector("#Questions_0__Text")?.GetAttribute("value"));
        Assert.NotNull(moved.Document.QuerySelector("#Required-1[checked]"));
        Assert.Equal("#Questions_2__Text", Assert.Single(empty.Errors).Field);
        Assert.Contains("2 questions", saved.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_rules_cannot_be_is_said_beside_their_fields_in_the_order_of_the_page()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        var form = await browser.GetAsync($"/practice/services/edit/{Seed.Gp.Id}");

        var wrong = await browser.SubmitAsync(form, "Save", ("Minutes", "3"), ("GroupSize", "5"), ("BufferBefore", "-1"), ("Notice", "soon"), ("Horizon", "1000"), ("Price", "4.555"), ("LateFee", "ten"), ("LateNotice", "0"));

        Assert.Equal(["#Minutes", "#Channels", "#BufferBefore", "#Notice", "#Horizon", "#Price", "#LateFee", "#LateNotice"], wrong.Errors.Select(error => error.Field));
        Assert.Equal("soon", wrong.Document.QuerySelector("#Notice")?.GetAttribute("value"));
    }

    [Fact]
    public async Task A_patient_reads_the_rules_answers_the_questions_and_the_clinician_reads_the_answers()
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        using var patient = await Web.SignInAsync(People.Margaret);
        using var clinician = await Web.SignInAsync(People.Amara);
        var form = await ruth.GetAsync($"/practice/services/edit/{Seed.Gp.Id}");
        var asked = await ruth.SubmitAsync(await ruth.SubmitAsync(form, "Add a question"), "Add a question", ("Questions[0].Text", "Are you allergic to anything?"), ("Questions[0].IsRequired", "true"));
        await ruth.SubmitAsync(asked, "Save", ("Questions[1].Text", "Anything else?"), ("Price", "45.50"), ("Notice", "2"), ("Horizon", "10"));

        var services = await patient.GetAsync("/appointments/book");
        var day = await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}");
        var confirm = await patient.SubmitAsync(await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-03"), "Continue", ("Slot", Seed.AmarasTomorrow.Slots[1].Id.ToString()));
        var missing = await patient.SubmitAsync(confirm, "Confirm the appointment", ("Answers[1].Text", "No"));
        var booked = await patient.SubmitAsync(missing, "Confirm the appointment", ("Answers[0].Text", "Penicillin"));
        var details = await patient.GetAsync(booked.Link("See, change or cancel this appointment"));

        Assert.Contains("It costs £45.50.", services.Main, StringComparison.Ordinal);
        Assert.Contains("Book at least 2 hours before it starts.", day.Main, StringComparison.Ordinal);
        Assert.Contains("You can book up to 10 days ahead.", day.Main, StringComparison.Ordinal);
        Assert.Contains("You do not pay when you book.", confirm.Main, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "#Answers_0__Text"), (missing.Status, Assert.Single(missing.Errors).Field));
        Assert.Equal("No", missing.Document.QuerySelector("#Answers_1__Text")?.TextContent.Trim());
        Assert.Equal("Appointment booked", booked.Heading);
        Assert.Contains("Penicillin", details.Main, StringComparison.Ordinal);
        Assert.Contains("£45.50", details.Main, StringComparison.Ordinal);
        Assert.Contains("Penicillin", (await clinician.GetAsync(details.Path.Replace("/appointments/", "/clinics/consultations/", StringComparison.Ordinal))).Main, StringComparison.Ordinal);
        Assert.Contains("Penicillin", (await ruth.GetAsync(details.Path.Replace("/appointments/", "/practice/bookings/", StringComparison.Ordinal))).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_for_staff_only_is_hidden_from_patients_and_refused_when_they_ask_all_the_same()
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        using var patient = await Web.SignInAsync(People.Margaret);
        var times = await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-03");
        var confirm = await patient.SubmitAsync(times, "Continue", ("Slot", Seed.AmarasTomorrow.Slots[1].Id.ToString()));
        await ruth.SubmitAsync(await ruth.GetAsync($"/practice/services/edit/{Seed.Gp.Id}"), "Save", ("BookedBy", "StaffOnly"));

        var services = await patient.GetAsync("/appointments/book");
        var day = await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}");
        var held = await patient.SubmitAsync(times, "Continue", ("Slot", Seed.AmarasTomorrow.Slots[2].Id.ToString()));
        var booked = await patient.SubmitAsync(confirm, "Confirm the appointment");
        var staff = await ruth.GetAsync($"/practice/patients/{Seed.Margaret.Id}/appointments/book");

        Assert.DoesNotContain("GP consultation", services.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, day.Status);
        Assert.Contains(held.Errors, error => error.Text.StartsWith("Only the practice can book this appointment", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, booked.Status);
        Assert.Contains("GP consultation", staff.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_within_the_minimum_notice_are_not_offered()
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        using var patient = await Web.SignInAsync(People.Margaret);
        var times = await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-02");
        await ruth.SubmitAsync(await ruth.GetAsync($"/practice/services/edit/{Seed.Gp.Id}"), "Save", ("Notice", "12"));

        var refused = await patient.SubmitAsync(times, "Continue", ("Slot", Seed.At(11).Id.ToString()));
        var days = await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}");

        Assert.Contains(refused.Errors, error => error.Text == "This time starts too soon to book it. Select a later time");
        Assert.DoesNotContain("Monday 2 March", days.Main, StringComparison.Ordinal);
        Assert.Contains("Tuesday 3 March", days.Main, StringComparison.Ordinal);
    }

    /// <summary>Several boxes of one name are ticked.</summary>
    private static Task<Page> SaveAsync(Browser browser, Page form, params (string Name, string Value)[] fields) =>
        browser.PostAsync(form.Address.ToString(), [KeyValuePair.Create("__RequestVerificationToken", form.RequestToken ?? ""), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
