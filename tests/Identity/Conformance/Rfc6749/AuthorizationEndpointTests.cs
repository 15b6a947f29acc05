using System.Net;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc6749;

/// <summary>RFC 6749 sections 3.1, 4.1.1 and 4.1.2.</summary>
public sealed class AuthorizationEndpointTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_signed_in_person_is_sent_back_with_a_code_and_the_state_unchanged()
    {
        using var browser = host.OpenBrowser();

        var location = await browser.AuthorizeAsync(Application.Web.AuthorizeUrl(), Person.Patient().Email);

        Assert.StartsWith(Application.Web.RedirectUri + "?", location.OriginalString, StringComparison.Ordinal);
        var query = Browser.Query(location);
        Assert.Equal(["code", "iss", "state"], query.Keys.Order());
        Assert.Equal(43, query["code"].ToString().Length);
        Assert.Equal("a state/with?odd&characters=", query["state"]);
    }

    [Fact]
    public async Task A_second_request_in_the_same_session_needs_no_sign_in()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient(1).Email);

        var location = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl());

        Assert.Contains("code", Browser.Query(location).Keys);
    }

    [Fact]
    public async Task A_registered_redirect_uri_keeps_its_own_query()
    {
        using var browser = host.OpenBrowser();

        var location = await browser.AuthorizeAsync(Application.Other.AuthorizeUrl(), Person.Patient().Email);

        Assert.StartsWith("https://other.example/return?tenant=1&code=", location.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5080/signin-oidc/")]
    [InlineData("http://localhost:5080/signin-oidc?x=1")]
    [InlineData("http://localhost:5080/SIGNIN-OIDC")]
    [InlineData("http://localhost:5080/signin-oidc#fragment")]
    [InlineData("http://localhost:5080/a/../signin-oidc")]
    [InlineData("http://localhost:5079/signin-oidc")]
    [InlineData("http://LOCALHOST:5080/signin-oidc")]
    [InlineData("http://localhost:5080@evil.example/signin-oidc")]
    [InlineData("https://evil.example/signin-oidc")]
    [InlineData("//evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://other.example/return?tenant=1")]
    [InlineData("")]
    public async Task An_address_that_is_not_registered_for_the_client_is_never_redirected_to(string redirectUri)
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        using var response = await browser.GetAsync(Application.Web.AuthorizeUrl(("redirect_uri", redirectUri)));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        var page = await Browser.ReadAsync(response);
        Assert.Equal("Sorry, there is a problem", page.QuerySelector("h1")?.TextContent);
        Assert.DoesNotContain("evil.example", page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("WEB")]
    [InlineData("")]
    public async Task An_unknown_client_gets_an_error_page(string clientId)
    {
        using var browser = host.OpenBrowser();

        await browser.OpenAsync(Application.Web.AuthorizeUrl(("client_id", clientId)), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.example/")]
    [InlineData("client_id", "other")]
    public async Task A_repeated_client_or_address_gets_an_error_page(string name, string value)
    {
        using var browser = host.OpenBrowser();

        await browser.OpenAsync($"{Application.Web.AuthorizeUrl()}&{name}={Uri.EscapeDataString(value)}", HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("response_type", "", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "id_token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("scope", "", "invalid_scope")]
    [InlineData("scope", "profile email", "invalid_scope")]
    [InlineData("request", "e30.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example/r", "request_uri_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("prompt", "sometimes", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    public async Task A_wrong_parameter_is_reported_to_the_application_with_its_state(string name, string value, string error)
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        var location = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl((name, value)));

        Assert.StartsWith(Application.Web.RedirectUri + "?", location.OriginalString, StringComparison.Ordinal);
        var query = Browser.Query(location);
        Assert.Equal(error, query["error"]);
        Assert.Equal("a state/with?odd&characters=", query["state"]);
        Assert.DoesNotContain("code", query.Keys);
    }

    [Theory]
    [InlineData("scope", "openid")]
    [InlineData("nonce", "second")]
    [InlineData("state", "second")]
    [InlineData("prompt", "login")]
    public async Task A_repeated_parameter_is_refused(string name, string value)
    {
        using var browser = host.OpenBrowser();

        var location = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl((name, "first")) + $"&{name}={value}");

        Assert.Equal("invalid_request", Browser.Query(location)["error"]);
    }

    [Fact]
    public async Task A_request_by_POST_is_answered_like_one_by_GET()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
        var parameters = Browser.Query(new Uri(Application.Web.AuthorizeUrl(), UriKind.Relative))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()));

        using var posted = await browser.Client.PostAsync(
            "/connect/authorize", new FormUrlEncodedContent(parameters), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
        Assert.NotNull(posted.Headers.Location);
        var location = await browser.RedirectOfAsync(posted.Headers.Location.OriginalString);
        Assert.Contains("code", Browser.Query(location).Keys);
    }

    [Fact]
    public async Task A_repeated_parameter_is_refused_by_POST_too()
    {
        using var browser = host.OpenBrowser();
        var parameters = Browser.Query(new Uri(Application.Web.AuthorizeUrl(), UriKind.Relative))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))
            .Append(KeyValuePair.Create("nonce", "second"));

        using var posted = await browser.Client.PostAsync(
            "/connect/authorize", new FormUrlEncodedContent(parameters), TestContext.Current.CancellationToken);

        Assert.NotNull(posted.Headers.Location);
        var location = await browser.RedirectOfAsync(posted.Headers.Location.OriginalString);
        Assert.Equal("invalid_request", Browser.Query(location)["error"]);
    }

    [Fact]
    public async Task The_database_holds_no_code_that_could_be_redeemed()
    {
        using var browser = host.OpenBrowser();
        var code = await browser.GetCodeAsync(Application.Web.AuthorizeUrl(), Person.Patient(2).Email);

        var grant = await host.InDatabaseAsync(database => database.Grants
            .OrderByDescending(grant => grant.IssuedAt).FirstAsync(TestContext.Current.CancellationToken));

        Assert.Equal(IdentityHost.Sha256Hex(code), Convert.ToHexStringLower(grant.CodeHash));
        Assert.DoesNotContain(
            code, System.Text.Json.JsonSerializer.Serialize(grant), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_are_never_cached()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        using var response = await browser.GetAsync(Application.Web.AuthorizeUrl());

        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }
}
