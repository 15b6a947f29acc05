using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Certified;

/// <summary>The provider against openid-client, a certified relying party that others wrote: openid-client.mjs holds the checks.</summary>
public sealed class OpenIdClientTests
{
    /// <summary>openid-client takes an address without a query only.</summary>
    private const string OtherRedirectUri = "https://other.example/plain";

    private static readonly string[] Checks =
    [
        "discovery", "code with PKCE, ID token, userinfo", "max_age is kept and auth_time told", "client_secret_post", "refresh with rotation, and reuse ends the family", "revocation",
        "private_key_jwt, client_credentials, introspection", "a key that is not registered", "a wrong secret", "a code works once, and a replay takes back what it gave",
        "a verifier of another request", "an answer to another request", "a nonce of another request", "an answer in the name of another provider", "prompt=none without a session",
        "prompt=none with one", "RS256 and a subject of its own", "logout",
    ];

    [Fact]
    public async Task A_certified_relying_party_signs_in_refreshes_revokes_and_signs_out_and_is_refused_what_it_should_be()
    {
        var port = Node.FreePort();
        var issuer = $"http://localhost:{port}";
        await using var host = new IdentityHost
        {
            Overrides = { ["Identity:Issuer"] = issuer, ["Clients:1:IdTokenSigningAlg"] = "RS256", ["Clients:1:SubjectType"] = "pairwise", ["Clients:1:RedirectUris:1"] = OtherRedirectUri },
        };

        // The other side goes by the machine's clock.
        host.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        host.UseKestrel(port);
        host.StartServer();

        var outcomes = await Node.RunAsync("openid-client.mjs", "PROVIDER", new
        {
            issuer,
            clientId = Application.Web.ClientId,
            secret = Application.Web.Secret,
            redirectUri = Application.Web.RedirectUri,
            postLogoutRedirectUri = Application.Web.PostLogoutRedirectUri,
            email = Person.Patient().Email,
            password = IdentityHost.People.Password,
            otherId = Application.Other.ClientId,
            otherSecret = Application.Other.Secret,
            otherRedirectUri = OtherRedirectUri,
            serviceId = ServiceClient.Id,
            serviceKey = ServiceClient.PrivateKeyPem,
            serviceScope = ServiceClient.Scope,
        });

        Assert.Equal(Checks.Select(name => (name, (string?)null)), outcomes);
    }
}
