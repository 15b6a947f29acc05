using System.Net;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class PracticeTests : WebTest
{
    [Theory]
    [InlineData("hugh")]
    [InlineData("14/3/1941")]
    [InlineData("07700 900100")]
    [InlineData("999 100 0372")]
    [InlineData("margret hughs")]
    public async Task Staff_find_a_patient_by_name_date_of_birth_or_phone(string text)
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var page = await browser.SubmitAsync(await browser.GetAsync("/practice/patients"), "Search", ("Search", text));

        Assert.Equal($"/practice/patients/{Seed.Margaret.Id}", page.Link("Margaret Hughes"));
        Assert.DoesNotContain("Wilma", page.Main, StringComparison.Ordinal);
        Assert.Equal("", page.Address.Query);
    }

    [Theory]
    [InlineData("", "Enter a name, a date of birth or a phone number")]
    [InlineData("h", "Enter a name, a date of birth or a phone number")]
    public async Task A_search_for_nothing_says_what_is_needed(string text, string error)
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var page = await browser.SubmitAsync(await browser.GetAsync("/practice/patients"), "Search", ("Search", text));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([(error, "#Search")], page.Errors);
        Assert.Equal(text, page.Document.QuerySelector("#Search")?.GetAttribute("value"));
    }

    [Fact]
    public async Task Staff_book_for_a_patient_and_cancel_with_a_reason()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var patient = await browser.GetAsync($"/practice/patients/{Seed.Margaret.Id}");

        var services = await browser.GetAsync(patient.Link("Book an appointment"));
        var days = await browser.GetAsync(services.Link("GP consultation"));
        var times = await browser.GetAsync(days.Link("Tuesday 3 March 2026"));
        var confirm = await browser.SubmitAsync(times, "Continue", ("Slot", Seed.AmarasTomorrow.Slots[2].Id.ToString()));
        var booked = await browser.SubmitAsync(confirm, "Confirm the appointment");

        Assert.All([services, days, times, confirm], p => Assert.Contains("Margaret Hughes, born 14 March 1941", p.Main, StringComparison.Ordinal));
        Assert.Contains("for Margaret Hughes", booked.Main, StringComparison.Ordinal);
        Assert.StartsWith($"/practice/patients/{Seed.Margaret.Id}/", booked.Path, StringComparison.Ordinal);
        var with = await browser.GetAsync($"/practice/patients/{Seed.Margaret.Id}");
        var cancel = await browser.GetAsync(with.Document.QuerySelector("a[href$='/cancel']")?.GetAttribute("href") ?? "");
        var done = await browser.SubmitAsync(cancel, "Cancel the appointment", ("Reason", "The clinician is ill"));
        Assert.Equal(with.Path, done.Path);
        Assert.Contains("The appointment is cancelled.", done.Main, StringComparison.Ordinal);
        var mine = await Web.WithAsync<AppointmentQueries, MyAppointments>(a => a.OfPatientAsync(Actor.For(Seed.Margaret), Seed.Margaret.Id, Cancelled));
        Assert.Equal("The clinician is ill", Assert.Single(mine.Past).CancellationReason);
    }

    [Fact]
    public async Task A_time_that_went_while_staff_booked_offers_the_nearest_for_the_same_patient()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var times = await browser.GetAsync($"/practice/patients/{Seed.Margaret.Id}/appointments/book/{Seed.Gp.Id}/2026-03-02");
        var confirm = await browser.SubmitAsync(times, "Continue", ("Slot", Seed.At(9).Id.ToString()));
        Web.Time.Advance(TimeSpan.FromMinutes(11));
        await Web.BookAsync(Seed.Mohammed, Seed.At(9));

        var page = await browser.SubmitAsync(confirm, "Confirm the appointment");

        Assert.Contains("that time has gone", page.Main, StringComparison.Ordinal);
        Assert.StartsWith($"/practice/patients/{Seed.Margaret.Id}/", page.Path, StringComparison.Ordinal);
    }
}
