using System.Net;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>Staff keep weekly clinics, leave and closures, and put the clinics into the diary. Today is Monday 2 March 2026.</summary>
public sealed class PublishTests : WebTest
{
    private static readonly (string, string)[] Weekly =
    [
        ("Clinician", Seed.Amara.Id.ToString()),
        ("Service", Seed.Gp.Id.ToString()),
        ("Days", "Monday"),
        ("Days", "Tuesday"),
        ("Days", "Wednesday"),
        ("Start", "09:00"),
        ("End", "10:30"),
        ("Breaks", "9:30 to 10:00"),
        ("From", "2026-03-02"),
    ];

    [Fact]
    public async Task A_weekly_clinic_is_stored_and_published_after_a_look_at_what_it_would_be()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var stored = await AddAsync(browser);
        var form = await browser.GetAsync((await browser.GetAsync("/practice/diary")).Link("Publish clinics"));

        var plan = await browser.SubmitAsync(form, "Continue", ("First", "2026-03-03"), ("Last", "2026-03-10"));
        var done = await browser.SubmitAsync(plan, "Publish 3 clinics");
        var again = await browser.SubmitAsync(await browser.GetAsync("/practice/publish"), "Continue", ("First", "2026-03-04"), ("Last", "2026-03-04"));

        Assert.Equal("Weekly clinic of Dr Amara Okafor", stored.Heading);
        Assert.Contains("Nothing is published yet", plan.Main, StringComparison.Ordinal);
        Assert.Contains("Tuesday 3 March 2026, Dr Amara Okafor, GP consultation, 9am to 10:30am: not published, because the clinician has another clinic then", plan.Main, StringComparison.Ordinal);
        Assert.Contains("3 clinics are published, with 12 times to book.", done.Main, StringComparison.Ordinal);
        Assert.Contains("in the diary already", again.Main, StringComparison.Ordinal);
        Assert.Contains("Monday, Tuesday, Wednesday, 9am to 10:30am", (await browser.GetAsync("/practice/weekly-clinics")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_or_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var form = await browser.GetAsync("/practice/weekly-clinics/edit");

        var empty = await browser.SubmitAsync(form, "Save");
        var unreadable = await SaveAsync(browser, form, [.. Weekly.Where(field => field.Item1 != "Breaks"), ("Breaks", "Lunch")]);
        var outside = await SaveAsync(browser, form, [.. Weekly.Where(field => field.Item1 != "Breaks"), ("Breaks", "8:00 to 9:30")]);
        var wrong = await SaveAsync(browser, form, [.. Weekly.Where(field => field.Item1 != "Service"), ("Service", Seed.Physiotherapy.Id.ToString())]);
        var publish = await browser.SubmitAsync(await browser.GetAsync("/practice/publish"), "Continue");
        var nothing = await browser.SubmitAsync(await browser.GetAsync("/practice/publish"), "Continue", ("First", "2026-03-09"), ("Last", "2026-03-10"));

        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal(["#Clinician", "#Service", "#Days", "#Start", "#End", "#From"], empty.Errors.Select(error => error.Field));
        Assert.Equal([("Enter each break on a line of its own, such as 12:30 to 13:00", "#Breaks")], unreadable.Errors);
        Assert.Equal("Lunch", unreadable.Document.QuerySelector("#Breaks")?.TextContent.Trim());
        Assert.NotNull(unreadable.Document.QuerySelector("#Days[checked]"));
        Assert.Equal("#Breaks", Assert.Single(outside.Errors).Field);
        Assert.Equal("#Service", Assert.Single(wrong.Errors).Field);
        Assert.Equal(["#First", "#Last"], publish.Errors.Select(error => error.Field));
        Assert.Equal([("There is no weekly clinic on these days. Add one first", "#Last")], nothing.Errors);
    }

    [Fact]
    public async Task A_change_shows_what_is_booked_before_it_is_done_and_afterwards()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        using var patient = await Web.SignInAsync(People.Margaret);
        var stored = await AddAsync(browser);
        await browser.SubmitAsync(await browser.SubmitAsync(await browser.GetAsync("/practice/publish"), "Continue", ("First", "2026-03-09"), ("Last", "2026-03-11")), "Publish 3 clinics");
        var times = await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-09");
        var slot = times.Document.QuerySelector("input[name=Slot]")?.GetAttribute("value") ?? "";
        await patient.SubmitAsync(await patient.SubmitAsync(times, "Continue", ("Slot", slot)), "Confirm the appointment");

        var preview = await browser.SubmitAsync(await browser.GetAsync(stored.Path), "Save", ("Start", "10:00"), ("Breaks", ""));
        var kept = await browser.GetAsync(stored.Path);
        var saved = await browser.SubmitAsync(preview, "Save all the same");
        var callOff = await browser.GetAsync(saved.Document.QuerySelectorAll("main a").First(link => link.TextContent.StartsWith("Offer other times", StringComparison.Ordinal)).GetAttribute("href") ?? "");

        Assert.Contains("1 appointment is booked then", preview.Main, StringComparison.Ordinal);
        Assert.Contains("Margaret Hughes, Monday 9 March 2026 at 9am", preview.Main, StringComparison.Ordinal);
        Assert.Equal("09:00", kept.Document.QuerySelector("#Start")?.GetAttribute("value"));
        Assert.Contains("1 appointment is still booked at times that are gone.", saved.Main, StringComparison.Ordinal);
        Assert.Contains("2 clinics in the diary have changed with it.", saved.Main, StringComparison.Ordinal);
        Assert.Equal("Call off the clinic", callOff.Document.QuerySelector("h1")?.LastChild?.TextContent.Trim());
        Assert.NotNull(callOff.Document.QuerySelector("option[value=stay]"));
        Assert.Contains("Monday 9 March 2026", (await patient.GetAsync("/appointments")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_of_a_weekly_clinic_differs_and_then_not_any_more()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var stored = await AddAsync(browser);

        var half = await browser.SubmitAsync(stored, "Save the day", ("Day", "2026-03-11"), ("OtherStart", "14:00"));
        var past = await browser.SubmitAsync(stored, "Save the day", ("Day", "2026-02-11"));
        var saved = await browser.SubmitAsync(stored, "Save the day", ("Day", "2026-03-11"), ("OtherStart", "14:00"), ("OtherEnd", "15:00"));
        var removed = await browser.SubmitAsync(saved, "Remove Wednesday 11 March 2026");

        Assert.Equal("#OtherEnd", Assert.Single(half.Errors).Field);
        Assert.Equal("14:00", half.Document.QuerySelector("#OtherStart")?.GetAttribute("value"));
        Assert.Equal("#Day", Assert.Single(past.Errors).Field);
        Assert.Contains("Wednesday 11 March 2026: 2pm to 3pm", saved.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("2pm to 3pm", removed.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leave_is_added_after_a_look_at_what_is_booked_and_removed_again()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        await Web.BookAsync(Seed.Margaret, Seed.At(11));
        var form = await browser.GetAsync((await browser.GetAsync("/practice/diary")).Link("Leave and closures"));

        var empty = await browser.SubmitAsync(form, "Add");
        var preview = await browser.SubmitAsync(form, "Add", ("Clinician", Seed.Amara.Id.ToString()), ("First", "2026-03-02"), ("Last", "2026-03-03"), ("Reason", "Annual leave"));
        var added = await browser.SubmitAsync(preview, "Add it all the same");
        var diary = await browser.GetAsync("/practice/diary");
        var removed = await browser.SubmitAsync(added, "Remove Dr Amara Okafor, Monday 2 March 2026 to Tuesday 3 March 2026");

        Assert.Equal(["#First", "#Last", "#Reason"], empty.Errors.Select(error => error.Field));
        Assert.Contains("Margaret Hughes, Monday 2 March 2026 at 11am", preview.Main, StringComparison.Ordinal);
        Assert.Contains("1 appointment is still booked.", added.Main, StringComparison.Ordinal);
        Assert.Contains("Offer other times", added.Main, StringComparison.Ordinal);
        Assert.Contains("Blocked: On leave: Annual leave", diary.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Annual leave", removed.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Annual leave", (await browser.GetAsync("/practice/diary")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_says_which_bank_holidays_are_kept_and_a_receptionist_does_not()
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        using var helen = await Web.SignInAsync(People.Helen);

        var saved = await ruth.SubmitAsync(await ruth.GetAsync("/practice/time-off"), "Save", ("Region", "Scotland"));
        var page = await helen.GetAsync("/practice/time-off");
        var refused = await helen.PostAsync("/practice/time-off?handler=BankHolidays", [KeyValuePair.Create("__RequestVerificationToken", page.RequestToken ?? ""), KeyValuePair.Create("Region", "None")]);

        Assert.Contains("Monday 30 November 2026", saved.Main, StringComparison.Ordinal);
        Assert.Contains("Monday 30 November 2026", page.Main, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("#Region"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    [Fact]
    public async Task Another_practices_clinician_clinic_and_leave_are_not_there()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        using var imran = await Web.SignInAsync(People.Imran);
        var stored = await AddAsync(browser);
        var form = await browser.GetAsync("/practice/weekly-clinics/edit");

        var foreign = await SaveAsync(browser, form, [.. Weekly.Where(field => field.Item1 != "Clinician"), ("Clinician", Seed.Rowan.Id.ToString())]);
        var leave = await browser.SubmitAsync(await browser.GetAsync("/practice/time-off"), "Add", ("Clinician", Seed.Amara.Id.ToString()), ("First", "2026-05-02"), ("Last", "2026-05-02"), ("Reason", "Leave"));
        var id = leave.Document.QuerySelector("input[name=id]")?.GetAttribute("value") ?? "";
        var token = (await imran.GetAsync("/practice/time-off")).RequestToken ?? "";
        var theirs = await imran.PostAsync("/practice/time-off?handler=Remove", [KeyValuePair.Create("__RequestVerificationToken", token), KeyValuePair.Create("id", id)]);

        Assert.DoesNotContain("Rowan", form.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await imran.GetAsync(stored.Path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, theirs.Status);
        Assert.DoesNotContain("Okafor", (await imran.GetAsync("/practice/weekly-clinics")).Text, StringComparison.Ordinal);
    }

    /// <summary>Amara's GP clinic, 9am to 10:30am with a break, on three days of the week.</summary>
    private static async Task<Page> AddAsync(Browser browser) => await SaveAsync(browser, await browser.GetAsync("/practice/weekly-clinics/edit"), Weekly);

    private static Task<Page> SaveAsync(Browser browser, Page form, params (string Name, string Value)[] fields) =>
        browser.PostAsync(form.Address.ToString(), [KeyValuePair.Create("__RequestVerificationToken", form.RequestToken ?? ""), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
