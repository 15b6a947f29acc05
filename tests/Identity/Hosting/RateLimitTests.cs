using System.Net;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Hosting;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Sign_in_attempts_from_one_address_are_limited_and_others_are_not_affected()
    {
        await using var host = new IdentityHost { Overrides = { ["RateLimits:SignInsPerMinute"] = "5" } };
        using var busy = From(host, "203.0.113.7");
        using var other = From(host, "203.0.113.8");

        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 7; attempt++)
        {
            using var response = await busy.TrySignInAsync($"guess{attempt}@example.com", "guess");
            statuses.Add(response.StatusCode);
        }

        using var refused = await busy.TrySignInAsync(Person.Patient().Email, IdentityHost.People.Password);
        using var accepted = await other.TrySignInAsync(Person.Patient().Email, IdentityHost.People.Password);

        Assert.Equal([400, 400, 400, 400, 400, 429, 429], statuses.Select(status => (int)status));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(60, refused.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal("Too many tries", (await Browser.ReadAsync(refused)).QuerySelector("h1")?.TextContent);
        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
    }

    [Fact]
    public async Task An_IPv6_network_of_64_bits_counts_as_one_address()
    {
        await using var host = new IdentityHost { Overrides = { ["RateLimits:SignInsPerMinute"] = "1" } };
        using var first = From(host, "2001:db8:1:2::1");
        using var neighbour = From(host, "2001:db8:1:2:ffff::9");
        using var elsewhere = From(host, "2001:db8:1:3::1");

        using var one = await first.TrySignInAsync("a@example.com", "guess");
        using var two = await neighbour.TrySignInAsync("a@example.com", "guess");
        using var three = await elsewhere.TrySignInAsync("a@example.com", "guess");

        Assert.Equal([400, 429, 400], new[] { one, two, three }.Select(response => (int)response.StatusCode));
    }

    [Fact]
    public async Task Token_requests_from_one_address_are_limited_with_an_answer_that_applications_can_read()
    {
        await using var host = new IdentityHost { Overrides = { ["RateLimits:TokenRequestsPerMinute"] = "2" } };
        using var channel = host.OpenBackChannel();

        using var one = await Application.Web.RedeemAsync(channel, "guess");
        using var two = await Application.Web.RedeemAsync(channel, "guess");
        using var three = await Application.Web.RedeemAsync(channel, "guess");

        Assert.Equal([400, 400, 429], new[] { one, two, three }.Select(response => (int)response.StatusCode));
        Assert.Equal("temporarily_unavailable", await Application.ErrorOfAsync(three));
    }

    [Theory]
    [InlineData("192.0.2.1", new[] { 400, 400 })]
    [InlineData("192.0.2.9", new[] { 400, 429 })]
    public async Task A_forwarded_address_is_believed_from_a_trusted_proxy_only(string proxy, int[] expected)
    {
        await using var host = new IdentityHost
        {
            Overrides = { ["RateLimits:SignInsPerMinute"] = "1", ["Identity:TrustedProxies:0"] = "192.0.2.1" },
        };
        var statuses = new List<int>();
        foreach (var person in new[] { "203.0.113.1", "203.0.113.2" })
        {
            using var browser = From(host, proxy);
            browser.Client.DefaultRequestHeaders.Add("X-Forwarded-For", person);
            using var response = await browser.TrySignInAsync("a@example.com", "guess");
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal(expected, statuses);
    }

    [Fact]
    public async Task Without_a_trusted_proxy_no_forwarded_address_is_believed()
    {
        await using var host = new IdentityHost { Overrides = { ["RateLimits:SignInsPerMinute"] = "1" } };
        var statuses = new List<int>();
        foreach (var person in new[] { "203.0.113.1", "203.0.113.2" })
        {
            using var browser = From(host, "192.0.2.1");
            browser.Client.DefaultRequestHeaders.Add("X-Forwarded-For", person);
            using var response = await browser.TrySignInAsync("a@example.com", "guess");
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([400, 429], statuses);
    }

    private static Browser From(IdentityHost host, string address)
    {
        var browser = host.OpenBrowser();
        browser.Client.DefaultRequestHeaders.Add(IdentityHost.AddressHeader, address);
        return browser;
    }
}
