using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect.Logout;

/// <summary>Makes logout tokens: OpenID Connect Back-Channel Logout 1.0 section 2.4.</summary>
public sealed class LogoutTokens(SigningKeys keys, Subjects subjects, ClientRegistry clients, ProviderSettings settings, TimeProvider clock)
{
    public const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>The section's advice: at most two minutes, since it is used at once.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task<string> CreateAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            // A type of its own, so that it can never pass for an ID token.
            TokenType = "logout+jwt",
            Issuer = settings.Issuer,
            Audience = notice.ClientId,
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["jti"] = Guid.NewGuid().ToString(),
                ["sub"] = subjects.Of(notice.ClientId, notice.AccountId),
                ["sid"] = notice.SessionId.ToString(),
                ["events"] = new Dictionary<string, object> { [Event] = new Dictionary<string, object>() },
            },

            // Section 2.4: as the application's ID tokens are.
            SigningCredentials = await keys.CurrentAsync(clients.Find(notice.ClientId)?.SigningAlgorithm ?? SigningKeys.Algorithms[0], cancellationToken),
        });
    }
}
