using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 6749 section 3.1 and OpenID Connect Core section 3.1.2: a signed-in person's browser carries a code back to the application.</summary>
public sealed partial class AuthorizeEndpoint(
    AccountsDbContext database,
    ClientRegistry clients,
    IdTokens idTokens,
    IDataProtectionProvider protection,
    ProviderSettings settings,
    TimeProvider clock,
    ILogger<AuthorizeEndpoint> logger)
{
    public const string Path = "/connect/authorize";

    private const string AskedParameter = "sign_in_asked";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        // A form from another site comes without our SameSite=Lax cookie; the same request as a GET brings it.
        if (HttpMethods.IsPost(context.Request.Method))
            return await SeeOther.WithFormAsync(Path, context.Request);

        var parameters = new ProtocolParameters(context.Request.Query);
        switch (AuthorizeRequest.Check(parameters, clients))
        {
            case AuthorizeOutcome.Shown shown:
                RefusedHere();
                return new ShownError(shown.Reason);
            case AuthorizeOutcome.Returned returned:
                Refused(returned.Error);
                return Return(returned);
            case AuthorizeOutcome.Accepted accepted:
                return await AnswerAsync(accepted.Request, parameters, Sessions.Current(context), context.RequestAborted);
            default:
                throw new InvalidOperationException("An authorization request has an outcome without an answer.");
        }
    }

    private async Task<IResult> AnswerAsync(
        AuthorizeRequest request, ProtocolParameters parameters, Session? session, CancellationToken cancellationToken)
    {
        Guid? expected = null;
        if (request.IdTokenHint is { } hint)
        {
            if (await idTokens.ReadHintAsync(hint, cancellationToken) is not { } token)
                return Return(request, OAuthErrors.InvalidRequest, "id_token_hint is not an ID token of this provider.");
            expected = token.Subject;
        }

        var now = clock.GetUtcNow();
        var signedInWhenAsked = session is not null && ReadAsked(parameters, request) is { } asked && session.SignedInAt >= asked;
        var isSomeoneElse = session is not null && expected is not null && expected != session.AccountId;
        if (isSomeoneElse && signedInWhenAsked)
            return Return(request, OAuthErrors.LoginRequired, "Someone else signed in.");

        var isTooOld = session is not null && request.MaxAge is { } maxAge && now - session.SignedInAt > maxAge;
        var mustSignIn = session is null || isSomeoneElse || (!signedInWhenAsked && (request.MustSignInAgain || isTooOld));
        if (mustSignIn && request.IsSilent)
            return Return(request, OAuthErrors.LoginRequired, "The person must sign in.");
        if (mustSignIn || session is null)
        {
            var returnUrl = parameters.ToAddress(Path, AskedParameter, WriteAsked(request, now));
            return Results.Redirect(QueryHelpers.AddQueryString("/account/sign-in", "returnUrl", returnUrl));
        }

        var code = OpaqueSecret.New();
        database.Grants.Add(new Grant
        {
            Id = Guid.NewGuid(),
            CodeHash = OpaqueSecret.Hash(code),
            ClientId = request.Client.Id,
            SessionId = session.Id,
            RedirectUri = request.RedirectUri,
            CodeChallenge = request.CodeChallenge,
            Nonce = request.Nonce,
            Scope = request.Scope,
            IssuedAt = now,
            CodeExpiresAt = now + Grant.CodeLifetime,
        });
        await database.SaveChangesAsync(CancellationToken.None);
        CodeIssued(request.Client.Id, session.AccountId);
        return Results.Redirect(ResponseUri(request.RedirectUri, ("code", code), ("state", request.State)));
    }

    /// <summary>
    /// Proof, for the way back from the sign-in page, of when this very request asked for a sign-in (its code_challenge is new each time).
    /// Without it prompt=login would ask for ever, or could be answered by deleting it from the address.
    /// </summary>
    private string WriteAsked(AuthorizeRequest request, DateTimeOffset now)
    {
        Span<byte> ticks = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(ticks, now.UtcTicks);
        return Base64Url.EncodeToString(AskedProtector(request).Protect(ticks.ToArray()));
    }

    private DateTimeOffset? ReadAsked(ProtocolParameters parameters, AuthorizeRequest request)
    {
        if (parameters[AskedParameter] is not { } text || !Base64Url.IsValid(text))
            return null;
        try
        {
            var ticks = AskedProtector(request).Unprotect(Base64Url.DecodeFromChars(text));
            return new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(ticks), TimeSpan.Zero);
        }
        catch (CryptographicException)
        {
            // Made for another request, or made up: as good as none.
            return null;
        }
    }

    private IDataProtector AskedProtector(AuthorizeRequest request) =>
        protection.CreateProtector("Telemedicine.Identity.SignInAsked", request.Client.Id, request.CodeChallenge);

    private IResult Return(AuthorizeRequest request, string error, string description)
    {
        Refused(error);
        return Return(new AuthorizeOutcome.Returned(request.RedirectUri, request.State, error, description));
    }

    private IResult Return(AuthorizeOutcome.Returned returned) => Results.Redirect(ResponseUri(
        returned.RedirectUri, ("error", returned.Error), ("error_description", returned.Description), ("state", returned.State)));

    /// <summary>RFC 9207 section 2: every response, errors too, names the issuer.</summary>
    private string ResponseUri(string redirectUri, params (string Name, string? Value)[] parameters) =>
        QueryHelpers.AddQueryString(
            redirectUri,
            parameters.Append(("iss", settings.Issuer))
                .Where(parameter => parameter.Item2 is not null)
                .Select(parameter => KeyValuePair.Create(parameter.Item1, parameter.Item2)));
}
