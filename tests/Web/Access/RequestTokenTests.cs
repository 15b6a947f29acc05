using System.Net;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Access;

public sealed class RequestTokenTests : WebTest
{
    [Fact]
    public async Task A_form_or_script_without_the_pages_token_is_refused()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);

        var cancel = await browser.PostAsync($"/appointments/{appointment}/cancel", [new("Reason", "Forged")]);
        var join = await browser.PostAsync($"/consultations/{appointment}/join", []);
        var ticket = await browser.PostFromScriptAsync($"/consultations/{appointment}/ticket", requestToken: null);

        Assert.All([cancel, join, ticket], page => Assert.Equal(HttpStatusCode.BadRequest, page.Status));
        Assert.Equal("This page is out of date", cancel.Heading);
        Assert.Equal(Clinical.Booking.AppointmentStatus.Booked, (await Web.FindAsync(Clinical.Practices.Actor.For(Seed.Margaret), appointment)).Status);
    }

    [Fact]
    public async Task Another_persons_token_is_refused()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var other = await Web.SignInAsync(People.Mohammed);
        var token = (await other.GetAsync("/account/sign-out")).RequestToken;
        using var browser = await Web.SignInAsync(People.Margaret);

        var ticket = await browser.PostFromScriptAsync($"/consultations/{appointment}/ticket", token);

        Assert.Equal(HttpStatusCode.BadRequest, ticket.Status);
    }

    [Fact]
    public async Task A_form_sent_after_the_session_ended_says_so()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var form = await browser.GetAsync($"/appointments/{appointment}/cancel");
        Web.Time.Advance(TimeSpan.FromMinutes(31));

        var page = await browser.SubmitAsync(form, "Cancel the appointment", ("Reason", "I am <better>"));

        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.Equal("You have been signed out", page.Heading);
        Assert.Equal("I am <better>", page.Document.QuerySelector("textarea")?.TextContent.Trim());
        Assert.Equal(form.Path, (await browser.GetAsync(page.Link("Sign in"))).Path);
    }

    [Fact]
    public async Task Another_sites_form_is_not_shown_back()
    {
        using var browser = Web.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Browser.Web, $"/appointments/{Guid.NewGuid()}/cancel"));
        request.Content = new FormUrlEncodedContent([new("Reason", "Phone this number")]);
        request.Headers.Add("Origin", "https://evil.test");

        var page = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.DoesNotContain("Phone this number", page.Text, StringComparison.Ordinal);
    }
}
