using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Federation;

/// <summary>
/// Whom another provider has just signed in. It travels in a short-lived cookie that opens nothing by itself: an account must be connected with
/// it first.
/// </summary>
public sealed record FederatedPerson
{
    public const string Scheme = "federated-person";

    /// <summary>Long enough to sign in to an account, or to make one and read an email, before the two are connected.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private const string ProviderClaim = "provider";
    private const string KeyClaim = "key";
    private const string TwoFactorsClaim = "two_factors";

    /// <summary>Of the <see cref="FederatedProvider"/>.</summary>
    public required string ProviderId { get; init; }

    /// <summary>SHA-256 of the issuer and the subject, base64url: the person at that provider, of one length whatever the subject is.</summary>
    public required string Key { get; init; }

    /// <summary>They showed two factors there, and the settings count that.</summary>
    public required bool HasTwoFactors { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public string? Email { get; init; }

    /// <summary>The provider says that the address is theirs.</summary>
    public bool IsEmailVerified { get; init; }

    public static string KeyOf(Uri issuer, string subject) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer.OriginalString}\n{subject}")));

    public static void Configure(CookieAuthenticationOptions options, ProviderSettings settings)
    {
        options.Cookie.Name = "telemedicine-identity-federated";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = false;
    }

    /// <summary>Whom the browser's cookie names; null without one.</summary>
    public static async Task<FederatedPerson?> ReadAsync(HttpContext context)
    {
        if ((await context.AuthenticateAsync(Scheme)).Principal is not { } principal)
            return null;
        string? Text(string claim) => principal.FindFirst(claim)?.Value;
        return Text(ProviderClaim) is not { } provider || Text(KeyClaim) is not { } key
            ? null
            : new FederatedPerson
            {
                ProviderId = provider,
                Key = key,
                HasTwoFactors = Text(TwoFactorsClaim) is not null,
                GivenName = Text(ProviderClaims.GivenName),
                FamilyName = Text(ProviderClaims.FamilyName),
                Email = Text(ProviderClaims.Email),
                IsEmailVerified = Text(ProviderClaims.EmailVerified) is not null,
            };
    }

    public static Task ForgetAsync(HttpContext context) => context.SignOutAsync(Scheme);

    public ClaimsPrincipal ToPrincipal()
    {
        var claims = new ClaimsIdentity(Scheme);
        void Add(string type, string? value)
        {
            if (value is not null)
                claims.AddClaim(new Claim(type, value));
        }

        Add(ProviderClaim, ProviderId);
        Add(KeyClaim, Key);
        Add(TwoFactorsClaim, HasTwoFactors ? "yes" : null);
        Add(ProviderClaims.GivenName, GivenName);
        Add(ProviderClaims.FamilyName, FamilyName);
        Add(ProviderClaims.Email, Email);
        Add(ProviderClaims.EmailVerified, IsEmailVerified ? "yes" : null);
        return new ClaimsPrincipal(claims);
    }
}
