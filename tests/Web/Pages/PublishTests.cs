using System.Net;
using Telemedicine.Clinical;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>Staff publish clinics from a weekly pattern.</summary>
public sealed class PublishTests : WebTest
{
    private static readonly (string, string)[] Pattern =
    [
        ("Clinician", Seed.Amara.Id.ToString()),
        ("Service", Seed.Gp.Id.ToString()),
        ("First", "2026-03-02"),
        ("Last", "2026-03-05"),
        ("Days", "Monday"),
        ("Days", "Tuesday"),
        ("Days", "Wednesday"),
        ("Start", "09:00"),
        ("End", "10:00"),
        ("Except", "4/3/2026"),
    ];

    [Fact]
    public async Task What_would_be_published_is_shown_first_and_clashes_are_named()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var form = await browser.GetAsync((await browser.GetAsync("/practice/diary")).Link("Publish clinics"));

        var clash = await PlanAsync(browser, form, Pattern);
        var plan = await PlanAsync(browser, form, [.. Pattern.Where(field => field.Item1 is not ("First" or "Last" or "Except")), ("First", "2026-03-09"), ("Last", "2026-03-11"), ("Except", "11/3/2026")]);
        var done = await browser.SubmitAsync(plan, "Publish 2 clinics");

        Assert.Contains("not published, because the clinician has another clinic at 9am", clash.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Wednesday 4 March", clash.Main, StringComparison.Ordinal);
        Assert.Contains("Nothing is published yet", plan.Main, StringComparison.Ordinal);
        Assert.Contains("2 clinics are published, with 8 times to book.", done.Main, StringComparison.Ordinal);
        Assert.Contains("9am to 10am GP consultation: 0 booked, 4 free", done.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_said_beside_its_field()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var form = await browser.GetAsync("/practice/publish");

        var empty = await browser.SubmitAsync(form, "Continue");
        var unreadable = await PlanAsync(browser, form, [.. Pattern.Where(field => field.Item1 != "Except"), ("Except", "Christmas")]);
        var backwards = await PlanAsync(browser, form, [.. Pattern.Where(field => field.Item1 != "End"), ("End", "08:00")]);
        var wrong = await PlanAsync(browser, form, [.. Pattern.Where(field => field.Item1 != "Service"), ("Service", Seed.Physiotherapy.Id.ToString())]);

        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal(["#Clinician", "#Days", "#End", "#First", "#Last", "#Service", "#Start"], empty.Errors.Select(error => error.Field).Order());
        Assert.Equal([("Enter each day on a line of its own, such as 25/12/2026", "#Except")], unreadable.Errors);
        Assert.Equal([("The clinic must end after it starts", "#End")], backwards.Errors);
        Assert.Equal("#Service", Assert.Single(wrong.Errors).Field);
        Assert.NotNull(wrong.Document.QuerySelector("#Days[checked]"));
    }

    [Fact]
    public async Task Another_practices_clinician_is_not_there()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var form = await browser.GetAsync("/practice/publish");

        var page = await PlanAsync(browser, form, [.. Pattern.Where(field => field.Item1 != "Clinician"), ("Clinician", Seed.Rowan.Id.ToString())]);

        Assert.DoesNotContain("Rowan", form.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
    }

    private static Task<Page> PlanAsync(Browser browser, Page form, params (string Name, string Value)[] fields) =>
        browser.PostAsync("/practice/publish?handler=Plan", [KeyValuePair.Create("__RequestVerificationToken", form.RequestToken ?? ""), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
