using System.Net;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>An administrator says who sees patients at the practice.</summary>
public sealed class ClinicianTests : WebTest
{
    [Fact]
    public async Task A_clinician_is_added_with_services_and_signs_in_with_the_account_that_has_the_address()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        using var unknown = await Web.SignInAsync(People.UnknownClinician);
        var refused = await unknown.GetAsync("/clinics");
        var form = await browser.GetAsync((await browser.GetAsync("/practice/clinicians")).Link("Add a clinician"));

        var empty = await browser.SubmitAsync(form, "Save");
        var taken = await SaveAsync(browser, form, ("GivenName", "Priya"), ("FamilyName", "Raman"), ("Services", Seed.Gp.Id.ToString()), ("Email", People.Amara.Email ?? ""));
        var added = await SaveAsync(browser, form, ("Title", "Ms"), ("GivenName", "Priya"), ("FamilyName", "Raman"), ("Services", Seed.Gp.Id.ToString()), ("Email", "Ulf@Example.com"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains(People.UnknownClinician.Email ?? "no address", refused.Main, StringComparison.Ordinal);
        Assert.Equal(["#GivenName", "#FamilyName"], empty.Errors.Select(error => error.Field));
        Assert.Equal("#Email", Assert.Single(taken.Errors).Field);
        Assert.Contains("Ms Priya Raman", added.Main, StringComparison.Ordinal);
        Assert.Contains("GP consultation", added.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await unknown.GetAsync("/clinics")).Status);
    }

    [Fact]
    public async Task Whoever_leaves_is_shown_with_what_is_booked_and_takes_nothing_new()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        using var patient = await Web.SignInAsync(People.Mohammed);
        await Web.BookAsync(Seed.Margaret, Seed.At(11));
        var page = await browser.GetAsync((await browser.GetAsync("/practice/clinicians")).Link("Dr Amara Okafor"));

        var preview = await browser.SubmitAsync(page, "Take no new bookings");
        var ended = await browser.SubmitAsync(preview, "Take no new bookings all the same");
        var days = await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}");
        var back = await browser.SubmitAsync(ended, "They work here again");

        Assert.Contains("Margaret Hughes, Monday 2 March 2026 at 11am", preview.Main, StringComparison.Ordinal);
        Assert.Contains("Left on 2 March 2026", ended.Main, StringComparison.Ordinal);
        Assert.Contains("1 appointment is still booked then.", ended.Main, StringComparison.Ordinal);
        Assert.Contains("There are no free appointments", days.Main, StringComparison.Ordinal);
        Assert.Contains("When they leave", back.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("There are no free appointments", (await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_practices_clinician_and_services_are_not_there()
    {
        using var browser = await Web.SignInAsync(People.Ruth);
        var form = await browser.GetAsync("/practice/clinicians/edit");

        var page = await browser.GetAsync($"/practice/clinicians/edit/{Seed.Rowan.Id}");
        var ended = await browser.PostAsync($"/practice/clinicians/edit/{Seed.Rowan.Id}?handler=End", [KeyValuePair.Create("__RequestVerificationToken", form.RequestToken ?? "")]);
        var service = await SaveAsync(browser, form, ("GivenName", "Priya"), ("FamilyName", "Raman"), ("Services", Seed.HillsideGp.Id.ToString()));

        Assert.DoesNotContain("Hillside", form.Main, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (page.Status, ended.Status, service.Status));
    }

    private static Task<Page> SaveAsync(Browser browser, Page form, params (string Name, string Value)[] fields) =>
        browser.PostAsync(form.Address.ToString(), [KeyValuePair.Create("__RequestVerificationToken", form.RequestToken ?? ""), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
