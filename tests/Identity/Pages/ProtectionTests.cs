using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Pages;

/// <summary>What holds for every page and answer.</summary>
public sealed class ProtectionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData("/", 200)]
    [InlineData("/account/sign-in", 200)]
    [InlineData("/account/signed-out", 200)]
    [InlineData("/account/register", 200)]
    [InlineData("/account/forgotten", 200)]
    [InlineData("/account/link-over", 404)]
    [InlineData("/connect/authorize", 400)]
    [InlineData("/connect/userinfo", 401)]
    [InlineData("/.well-known/openid-configuration", 200)]
    [InlineData("/robots.txt", 200)]
    [InlineData("/no-such-page", 404)]
    public async Task Every_answer_carries_the_protective_headers(string path, int status)
    {
        using var browser = host.OpenBrowser();

        using var response = await browser.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' http://localhost:5080 https://other.example;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-out")]
    [InlineData("/account/devices")]
    [InlineData("/account/password")]
    [InlineData("/account/register")]
    [InlineData("/account/check-email")]
    [InlineData("/account/forgotten")]
    [InlineData("/account/password-changed")]
    [InlineData("/account/link-over")]
    [InlineData("/account/email")]
    [InlineData("/account/close")]
    [InlineData("/account/closed")]
    [InlineData("/demonstration/messages")]
    [InlineData("/account/authenticator")]
    [InlineData("/account/passkeys")]
    [InlineData("/account/passkeys/add")]
    [InlineData("/account/sign-in/passkey")]
    [InlineData("/account/authenticator/set-up")]
    [InlineData("/account/providers")]
    [InlineData("/account/applications")]
    [InlineData("/account/sign-in/code")]
    [InlineData("/account/sign-in/recovery-code")]
    [InlineData("/account/signed-out")]
    [InlineData("/no-such-page")]
    public async Task No_page_needs_inline_script_or_style_and_every_form_is_guarded(string path)
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        using var response = await browser.GetAsync(path);

        var page = await Browser.ReadAsync(response);
        Assert.All(page.Scripts, script => Assert.NotNull(script.GetAttribute("src")));
        Assert.Empty(page.QuerySelectorAll("style, [style], [onclick], [onsubmit], [onload]"));
        Assert.All(page.Forms, form => Assert.NotNull(form.QuerySelector("input[name=__RequestVerificationToken]")));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_scripts_and_of_other_sites_posts()
    {
        using var browser = host.OpenBrowser();

        using var page = await browser.GetAsync("/account/sign-in");
        using var signedIn = await browser.TrySignInAsync(Person.Patient().Email, IdentityHost.People.Password);

        var cookies = page.Headers.GetValues("Set-Cookie").Concat(signedIn.Headers.GetValues("Set-Cookie")).ToArray();
        Assert.Contains(cookies, cookie => cookie.StartsWith("telemedicine-identity=", StringComparison.Ordinal));
        Assert.Contains(cookies, cookie => cookie.StartsWith("telemedicine-identity-antiforgery=", StringComparison.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task An_https_issuer_makes_every_cookie_secure()
    {
        await using var secure = new IdentityHost { Overrides = { ["Identity:Issuer"] = "https://id.example" } };
        using var browser = new Browser(secure.CreateClient(new() { BaseAddress = new Uri("https://id.example"), AllowAutoRedirect = false }));

        using var page = await browser.GetAsync("/account/sign-in");
        using var signedIn = await browser.TrySignInAsync(Person.Patient().Email, IdentityHost.People.Password);

        var cookies = page.Headers.GetValues("Set-Cookie").Concat(signedIn.Headers.GetValues("Set-Cookie")).ToArray();
        Assert.Equal(2, cookies.Length);
        Assert.All(cookies, cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.True(page.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        var silent = endpoints.Where(endpoint =>
            endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null);

        Assert.NotEmpty(endpoints);
        Assert.Empty(silent.Select(endpoint => endpoint.DisplayName));
    }

    [Theory]
    [InlineData("/no-such-page", HttpStatusCode.NotFound, "Page not found")]
    [InlineData("/connect/token", HttpStatusCode.MethodNotAllowed, "Sorry, there is a problem")]
    public async Task Errors_are_pages_in_plain_words(string path, HttpStatusCode status, string heading)
    {
        using var browser = host.OpenBrowser();

        var page = await browser.OpenAsync(path, status);

        Assert.Equal(heading, page.QuerySelector("h1")?.TextContent);
    }

    [Fact]
    public async Task A_page_with_an_antiforgery_token_is_not_compressed()
    {
        using var browser = host.OpenBrowser();
        browser.Client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, br");

        using var response = await browser.GetAsync("/account/sign-in");

        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Health_is_told_to_anyone()
    {
        using var channel = host.OpenBackChannel();

        Assert.Equal("Healthy", await channel.GetStringAsync("/health", TestContext.Current.CancellationToken));
    }
}
