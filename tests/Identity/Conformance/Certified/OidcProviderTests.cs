using System.Security.Cryptography;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Certified;

/// <summary>Signing in with oidc-provider, a certified OpenID provider that others wrote, by settings alone: oidc-provider.mjs holds the checks.</summary>
public sealed class OidcProviderTests
{
    private static readonly string[] Checks =
    [
        "code with PKCE, private_key_jwt and userinfo; an account for somebody new", "the same person comes back, with the session there", "who must prove again who they are is asked there again",
        "an address that is not verified makes no account", "who goes back there is told so here",
    ];

    [Fact]
    public async Task People_sign_in_with_a_certified_provider_by_settings_alone()
    {
        var (port, otherPort) = (Node.FreePort(), Node.FreePort());
        var (identity, issuer) = ($"http://localhost:{port}", $"http://localhost:{otherPort}");
        using var key = RSA.Create(2048);
        var file = Path.Combine(Directory.CreateTempSubdirectory("identity-tests-key-").FullName, "key.pem");
        await File.WriteAllTextAsync(file, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var host = new IdentityHost
        {
            Overrides =
            {
                ["Identity:Issuer"] = identity,
                ["Federation:0:Id"] = "certified",
                ["Federation:0:Name"] = "Certified login",
                ["Federation:0:Authority"] = issuer,
                ["Federation:0:ClientId"] = "telemedicine",
                ["Federation:0:PrivateKeyFile"] = file,
                ["Federation:0:PrivateKeyId"] = "ours",
                ["Federation:0:PrivateKeyAlgorithm"] = "PS256",
                ["Federation:0:MayRegister"] = "true",
            },
        };

        // The other side goes by the machine's clock.
        host.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        host.UseKestrel(port);
        host.StartServer();

        var outcomes = await Node.RunAsync("oidc-provider.mjs", "IDENTITY", new { identity, issuer, clientId = "telemedicine", privateKey = key.ExportPkcs8PrivateKeyPem(), email = "ines@example.org" });

        Assert.All(outcomes, outcome => Assert.True(outcome.Problem is null, $"{outcome.Name}: {outcome.Problem}"));
        Assert.Equal(Checks, outcomes.Select(outcome => outcome.Name));
    }
}
