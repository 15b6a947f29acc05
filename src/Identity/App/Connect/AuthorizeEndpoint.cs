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
    Subjects subjects,
    Consents consents,
    SignInSteps steps,
    Passkeys passkeys,
    IDataProtectionProvider protection,
    ProviderSettings settings,
    TimeProvider clock,
    ILogger<AuthorizeEndpoint> logger)
{
    public const string Path = "/connect/authorize";

    public const string ConsentPage = "/account/consent";

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
        IdTokenHint? expected = null;
        if (request.IdTokenHint is { } hint)
        {
            if (await idTokens.ReadHintAsync(hint, cancellationToken) is not { } token)
                return Return(request, OAuthErrors.InvalidRequest, "id_token_hint is not an ID token of this provider.");
            expected = token;
        }

        var now = clock.GetUtcNow();
        var asked = ReadAsked(parameters, request);
        var signedInWhenAsked = session is not null && asked is not null && session.SignedInAt >= asked;
        var isSomeoneElse = session is not null && expected is not null && expected.Subject != subjects.Of(expected.Client, session.AccountId);
        if (isSomeoneElse && signedInWhenAsked)
            return Return(request, OAuthErrors.LoginRequired, "Someone else signed in.");

        var isTooOld = session is not null && request.MaxAge is { } maxAge && now - session.SignedInAt > maxAge;
        var mustSignIn = session is null || isSomeoneElse || (!signedInWhenAsked && (request.MustSignInAgain || isTooOld));
        if (mustSignIn && request.IsSilent)
            return Return(request, OAuthErrors.LoginRequired, "The person must sign in.");
        if (mustSignIn || session is null)
        {
            var returnUrl = parameters.ToAddress(Path, AskedParameter, WriteAsked(request, now));
            return Results.Redirect(QueryHelpers.AddQueryString(request.IsRegistration ? "/account/register" : "/account/sign-in", "returnUrl", returnUrl));
        }

        // acr_values is a wish (OpenID Connect Core section 3.1.2.1): who cannot fulfil it goes on, and the ID token says how they signed in.
        if (!request.IsSilent && !AuthenticationContext.Serves(session.AuthenticationContext, request.AuthenticationContexts))
        {
            var step = !await steps.IsAsStrongAsItCanBeAsync(session, cancellationToken) ? "/account/sign-in/code"

                // Asked once: who does not have it at hand goes on without.
                : !signedInWhenAsked && await passkeys.HasAsync(session.AccountId, cancellationToken) ? "/account/sign-in/passkey"
                : null;
            if (step is not null)
                return Results.Redirect(QueryHelpers.AddQueryString(step, "returnUrl", parameters.ToAddress(Path, AskedParameter, WriteAsked(request, now))));
        }

        if (!await HasConsentAsync(request, session, asked, cancellationToken))
        {
            if (request.IsSilent)
                return Return(request, OAuthErrors.ConsentRequired, "The person must be asked.");

            // When it was first asked, so that a sign-in on the way here still counts.
            return Results.Redirect(QueryHelpers.AddQueryString(ConsentPage, "returnUrl", parameters.ToAddress(Path, AskedParameter, WriteAsked(request, asked ?? now))));
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
        return Results.Redirect(ResponseUri(settings, request.RedirectUri, ("code", code), ("state", request.State)));
    }

    /// <summary>OpenID Connect Core section 3.1.2.4: an application that needs consent has it for all that it asks; with prompt=consent, since it asked.</summary>
    private async Task<bool> HasConsentAsync(AuthorizeRequest request, Session session, DateTimeOffset? asked, CancellationToken cancellationToken)
    {
        if (!request.MustConsentAgain && !request.Client.NeedsConsent)
            return true;
        return await consents.FindAsync(session.AccountId, request.Client.Id, cancellationToken) is { } consent
            && !Scopes.Split(request.Scope).Except(Scopes.Split(consent.Scope), StringComparer.Ordinal).Any()
            && (!request.MustConsentAgain || (asked is not null && consent.GivenAt >= asked));
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
        settings, returned.RedirectUri, ("error", returned.Error), ("error_description", returned.Description), ("state", returned.State)));

    /// <summary>RFC 9207 section 2: every response, errors too, names the issuer.</summary>
    internal static string ResponseUri(ProviderSettings settings, string redirectUri, params (string Name, string? Value)[] parameters) =>
        QueryHelpers.AddQueryString(
            redirectUri,
            parameters.Append(("iss", settings.Issuer))
                .Where(parameter => parameter.Item2 is not null)
                .Select(parameter => KeyValuePair.Create(parameter.Item1, parameter.Item2)));
}
