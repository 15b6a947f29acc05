using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 6749 section 4.1.3: a code becomes tokens, once.</summary>
public sealed partial class CodeGrant(
    AccountsDbContext database, Sessions sessions, TokenIssuer tokens, TimeProvider clock, ILogger<CodeGrant> logger)
{
    public async Task<IResult> RedeemAsync(Client client, ProtocolParameters form, CancellationToken cancellationToken)
    {
        if (form["code"] is not { } code || form["redirect_uri"] is not { } redirectUri || form["code_verifier"] is not { } verifier)
            return OAuthError.BadRequest(OAuthErrors.InvalidRequest, "code, redirect_uri and code_verifier are all needed.");

        if (await SpendAsync(client, code) is not { } grant)
            return OAuthError.BadRequest(OAuthErrors.InvalidGrant, "The code is unknown, expired, already used or for another client.");

        // The code is spent by now whatever comes: a guess at the verifier has one try.
        if (!redirectUri.Equals(grant.RedirectUri, StringComparison.Ordinal))
            return OAuthError.BadRequest(OAuthErrors.InvalidGrant, "redirect_uri is not the one that the code was sent to.");
        if (!Verifies(grant.CodeChallenge, verifier))
            return OAuthError.BadRequest(OAuthErrors.InvalidGrant, "code_verifier does not match the code_challenge.");
        if (await sessions.FindActiveAsync(grant.SessionId, cancellationToken) is not { Account: { } account } session)
            return OAuthError.BadRequest(OAuthErrors.InvalidGrant, "The person has signed out.");

        var body = await tokens.ForPersonAsync(grant, session, account, grant.Scope, grant.Nonce, cancellationToken);
        Redeemed(client.Id, account.Id);
        return Results.Json(body, ConnectJson.Default.TokenBody);
    }

    /// <summary>
    /// Takes the code out of use. The database decides which of two requests comes first, on one instance or on several. A second use means
    /// that the code was seen by someone else: what it gave is taken back (RFC 6749 section 4.1.2).
    /// </summary>
    /// <returns>The grant, or null when the code is good for nothing.</returns>
    private async Task<Grant?> SpendAsync(Client client, string code)
    {
        var now = clock.GetUtcNow();
        var hash = OpaqueSecret.Hash(code);
        var spent = await database.Grants
            .Where(grant => grant.CodeHash == hash
                && grant.ClientId == client.Id
                && grant.RedeemedAt == null
                && grant.CodeExpiresAt > now)
            .ExecuteUpdateAsync(row => row.SetProperty(grant => grant.RedeemedAt, now), CancellationToken.None);
        if (spent == 1)
            return await database.Grants.AsNoTracking().SingleAsync(grant => grant.CodeHash == hash, CancellationToken.None);

        var revoked = await database.Grants
            .Where(grant => grant.CodeHash == hash && grant.ClientId == client.Id && grant.RedeemedAt != null && grant.RevokedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(grant => grant.RevokedAt, now), CancellationToken.None);
        if (revoked > 0)
            Replayed(client.Id);
        return null;
    }

    /// <summary>RFC 7636 section 4.6.</summary>
    private static bool Verifies(string challenge, string verifier) =>
        CodeVerifier().IsMatch(verifier)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            Encoding.ASCII.GetBytes(challenge));

    /// <summary>RFC 7636 section 4.1.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{43,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CodeVerifier();
}
