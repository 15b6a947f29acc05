using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 6749 section 3.2: an application changes its code for tokens.</summary>
public sealed partial class TokenEndpoint(
    AccountsDbContext database,
    ClientRegistry clients,
    Sessions sessions,
    IdTokens idTokens,
    TimeProvider clock,
    ILogger<TokenEndpoint> logger)
{
    public const string Path = "/connect/token";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return Refuse(OAuthErrors.InvalidRequest, "The request must be a form (application/x-www-form-urlencoded).");
        var form = new ProtocolParameters(await context.Request.ReadFormAsync(context.RequestAborted));
        if (form.HasRepeats)
            return Refuse(OAuthErrors.InvalidRequest, "A parameter is repeated.");

        var (client, error) = ClientAuthentication.Authenticate(context.Request, form, clients);
        if (client is null)
        {
            return error == OAuthErrors.InvalidClient
                ? Refuse(error, "The client id or secret is wrong.", StatusCodes.Status401Unauthorized)
                : Refuse(error, "Give the client's id and secret in one way only.");
        }

        return form["grant_type"] switch
        {
            "authorization_code" => await RedeemAsync(client, form, context.RequestAborted),
            null => Refuse(OAuthErrors.InvalidRequest, "grant_type is missing."),
            _ => Refuse(OAuthErrors.UnsupportedGrantType, "Only grant_type=authorization_code is supported."),
        };
    }

    private async Task<IResult> RedeemAsync(Client client, ProtocolParameters form, CancellationToken cancellationToken)
    {
        if (form["code"] is not { } code || form["redirect_uri"] is not { } redirectUri || form["code_verifier"] is not { } verifier)
            return Refuse(OAuthErrors.InvalidRequest, "code, redirect_uri and code_verifier are all needed.");

        if (await SpendAsync(client, code) is not { } grant)
            return Refuse(OAuthErrors.InvalidGrant, "The code is unknown, expired, already used or for another client.");

        // The code is spent by now whatever comes: a guess at the verifier has one try.
        if (!redirectUri.Equals(grant.RedirectUri, StringComparison.Ordinal))
            return Refuse(OAuthErrors.InvalidGrant, "redirect_uri is not the one that the code was sent to.");
        if (!Verifies(grant.CodeChallenge, verifier))
            return Refuse(OAuthErrors.InvalidGrant, "code_verifier does not match the code_challenge.");
        if (await sessions.FindActiveAsync(grant.SessionId, cancellationToken) is not { Account: { } account } session)
            return Refuse(OAuthErrors.InvalidGrant, "The person has signed out.");

        var accessToken = OpaqueSecret.New();
        database.AccessTokens.Add(new AccessToken
        {
            TokenHash = OpaqueSecret.Hash(accessToken),
            GrantId = grant.Id,
            ExpiresAt = clock.GetUtcNow() + AccessToken.Lifetime,
        });
        await database.SaveChangesAsync(CancellationToken.None);
        var idToken = await idTokens.CreateAsync(grant, session, account, accessToken, cancellationToken);
        Redeemed(client.Id, account.Id);
        return Results.Json(
            new TokenBody(accessToken, "Bearer", (int)AccessToken.Lifetime.TotalSeconds, idToken, grant.Scope), ConnectJson.Default.TokenBody);
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

    private OAuthError Refuse(string error, string description, int statusCode = StatusCodes.Status400BadRequest)
    {
        Refused(error);
        return new OAuthError(statusCode, error, description);
    }

    /// <summary>RFC 7636 section 4.1.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{43,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CodeVerifier();
}
