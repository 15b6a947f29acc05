using System.Net;
using Telemedicine.Clinical;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>The clinician's note: templates, saving by itself, coding, and changes after signing.</summary>
public sealed class NoteTests : WebTest
{
    [Fact]
    public async Task A_template_puts_its_headings_below_what_is_written()
    {
        var (browser, page) = await OpenAsync();

        var none = await browser.SubmitAsync(page, "Put the headings in", ("Note", "Cough"));
        var soap = await browser.SubmitAsync(none, "Put the headings in", ("Template", "soap"));

        Assert.Equal([("Choose a template", "#Template")], none.Errors);
        Assert.True(none.Document.QuerySelector("#Template")?.Closest("details")?.HasAttribute("open"));
        Assert.Equal("Cough\n\nSubjective:\n\nObjective:\n\nAssessment:\n\nPlan:\n", NoteIn(soap));
        Assert.Contains("Saved at 8:30am.", soap.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_is_saved_by_itself_and_says_when()
    {
        var (browser, page) = await OpenAsync();
        var address = page.Document.QuerySelector("form[data-autosave]")?.GetAttribute("data-autosave") ?? "";

        var first = await browser.PostAsync(address, Form(page, "Cough", number: 1));
        Web.Time.Advance(TimeSpan.FromMinutes(2));
        var second = await browser.PostAsync(address, Form(page, "Cough since Monday", number: 2, version: first.Json.GetProperty("version").GetInt32(), problem: "cough", outcome: "AdviceGiven"));
        var after = await browser.GetAsync(page.Address.ToString());

        Assert.Equal("Saved at 8:30am.", first.Json.GetProperty("words").GetString());
        Assert.Equal("Saved at 8:32am.", second.Json.GetProperty("words").GetString());
        Assert.Equal("Cough since Monday", NoteIn(after));
        Assert.Equal("cough", after.Document.QuerySelector("#Problem option[selected]")?.GetAttribute("value"));
        Assert.Equal("AdviceGiven", after.Document.QuerySelector("#Outcome option[selected]")?.GetAttribute("value"));
    }

    [Fact]
    public async Task A_window_that_was_overtaken_is_told_in_words_and_overwrites_nothing()
    {
        var (browser, one) = await OpenAsync();
        var two = await browser.GetAsync(one.Address.ToString());
        var address = one.Document.QuerySelector("form[data-autosave]")?.GetAttribute("data-autosave") ?? "";
        await browser.PostAsync(address, Form(one, "Window one", number: 1));

        var told = await browser.PostAsync(address, Form(two, "Window two", number: 1));
        var compared = await browser.SubmitAsync(two, "Save note", ("Note", "Window two"));

        Assert.Equal(HttpStatusCode.Conflict, told.Status);
        Assert.Contains("changed in another window", told.Json.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Contains("Window one", compared.Main, StringComparison.Ordinal);
        Assert.Equal("true", compared.Document.QuerySelector("form[data-autosave]")?.GetAttribute("data-autosave-paused"));
        Assert.Equal("Window one", NoteIn(await browser.GetAsync(one.Address.ToString())));
    }

    [Fact]
    public async Task Saving_by_itself_refuses_what_is_wrong_in_words()
    {
        var (browser, page) = await OpenAsync();
        var address = page.Document.QuerySelector("form[data-autosave]")?.GetAttribute("data-autosave") ?? "";

        var tooLong = await browser.PostAsync(address, Form(page, new string('n', 20_001), number: 1));
        var madeUp = await browser.PostAsync(address, Form(page, "Cough", number: 1, problem: "made-up"));
        var noToken = await browser.PostAsync(address, new Dictionary<string, string> { ["Note"] = "Cough" });
        var saved = await browser.SubmitAsync(page, "Save note", ("Problem", "made-up"), ("Outcome", "nonsense"));

        Assert.Equal((HttpStatusCode.BadRequest, "The note must be 20,000 characters or fewer."), (tooLong.Status, tooLong.Json.GetProperty("words").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, madeUp.Status);
        Assert.Equal(HttpStatusCode.BadRequest, noToken.Status);
        Assert.Equal([("Choose a problem from the list", "#Problem"), ("Choose an outcome from the list", "#Outcome")], saved.Errors);
        Assert.Equal("", NoteIn(await browser.GetAsync(page.Address.ToString())).Trim());
    }

    [Fact]
    public async Task A_signed_note_is_changed_with_a_reason_and_its_history_can_be_read()
    {
        var (browser, page) = await FinishedAsync("Take 5 mg.");
        var form = await browser.GetAsync(page.Link("Change the signed note"));

        var silent = await browser.SubmitAsync(form, "Change the note", ("Note", "Take 50 mg."));
        var same = await browser.SubmitAsync(form, "Change the note", ("Reason", "Wrong <dose>"));
        var done = await browser.SubmitAsync(silent, "Change the note", ("Reason", "Wrong <dose>"), ("Problem", "hypertension"));
        var stale = await browser.SubmitAsync(form, "Change the note", ("Note", "Take 7 mg."), ("Reason", "Again"));

        Assert.Equal([("Enter why you change the note", "#Reason")], silent.Errors);
        Assert.Equal("Take 50 mg.", NoteIn(silent));
        Assert.Equal([("Change the note, the problem or the outcome", "#Note")], same.Errors);
        Assert.Contains("Take 50 mg.", done.Main, StringComparison.Ordinal);
        Assert.Contains("Main problem: High blood pressure", done.Main, StringComparison.Ordinal);
        Assert.Contains("Dr Amara Okafor changed the note. Reason: Wrong <dose>", done.Main, StringComparison.Ordinal);
        Assert.Contains("Take 5 mg.", done.Document.QuerySelector("details")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, stale.Status);
        Assert.Contains("Take 50 mg.", stale.Document.QuerySelector(".nhsuk-inset-text")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_that_is_not_signed_or_somebody_elses_is_not_amended()
    {
        var (browser, page) = await OpenAsync();
        var address = page.Path + "/amend";
        using var other = await Web.SignInAsync(People.Tomasz);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(address)).Status);
        await browser.SubmitAsync(page, "Save note", ("Note", "A secret"));
        var token = (await other.GetAsync("/account/sign-out")).RequestToken ?? "";
        foreach (var path in new[] { address, page.Path + "/autosave", page.Path + "/template" })
        {
            var refused = await other.PostAsync(path, new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["Note"] = "x", ["Template"] = "soap", ["Reason"] = "Because" });
            Assert.Equal(HttpStatusCode.NotFound, refused.Status);
            Assert.DoesNotContain("secret", refused.Text, StringComparison.Ordinal);
        }
    }

    private async Task<(Browser Browser, Page Page)> OpenAsync()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var browser = await Web.SignInAsync(People.Amara);
        return (browser, await browser.GetAsync($"/clinics/consultations/{appointment}"));
    }

    private async Task<(Browser Browser, Page Page)> FinishedAsync(string note)
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var patient = await Web.SignInAsync(People.Margaret);
        var browser = await Web.SignInAsync(People.Amara);
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        await browser.SubmitAsync(await browser.GetAsync($"/clinics/consultations/{appointment}"), "Yes, finish the consultation", ("Note", note));
        return (browser, await browser.GetAsync($"/clinics/consultations/{appointment}"));
    }

    private static Dictionary<string, string> Form(Page page, string note, int number, int version = 0, string problem = "", string outcome = "") => new()
    {
        ["__RequestVerificationToken"] = page.RequestToken ?? "",
        ["Window"] = page.Document.QuerySelector("input[name=Window]")?.GetAttribute("value") ?? "",
        ["Number"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["NoteVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["Note"] = note,
        ["Problem"] = problem,
        ["Outcome"] = outcome,
    };

    private static string NoteIn(Page page) => (page.Document.QuerySelector("textarea#Note")?.TextContent ?? "").ReplaceLineEndings("\n");
}
