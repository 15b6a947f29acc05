using System.Text.Json;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc8414;

/// <summary>RFC 8414 sections 2 and 3.3, in the document of OpenID Connect Discovery, as section 5 allows.</summary>
public sealed class MetadataTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Section_2_ways_to_authenticate_are_told_for_each_endpoint_and_none_is_not_among_them()
    {
        var document = await ReadAsync();

        foreach (var endpoint in new[] { "token", "revocation", "introspection" })
        {
            var methods = Strings(document, $"{endpoint}_endpoint_auth_methods_supported");
            Assert.Contains("client_secret_basic", methods);
            Assert.DoesNotContain("none", methods);
        }

        var algorithms = Strings(document, "token_endpoint_auth_signing_alg_values_supported");
        Assert.NotEmpty(algorithms);
        Assert.DoesNotContain("none", algorithms);
        Assert.DoesNotContain(algorithms, algorithm => algorithm.StartsWith("HS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Section_2_the_issuer_has_no_query_or_fragment_and_section_3_3_it_is_the_one_that_was_asked()
    {
        var issuer = new Uri((await ReadAsync()).GetProperty("issuer").GetString() ?? "");

        Assert.Equal((IdentityHost.Issuer, "", ""), (issuer.OriginalString, issuer.Query, issuer.Fragment));
    }

    private async Task<JsonElement> ReadAsync()
    {
        using var channel = host.OpenBackChannel();
        return JsonDocument.Parse(await channel.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken)).RootElement;
    }

    private static List<string> Strings(JsonElement document, string name) => [.. document.GetProperty(name).EnumerateArray().Select(value => value.GetString() ?? "")];
}
