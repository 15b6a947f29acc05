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

    /// <summary>The claim that holds patient, clinician, staff or administrator; other values are ignored.</summary>
    public string RoleClaim { get; set; } = "role";

    public PathString SignedOutCallbackPath { get; set; } = "/signout-callback-oidc";

    /// <summary>Where the browser reaches this service: the base of the addresses registered at the provider.</summary>
    public Uri? PublicUrl { get; set; }

    internal ProviderMetadata? Provider { get; set; }

    internal ISecureDataFormat<AuthenticationProperties>? StateFormat { get; set; }

    public override void Validate()
    {
        base.Validate();
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out _))
            throw new InvalidOperationException("Oidc:Authority must be the provider's address, for example https://identity.example.org.");
        if (ClientId.Length == 0 || ClientSecret.Length == 0 || PublicUrl is null)
            throw new InvalidOperationException("Oidc:ClientId, Oidc:ClientSecret and Web:PublicUrl must be set.");
    }
}
