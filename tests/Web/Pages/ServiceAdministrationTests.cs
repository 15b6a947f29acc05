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

    /// <summary>Several boxes of one name are ticked.</summary>
    private static Task<Page> SaveAsync(Browser browser, Page form, params (string Name, string Value)[] fields) =>
        browser.PostAsync(form.Address.ToString(), [KeyValuePair.Create("__RequestVerificationToken", form.RequestToken ?? ""), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
