using Microsoft.IdentityModel.Tokens;

namespace Telemedicine.Identity.Federation;

/// <summary>Another OpenID provider that people may sign in with here. It comes from configuration and is checked at start.</summary>
public sealed record FederatedProvider
{
    /// <summary>Longest <see cref="Id"/>, and what fits a key of the database.</summary>
    public const int LongestId = 40;

    /// <summary>In addresses and in the database: lower-case letters, digits and hyphens. It must not change, or people are no longer recognised.</summary>
    public required string Id { get; init; }

    /// <summary>What people know it by.</summary>
    public required string Name { get; init; }

    /// <summary>Its issuer, exactly as its discovery document and tokens give it.</summary>
    public required Uri Authority { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Sent in the form (client_secret_post); null for a client with a key.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Signs assertions in place of a secret (private_key_jwt).</summary>
    public SigningCredentials? Key { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Put into every authorization request, such as acr_values or vtr.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Its names for given_name, family_name, email and email_verified, where they differ.</summary>
    public required IReadOnlyDictionary<string, string> ClaimNames { get; init; }

    /// <summary>For each of these claims the ID token must have one of the values, or nobody is signed in.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Requires { get; init; }

    /// <summary>An ID token with one of these values says that the person showed two factors there, which then counts as two here.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> TwoFactors { get; init; }

    /// <summary>Of <see cref="Accounts.Roles"/>: who may use it. An account with any other role may not.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whether somebody new may make an account, as a patient.</summary>
    public required bool MayRegister { get; init; }

    /// <summary>Of its client in ASP.NET Core's authentication.</summary>
    public string Scheme => $"federation:{Id}";

    public string CallbackPath => $"/federation/{Id}/callback";

    /// <summary>What it calls a claim of ours.</summary>
    public string NameOf(string claim) => ClaimNames.GetValueOrDefault(claim, claim);
}

/// <summary>Every provider that people may sign in with, in the order of the settings.</summary>
public sealed class FederatedProviders(IReadOnlyList<FederatedProvider> providers)
{
    public IReadOnlyList<FederatedProvider> All => providers;

    public FederatedProvider? Find(string? id) => providers.FirstOrDefault(provider => provider.Id == id);
}
