using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>A clinician is ill: the clinic is called off, with the messages shown first.</summary>
public sealed class CallOffTests : WebTest
{
    private static readonly Actor Helen = Actor.For(Seed.Helen);

    [Fact]
    public async Task The_messages_are_shown_before_anything_happens_and_then_everybody_is_moved_or_cancelled()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var (margaret, mohammed) = (await Web.BookAsync(Seed.Margaret, Seed.At(9)), await Web.BookAsync(Seed.Mohammed, Seed.At(9, 15)));
        var board = await browser.GetAsync($"/clinics/{Seed.AmarasMorning.Schedule.Id}");

        var form = await browser.GetAsync(board.Link("Call off the clinic"));
        var silent = await browser.SubmitAsync(form, "Show the messages");
        var preview = await browser.SubmitAsync(form, "Show the messages", ("Reason", "The doctor is ill"), ("Rows[1].To", ""));
        var before = await Web.FindAsync(Helen, margaret);
        var done = await browser.SubmitAsync(preview, "Call off the clinic and tell the patients");

        Assert.Equal([("Enter why the clinic is called off", "#Reason")], silent.Errors);
        Assert.Equal(HttpStatusCode.BadRequest, silent.Status);
        Assert.Equal("Tuesday 3 March 2026 at 9am with Dr Amara Okafor", form.Document.QuerySelector<IHtmlSelectElement>("select")?.SelectedOptions.Single().TextContent);
        Assert.Contains("We had to move your appointment to Tuesday 3 March 2026 at 9am", preview.Main, StringComparison.Ordinal);
        Assert.Contains("We had to cancel your appointment on Monday 2 March 2026 at 9:15am", preview.Main, StringComparison.Ordinal);
        Assert.Contains("Why: The doctor is ill", preview.Main, StringComparison.Ordinal);
        Assert.Equal(Seed.At(9).Start, before.Start);
        Assert.Contains("The clinic is called off: 1 appointment moved, 1 cancelled.", done.Main, StringComparison.Ordinal);
        Assert.Contains("9:30am Blocked: The doctor is ill", done.Main, StringComparison.Ordinal);
        Assert.Equal(Seed.AmarasTomorrow.Slots[0].Start, (await Web.FindAsync(Helen, margaret)).Start);
        Assert.Equal(AppointmentStatus.Cancelled, (await Web.FindAsync(Helen, mohammed)).Status);
    }

    [Fact]
    public async Task A_booking_made_meanwhile_stops_it_and_the_times_are_shown_anew()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var form = await browser.GetAsync($"/practice/clinics/{Seed.AmarasMorning.Schedule.Id}/call-off");
        var preview = await browser.SubmitAsync(form, "Show the messages", ("Reason", "The doctor is ill"));
        var late = await Web.BookAsync(Seed.Mohammed, Seed.At(10));

        var again = await browser.SubmitAsync(preview, "Call off the clinic and tell the patients");

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("Nothing is called off yet", Assert.Single(again.Errors).Text, StringComparison.Ordinal);
        Assert.Equal(2, again.Document.QuerySelectorAll("select").Length);
        Assert.Equal("The doctor is ill", again.Document.QuerySelector<IHtmlInputElement>("#Reason")?.Value);
        Assert.Equal(AppointmentStatus.Booked, (await Web.FindAsync(Helen, late)).Status);
    }

    [Fact]
    public async Task An_empty_clinic_is_blocked_and_nobody_is_told()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var form = await browser.GetAsync($"/practice/clinics/{Seed.TomaszsMorning.Schedule.Id}/call-off");

        var preview = await browser.SubmitAsync(form, "Show the messages", ("Reason", "Training"));
        var done = await browser.SubmitAsync(preview, "Call off the clinic");

        Assert.Contains("Nobody is booked. The free times are blocked.", form.Main, StringComparison.Ordinal);
        Assert.Contains("nobody is told", preview.Main, StringComparison.Ordinal);
        Assert.Contains("9:30am Blocked: Training", done.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clinic_that_is_over_cannot_be_called_off()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        Web.Time.Advance(TimeSpan.FromHours(4));

        var board = await browser.GetAsync($"/clinics/{Seed.AmarasMorning.Schedule.Id}");
        var page = await browser.GetAsync($"/practice/clinics/{Seed.AmarasMorning.Schedule.Id}/call-off");

        Assert.DoesNotContain("Call off", board.Main, StringComparison.Ordinal);
        Assert.Contains("This clinic is over.", page.Main, StringComparison.Ordinal);
    }
}
