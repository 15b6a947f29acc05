using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Telemedicine.Web.SignIn;

/// <summary>Whose sign-in ended: one session of the provider, or without one all of a person's.</summary>
public sealed record EndedSignIn(string? Session, string? Subject);

/// <summary>Checks a logout token as OpenID Connect Back-Channel Logout 1.0 section 2.6 says.</summary>
public sealed class LogoutTokenValidator(IdTokenValidator tokens, TimeProvider time)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>A provider that was told to wait may send the same token again; one that is older than this is somebody's find.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(15);

    /// <returns>Who signed out, or the name of the rule that the token breaks.</returns>
    internal async Task<(EndedSignIn? Ended, string? Reason)> ValidateAsync(OidcOptions options, OpenIdConnectConfiguration provider, string token, CancellationToken cancellationToken)
    {
        var (read, reason) = await tokens.ValidateSignedAsync(options, provider, token, cancellationToken);
        if (read is null)
            return (null, reason);
        if (read.Typ is { Length: > 0 } type && !type.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase) && !type.Equals("JWT", StringComparison.OrdinalIgnoreCase))
            return (null, "Type");
        if (read.IssuedAt == DateTime.MinValue || time.GetUtcNow().UtcDateTime - read.IssuedAt > Oldest)
            return (null, "IssuedAt");
        if (!read.TryGetPayloadValue<JsonElement>("events", out var events) || events.ValueKind != JsonValueKind.Object
            || !events.TryGetProperty(Event, out var happened) || happened.ValueKind != JsonValueKind.Object)
            return (null, "Events");
        if (read.TryGetPayloadValue<object>("nonce", out _))
            return (null, "Nonce");
        if (string.IsNullOrEmpty(read.Id))
            return (null, "Id");
        var session = read.TryGetPayloadValue<string>("sid", out var sid) && sid.Length > 0 ? sid : null;
        var subject = read.Subject is { Length: > 0 } sub ? sub : null;
        return session is null && subject is null ? (null, "NobodyNamed") : (new EndedSignIn(session, subject), null);
    }
}
