using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Messages;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Messages;

public sealed class MessagePageTests : WebTest
{
    protected override bool Demonstration => true;

    [Fact]
    public async Task In_a_demonstration_the_patient_and_the_practice_read_what_was_sent()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(11));
        await Web.Services.GetRequiredService<MessageSender>().SendDueAsync(Cancelled);
        using var patient = await Web.SignInAsync(People.Margaret);
        using var other = await Web.SignInAsync(People.Mohammed);
        using var staff = await Web.SignInAsync(People.Helen);
        using var neighbour = await Web.SignInAsync(People.Imran);

        var start = await patient.GetAsync("/appointments");
        var page = await patient.GetAsync(start.Link("Sent messages"));

        Assert.Equal("Sent messages", page.Heading);
        var cards = page.Document.QuerySelectorAll("[data-message]");
        Assert.Equal(["Your appointment on Monday 2 March 2026 at 11am", "Text message"], cards.Select(card => card.QuerySelector("h2")?.TextContent));
        Assert.Contains("How to join", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("+447700900100", cards[1].TextContent, StringComparison.Ordinal);
        Assert.Equal($"/appointments/{appointment}", (await patient.GetAsync(cards[0].QuerySelector("a[href^='https://web.test/appointments/']")?.GetAttribute("href") ?? "")).Path);
        Assert.Equal(2, (await staff.GetAsync("/demonstration/messages")).Document.QuerySelectorAll("[data-message]").Length);
        foreach (var stranger in new[] { other, neighbour })
            Assert.DoesNotContain("Hughes", (await stranger.GetAsync("/demonstration/messages")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patient_chooses_how_to_be_reminded()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        var form = await browser.GetAsync((await browser.GetAsync("/appointments")).Link("Choose how we remind you"));

        var before = form.Document.QuerySelector("input[checked]")?.GetAttribute("value");
        var refused = await browser.SubmitAsync(form, "Save", ("Way", "Pigeon"));
        var done = await browser.SubmitAsync(form, "Save", ("Way", "Text"));

        Assert.Equal("EmailAndText", before);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal([("Select how you want to be reminded", "#Way")], refused.Errors);
        Assert.Contains("Your choice is saved.", done.Main, StringComparison.Ordinal);
        Assert.Equal(ReminderWay.Text, await Web.WithAsync<ReminderChoices, ReminderWay?>(choices => choices.FindAsync(Actor.For(Seed.Margaret), Seed.Margaret.Id, Cancelled)));
        Assert.Equal("Text", (await browser.GetAsync("/appointments/reminders")).Document.QuerySelector("input[checked]")?.GetAttribute("value"));
    }

    [Fact]
    public async Task An_appointment_can_be_put_into_a_calendar_and_one_that_was_cancelled_takes_itself_out()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(11));
        using var browser = await Web.SignInAsync(People.Margaret);
        var details = await browser.GetAsync($"/appointments/{appointment}");

        var file = await browser.GetAsync(details.Link("Add it to your calendar"));
        await browser.SubmitAsync(await browser.GetAsync($"/appointments/{appointment}/cancel"), "Cancel the appointment", ("Reason", "I am better"));
        var cancelled = await browser.GetAsync($"/appointments/{appointment}/appointment.ics");

        Assert.Equal("text/calendar; charset=utf-8; method=PUBLISH", file.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal("appointment.ics", file.Response.Content.Headers.ContentDisposition?.FileName);
        Assert.Contains("METHOD:PUBLISH", file.Text, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:GP consultation with Dr Amara Okafor", file.Text, StringComparison.Ordinal);
        Assert.Contains("METHOD:CANCEL", cancelled.Text, StringComparison.Ordinal);
        using var other = await Web.SignInAsync(People.Mohammed);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/appointments/{appointment}/appointment.ics")).Status);
    }
}
