using System.Text.Json;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc7662;

/// <summary>RFC 7662 section 2.</summary>
public sealed class IntrospectionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    [Fact]
    public async Task A_service_of_ours_learns_what_a_token_is_worth()
    {
        using var browser = host.OpenBrowser();
        var tokens = await SignInAsync(browser);

        var answer = await AskAsync(tokens.AccessToken);

        Assert.True(answer.GetProperty("active").GetBoolean());
        Assert.Equal(Person.Patient().Subject.ToString(), answer.GetProperty("sub").GetString());
        Assert.Equal(Web.ClientId, answer.GetProperty("client_id").GetString());
        Assert.Equal("openid offline_access", answer.GetProperty("scope").GetString());
        Assert.Equal("Bearer", answer.GetProperty("token_type").GetString());
        Assert.Equal(IdentityHost.Issuer, answer.GetProperty("iss").GetString());
        Assert.Equal(300, answer.GetProperty("exp").GetInt64() - answer.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task A_token_without_a_person_says_so()
    {
        using var channel = host.OpenBackChannel();
        using var issued = await ServiceClient.PostAsync(channel, "/connect/token", ServiceClient.Assertion(host), ("grant_type", "client_credentials"));
        var token = JsonDocument.Parse(await issued.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("access_token").GetString();

        var answer = await AskAsync(token ?? string.Empty);

        Assert.Equal(ServiceClient.Id, answer.GetProperty("sub").GetString());
        Assert.False(answer.TryGetProperty("sid", out _));
    }

    [Fact]
    public async Task What_is_no_longer_good_is_inactive_and_nothing_more_is_said()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await SignInAsync(browser);
        using var used = await Web.RefreshAsync(channel, tokens.RefreshToken);
        using var signedOut = await browser.SubmitAsync(await browser.OpenAsync("/account/sign-out"));

        foreach (var token in new[] { "made-up", tokens.RefreshToken, tokens.AccessToken })
            Assert.Equal("""{"active":false}""", (await AskAsync(token)).GetRawText());
    }

    [Fact]
    public async Task Another_application_learns_nothing_of_a_token_but_its_own()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await SignInAsync(browser);

        using var stranger = await Application.Other.PostAsync(channel, "/connect/introspect", ("token", tokens.AccessToken));
        using var own = await Web.PostAsync(channel, "/connect/introspect", ("token", tokens.RefreshToken));
        using var nobody = await (Web with { Secret = "wrong" }).PostAsync(channel, "/connect/introspect", ("token", tokens.AccessToken));

        Assert.Equal("""{"active":false}""", await stranger.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("\"active\":true", await own.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("invalid_client", await Application.ErrorOfAsync(nobody));
    }

    private async Task<JsonElement> AskAsync(string token)
    {
        using var channel = host.OpenBackChannel();
        using var response = await ServiceClient.PostAsync(channel, "/connect/introspect", ServiceClient.Assertion(host), ("token", token));
        Assert.True(response.IsSuccessStatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    private Task<Tokens> SignInAsync(Browser browser) =>
        Web.SignInAsync(host, browser, Person.Patient().Email, ("scope", "openid offline_access"));
}
