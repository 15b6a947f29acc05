using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Infrastructure;

/// <summary>What a start is refused for, so that a mistake in the settings shows at once and not to a patient.</summary>
public static class StartRules
{
    private const int SecretBytes = 32;

    private static readonly string[] KnownSecrets = ["changeme", "change-me", "secret", "password", "development", "demonstration", "default"];

    public static void Check(WebOptions web, IReadOnlyList<SharedKey> keys, IConfiguration configuration, IHostEnvironment environment)
    {
        foreach (var key in keys)
            CheckKey(key);
        if (keys.Count == 0)
            throw new StartRefusedException("SharedKeys:0:Id and SharedKeys:0:Secret must be set: Web and Signalling share them.");
        if (web.Demonstration.Enabled && !File.Exists(web.Demonstration.PeopleFile))
            throw new StartRefusedException("Demonstration:PeopleFile must be the path of the demonstration people's file.");
        if (string.IsNullOrEmpty(configuration["Oidc:ClientId"]) || string.IsNullOrEmpty(configuration["Oidc:ClientSecret"]))
            throw new StartRefusedException("Oidc:ClientId and Oidc:ClientSecret must be set, as the sign-in provider knows them.");
        CheckClaims(configuration.GetSection(OidcOptions.Section));
        if (environment.IsProduction() && web.Demonstration.Enabled)
            throw new StartRefusedException("Demonstration:Enabled must not be true in Production.");
        if (environment.IsProduction() && configuration["Oidc:ClientSecret"] is { } secret && IsWeak(secret))
            throw new StartRefusedException($"Oidc:ClientSecret must be at least {SecretBytes} characters long and made at random.");
        RequireHttps("Web:PublicUrl", web.PublicUrl, environment);
        RequireHttps("Oidc:Authority", web.Authority, environment);
        RequireHttps("Signalling:PublicUrl", web.SignallingPublicUrl, environment);
    }

    /// <summary>A word that is mistyped here would leave people without a role or a name, and nobody would see why.</summary>
    private static void CheckClaims(IConfigurationSection oidc)
    {
        foreach (var (setting, known) in new[] { (nameof(OidcOptions.RoleValues), Roles.All), (nameof(OidcOptions.ClaimNames), SessionClaims.Profile) })
        {
            if (oidc.GetSection(setting).GetChildren().Any(child => !known.Contains(child.Key) || string.IsNullOrEmpty(child.Value)))
                throw new StartRefusedException($"{OidcOptions.Section}:{setting} may hold only these, each with a value: {string.Join(", ", known)}.");
        }
        if (oidc[nameof(OidcOptions.DefaultRole)] is { Length: > 0 } role && role != Roles.Patient)
            throw new StartRefusedException($"{OidcOptions.Section}:{nameof(OidcOptions.DefaultRole)} must be {Roles.Patient}, or not set: nobody works for the practice by default.");
    }

    private static void CheckKey(SharedKey key)
    {
        var secret = new byte[(key.Secret?.Length ?? 0) + 4];
        if (string.IsNullOrWhiteSpace(key.Id) || !Convert.TryFromBase64String(key.Secret ?? "", secret, out var length) || length < SecretBytes)
            throw new StartRefusedException($"Every one of SharedKeys needs an Id and a Secret: base64 of at least {SecretBytes} random bytes.");
        if (secret.Take(length).Distinct().Count() < 8)
            throw new StartRefusedException("A Secret of SharedKeys is not random.");
    }

    private static bool IsWeak(string secret) =>
        secret.Length < SecretBytes || secret.Distinct().Count() < 8 || KnownSecrets.Any(k => secret.Contains(k, StringComparison.OrdinalIgnoreCase));

    private static void RequireHttps(string key, Uri address, IHostEnvironment environment)
    {
        if (address.Scheme != Uri.UriSchemeHttps && (environment.IsProduction() || !address.IsLoopback))
            throw new StartRefusedException($"{key} must be an https address.");
    }
}
