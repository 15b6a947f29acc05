using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Attacks;

/// <summary>Every page and form that there is, found among the endpoints: a new one is attacked here without anybody thinking of it.</summary>
public sealed class EveryPageTests : IAsyncDisposable
{
    private const string HostileName = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";
    private const string Elsewhere = "https://evil.example/";

    /// <summary>Endpoints that take a POST without the token of one of our pages, and why they can.</summary>
    private static readonly Dictionary<string, string> WithoutToken = new()
    {
        ["connect/authorize"] = "changes nothing: the same as a link",
        ["connect/end-session"] = "asks on a page of ours, or obeys an ID token of ours",
        ["connect/token"] = "the client proves itself, there is no cookie in it",
        ["connect/revoke"] = "the client proves itself, there is no cookie in it",
        ["connect/introspect"] = "the client proves itself, there is no cookie in it",
        ["connect/userinfo"] = "wants an access token, there is no cookie in it",
        ["error/{status:int}"] = "says what went wrong with another request, and does nothing",
    };

    /// <summary>Ours, the applications' homes, the picture and the link of an authenticator's key.</summary>
    private static readonly string[] Allowed = ["/", "#", "http://localhost:5080", "https://other.example", "data:image/png;", "otpauth://totp/"];

    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Administrator => IdentityHost.People.People.First(person => person.Role == "administrator").Email;

    [Fact]
    public async Task No_form_of_another_site_is_taken()
    {
        using var victim = _host.OpenBrowser();
        await victim.SignInAsync(Administrator);
        using var attacker = _host.OpenBrowser();
        await attacker.SignInAsync(Person.Patient().Email);
        var stolen = (await attacker.OpenAsync("/account/password")).QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value ?? "";
        var taken = new List<string>();
        var forms = 0;

        foreach (var (pattern, address) in await FormsAsync())
        {
            foreach (var token in new[] { null, stolen })
            {
                forms++;
                KeyValuePair<string, string>[] fields = token is null ? [] : [KeyValuePair.Create("__RequestVerificationToken", token)];
                using var answer = await victim.Client.PostAsync(address, new FormUrlEncodedContent(fields), Cancellation);
                if (answer.StatusCode != HttpStatusCode.BadRequest || !(await answer.Content.ReadAsStringAsync(Cancellation)).Contains("Sorry, there is a problem", StringComparison.Ordinal))
                    taken.Add($"{pattern}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(taken);
        Assert.True(forms > 50, $"Only {forms} forms were found.");
        await victim.OpenAsync("/account/devices");
    }

    [Fact]
    public void Whatever_takes_a_POST_without_our_token_is_known_and_has_a_reason()
    {
        var endpoints = Endpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { HttpMethods.Count: > 0 } methods || methods.HttpMethods.Contains(HttpMethods.Post))
            .Select(Pattern);

        Assert.Equal(WithoutToken.Keys.Where(pattern => pattern.StartsWith("connect/", StringComparison.Ordinal)).Append("health").Order(), endpoints.Distinct().Order());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("patient")]
    [InlineData("administrator")]
    public async Task Every_page_is_locked_down_and_shows_names_as_text_whatever_host_was_asked(string? role)
    {
        using var browser = _host.OpenBrowser();
        if (role is not null)
            await browser.SignInAsync(IdentityHost.People.People.First(person => person.Role == role).Email);
        using var passkey = new SoftwareAuthenticator();
        if (role is not null)
            (await passkey.RegisterAsync(browser, HostileName[..50])).Dispose();
        await _host.InDatabaseAsync(database => database.Users.ExecuteUpdateAsync(
            row => row.SetProperty(account => account.GivenName, HostileName).SetProperty(account => account.FamilyName, HostileName), Cancellation));
        browser.Client.DefaultRequestHeaders.Host = "evil.example";
        browser.Client.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        var addresses = Pages().Select(page => Address(page, passkey)).Concat(["/no-such-page", "/connect/authorize", "/.well-known/openid-configuration", "/robots.txt", "/health"]).ToList();
        var shown = 0;

        foreach (var address in addresses)
        {
            using var answer = await browser.GetAsync($"{address}?returnUrl={Uri.EscapeDataString(Elsewhere)}");
            AssertLockedDown(address, answer);
            var location = answer.Headers.Location?.OriginalString ?? "";
            Assert.True(location.Length == 0 || (location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal)), $"{address} leads to {location}");
            if (answer.Content.Headers.ContentType?.MediaType != "text/html")
                continue;
            var page = await Browser.ReadAsync(answer);
            Assert.All(page.Scripts, script => Assert.True(script.GetAttribute("src")?.StartsWith('/') is true && script.TextContent.Length == 0, address));
            Assert.Empty(page.QuerySelectorAll("style, [style], [onclick], [onsubmit], [onload], [onerror], img[src=x], iframe, object, embed, base"));
            Assert.True(answer.Headers.CacheControl?.NoStore, address);
            foreach (var link in page.QuerySelectorAll("[href], [action], [formaction], [src]").SelectMany(element => new[] { "href", "action", "formaction", "src" }.Select(element.GetAttribute)).OfType<string>())
                Assert.True(Allowed.Any(beginning => link.StartsWith(beginning, StringComparison.Ordinal)) && !link.StartsWith("//", StringComparison.Ordinal), $"{address} links to {link}");
            if (page.Body?.TextContent.Contains(HostileName, StringComparison.Ordinal) is true)
                shown++;
        }

        // Or else nothing was shown to be safe.
        Assert.True(role is null || shown > 0);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void AssertLockedDown(string address, HttpResponseMessage answer)
    {
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.True(policy.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", StringComparison.Ordinal), address);
        Assert.Contains("frame-ancestors 'none'; base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    private static string Pattern(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText?.Trim('/') ?? "";

    private static string Address(string pattern, SoftwareAuthenticator? passkey = null) => "/" + pattern
        .Replace("{status:int}", "404", StringComparison.Ordinal)
        .Replace("{id:guid}", Person.Clinician().Subject.ToString(), StringComparison.Ordinal)
        .Replace("{act:regex(^(role|disable|enable|reset-authenticator|sign-out|withdraw)$)}", "role", StringComparison.Ordinal)
        .Replace("{id}", System.Buffers.Text.Base64Url.EncodeToString(passkey?.CredentialId ?? new byte[32]), StringComparison.Ordinal);

    private IEnumerable<RouteEndpoint> Endpoints() => _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private IEnumerable<string> Pages() => Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(Pattern).Distinct();

    /// <summary>Each page, and each of its named handlers.</summary>
    private async Task<List<(string Pattern, string Address)>> FormsAsync()
    {
        var loader = _host.Services.GetRequiredService<PageLoader>();
        var forms = new List<(string, string)>();
        foreach (var endpoint in Endpoints())
        {
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } page || WithoutToken.ContainsKey(Pattern(endpoint)))
                continue;
            var address = Address(Pattern(endpoint));
            forms.Add((Pattern(endpoint), address));
            var compiled = await loader.LoadAsync(page, EndpointMetadataCollection.Empty);
            forms.AddRange(compiled.HandlerMethods
                .Where(handler => handler.HttpMethod == HttpMethods.Post && handler.Name is not null)
                .Select(handler => ($"{Pattern(endpoint)} {handler.Name}", $"{address}?handler={handler.Name}")));
        }

        return forms;
    }
}
