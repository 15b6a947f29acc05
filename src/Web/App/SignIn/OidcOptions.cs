using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Telemedicine.Web.SignIn;

/// <summary>One OpenID Connect provider. Everything but the first three follows from its discovery document.</summary>
public sealed class OidcOptions : RemoteAuthenticationOptions
{
    public const string Section = "Oidc";

    public OidcOptions()
    {
        CallbackPath = "/signin-oidc";
        RemoteAuthenticationTimeout = TimeSpan.FromMinutes(15);
        BackchannelTimeout = TimeSpan.FromSeconds(20);
    }

    /// <summary>The provider's issuer, exactly as its discovery document and tokens give it.</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>Space-separated; `openid` is always asked for.</summary>
    public string Scope { get; set; } = "openid profile email";

    /// <summary>The claim that says what a person is; values that mean none of <see cref="Roles"/> are ignored.</summary>
    public string RoleClaim { get; set; } = "role";

    /// <summary>The provider's words for roles, by ours, such as a group's id; a role that is not here goes by our word.</summary>
    public Dictionary<string, string> RoleValues { get; set; } = new(StringComparer.Ordinal);

    /// <summary>What everybody is to whom the provider gives no role: empty, or patient for a provider that knows no roles.</summary>
    public string DefaultRole { get; set; } = "";

    /// <summary>The provider's names for name, given_name, family_name, email and email_verified, by these; one that is not here goes by its own.</summary>
    public Dictionary<string, string> ClaimNames { get; set; } = new(StringComparer.Ordinal);

    public PathString SignedOutCallbackPath { get; set; } = "/signout-callback-oidc";

    /// <summary>Where the browser reaches this service: the base of the addresses registered at the provider.</summary>
    public Uri? PublicUrl { get; set; }

    internal ProviderMetadata? Provider { get; set; }

    internal ISecureDataFormat<AuthenticationProperties>? StateFormat { get; set; }

    /// <summary>What the provider calls a claim of ours.</summary>
    internal string NameOf(string claim) => ClaimNames.GetValueOrDefault(claim, claim);

    /// <summary>The role that a value of <see cref="RoleClaim"/> means, if any.</summary>
    internal IEnumerable<Claim> RoleOf(string? value) =>
        Roles.All.Where(role => value is not null && RoleValues.GetValueOrDefault(role, role) == value).Select(role => new Claim(SessionClaims.Role, role));

    public override void Validate()
    {
        base.Validate();
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out _))
            throw new InvalidOperationException("Oidc:Authority must be the provider's address, for example https://identity.example.org.");
        if (ClientId.Length == 0 || ClientSecret.Length == 0 || PublicUrl is null)
            throw new InvalidOperationException("Oidc:ClientId, Oidc:ClientSecret and Web:PublicUrl must be set.");
    }
}
