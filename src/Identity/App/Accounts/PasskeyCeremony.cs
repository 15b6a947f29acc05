using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// Keeps a challenge between its question and its answer in a cookie that this service alone can read, and sees to it that each is
/// answered once: a cookie can be copied, so the database remembers.
/// </summary>
public sealed class PasskeyCeremony(SingleUse uses, TimeProvider clock)
{
    public const string Scheme = "passkey";

    /// <summary>For a person to find and unlock their device; what the browser is told too.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string CookieName = "telemedicine-identity-passkey";
    private const string PurposeClaim = "for";
    private const string StateClaim = "state";
    private const string NumberClaim = "number";

    public static void Configure(CookieAuthenticationOptions options, ProviderSettings settings)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;

        // Strict: asked and answered by our own pages.
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = false;
    }

    /// <summary>What ASP.NET Core Identity checks of each passkey. The names come from <see cref="ProviderSettings.Issuer"/>, never from a request's Host.</summary>
    public static void Configure(IdentityPasskeyOptions options, ProviderSettings settings)
    {
        options.ServerDomain = new Uri(settings.Issuer).Host;
        options.ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && asked.Origin == settings.Issuer);
        options.AuthenticatorTimeout = Lifetime;
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
    }

    /// <param name="purpose">What the answer is good for.</param>
    /// <param name="state">The framework's, with the challenge.</param>
    public Task BeginAsync(HttpContext context, string purpose, string state)
    {
        var identity = new ClaimsIdentity([new(PurposeClaim, purpose), new(StateClaim, state), new(NumberClaim, Guid.NewGuid().ToString())], Scheme);
        return context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    /// <summary>Takes the state back, whatever becomes of the answer.</summary>
    /// <returns>Null when none was begun, it was for something else, is too old, or was taken before.</returns>
    public async Task<string?> EndAsync(HttpContext context, string purpose)
    {
        var begun = await context.AuthenticateAsync(Scheme);
        if (begun.Principal is not { } principal)
            return null;
        await context.SignOutAsync(Scheme);
        var isFirst = await uses.IsFirstAsync($"passkey {principal.FindFirst(NumberClaim)?.Value}", clock.GetUtcNow() + Lifetime);
        return isFirst && principal.FindFirst(PurposeClaim)?.Value == purpose ? principal.FindFirst(StateClaim)?.Value : null;
    }
}
