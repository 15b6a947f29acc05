using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.OpenIdConnectCore;

/// <summary>OpenID Connect Core section 5.3, with RFC 6750 sections 2 and 3.</summary>
public sealed class UserInfoTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bearer_of_an_access_token_is_told_the_same_as_the_ID_token_says()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await Application.Web.SignInAsync(host, browser, Person.Patient().Email);

        using var response = await Application.UserInfoAsync(channel, tokens.AccessToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var claims = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement;
        foreach (var name in new[] { "sub", "name", "given_name", "family_name", "email", "email_verified", "role" })
            Assert.Equal(tokens.Claims.GetProperty(name).GetRawText(), claims.GetProperty(name).GetRawText());
    }

    [Fact]
    public async Task The_token_may_come_in_a_posted_header_or_form()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var token = (await Application.Web.SignInAsync(host, browser, Person.Patient().Email)).AccessToken;
        using var withHeader = new HttpRequestMessage(HttpMethod.Post, "/connect/userinfo");
        withHeader.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var header = await channel.SendAsync(withHeader, Cancellation);
        using var form = await channel.PostAsync(
            "/connect/userinfo", new FormUrlEncodedContent([KeyValuePair.Create("access_token", token)]), Cancellation);

        Assert.Equal(HttpStatusCode.OK, header.StatusCode);
        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
    }

    [Fact]
    public async Task Without_a_token_there_is_a_challenge_and_no_error_code()
    {
        using var channel = host.OpenBackChannel();

        using var response = await channel.GetAsync("/connect/userinfo", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer realm=\"userinfo\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_in_the_address_is_ignored()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var token = (await Application.Web.SignInAsync(host, browser, Person.Patient().Email)).AccessToken;

        using var response = await channel.GetAsync($"/connect/userinfo?access_token={token}", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task An_ID_token_or_a_made_up_token_is_refused()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await Application.Web.SignInAsync(host, browser, Person.Patient().Email);

        foreach (var token in new[] { tokens.IdToken, "made-up", tokens.AccessToken + "x", tokens.AccessToken.ToUpperInvariant() })
        {
            using var response = await Application.UserInfoAsync(channel, token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_session_cookie_is_not_an_access_token()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        using var response = await browser.GetAsync("/connect/userinfo");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task An_access_token_expires_after_5_minutes()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var token = (await Application.Web.SignInAsync(host, browser, Person.Patient().Email)).AccessToken;
        host.Clock.Advance(TimeSpan.FromSeconds(299));
        using var before = await Application.UserInfoAsync(channel, token);
        host.Clock.Advance(TimeSpan.FromSeconds(2));

        using var after = await Application.UserInfoAsync(channel, token);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Signing_out_ends_the_access_token_at_once()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var token = (await Application.Web.SignInAsync(host, browser, Person.Patient().Email)).AccessToken;
        using var signedOut = await browser.SubmitAsync(await browser.OpenAsync("/account/sign-out"));

        using var response = await Application.UserInfoAsync(channel, token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
