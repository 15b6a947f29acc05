using System.Text.Json;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.OpenIdConnectDiscovery;

/// <summary>OpenID Connect Discovery sections 3 and 4, RFC 8414 section 2.</summary>
public sealed class DiscoveryTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Discovery_names_the_issuer_and_endpoints_that_exist()
    {
        using var channel = host.OpenBackChannel();

        var document = await ReadAsync(channel, "/.well-known/openid-configuration");

        Assert.Equal(IdentityHost.Issuer, document.GetProperty("issuer").GetString());
        foreach (var name in new[] { "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint", "revocation_endpoint", "introspection_endpoint", "jwks_uri" })
        {
            var address = document.GetProperty(name).GetString();
            Assert.NotNull(address);
            Assert.StartsWith(IdentityHost.Issuer + "/", address, StringComparison.Ordinal);
            using var response = await channel.GetAsync(new Uri(address).PathAndQuery, TestContext.Current.CancellationToken);
            Assert.NotEqual(System.Net.HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Discovery_offers_the_code_flow_with_S256_and_nothing_weaker()
    {
        using var channel = host.OpenBackChannel();

        var document = await ReadAsync(channel, "/.well-known/openid-configuration");

        Assert.Equal(["code"], Strings(document, "response_types_supported"));
        Assert.Equal(["authorization_code", "refresh_token", "client_credentials"], Strings(document, "grant_types_supported"));
        Assert.Equal(["S256"], Strings(document, "code_challenge_methods_supported"));
        Assert.Equal(["ES256", "RS256"], Strings(document, "id_token_signing_alg_values_supported"));
        Assert.Equal(["public", "pairwise"], Strings(document, "subject_types_supported"));
        Assert.Equal(["en-GB"], Strings(document, "ui_locales_supported"));
        Assert.Contains("consent", Strings(document, "prompt_values_supported"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "private_key_jwt"], Strings(document, "token_endpoint_auth_methods_supported"));
        Assert.True(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
    }

    [Fact]
    public async Task The_key_set_holds_public_keys_only()
    {
        using var channel = host.OpenBackChannel();

        var keys = (await ReadAsync(channel, "/.well-known/jwks.json")).GetProperty("keys").EnumerateArray().ToArray();

        var key = Assert.Single(keys);
        Assert.Equal(
            ["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/account/sign-in")]
    [InlineData("/connect/authorize?client_id=nobody")]
    public async Task A_forged_host_header_appears_nowhere(string path)
    {
        using var channel = host.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("Forwarded", "host=evil.example");

        using var response = await channel.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.DoesNotContain("evil.example", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", response.Headers.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_host_header_does_not_lead_to_another_sign_in_page()
    {
        using var channel = host.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Get, Application.Web.AuthorizeUrl());
        request.Headers.Host = "evil.example";

        using var response = await channel.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.StartsWith("/account/sign-in?", response.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ReadAsync(HttpClient channel, string path) =>
        JsonDocument.Parse(await channel.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;

    private static IEnumerable<string?> Strings(JsonElement document, string name) =>
        document.GetProperty(name).EnumerateArray().Select(item => item.GetString());
}
