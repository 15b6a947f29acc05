using System.Globalization;
using System.Text.RegularExpressions;
using Telemedicine.Identity.Clients;

namespace Telemedicine.Identity.Connect;

/// <summary>An authorization request that may be answered (OpenID Connect Core section 3.1.2.1).</summary>
public sealed partial record AuthorizeRequest
{
    public const int MaxNonceLength = 500;

    public required Client Client { get; init; }

    public required string RedirectUri { get; init; }

    public required string? State { get; init; }

    public required string Scope { get; init; }

    public required string CodeChallenge { get; init; }

    public required string? Nonce { get; init; }

    /// <summary>prompt=none: answer without showing anything.</summary>
    public required bool IsSilent { get; init; }

    /// <summary>prompt=login or select_account or create: the person signs in again whatever session there is.</summary>
    public required bool MustSignInAgain { get; init; }

    /// <summary>prompt=create: the person makes an account rather than signing in to one (Initiating User Registration via OpenID Connect 1.0 section 4.1).</summary>
    public required bool IsRegistration { get; init; }

    /// <summary>prompt=consent: the person is asked again whatever they agreed to before.</summary>
    public required bool MustConsentAgain { get; init; }

    /// <summary>The oldest sign-in the application accepts.</summary>
    public required TimeSpan? MaxAge { get; init; }

    /// <summary>acr_values: the ways to sign in that the application would like, best first.</summary>
    public required IReadOnlyList<string> AuthenticationContexts { get; init; }

    public required string? IdTokenHint { get; init; }

    /// <summary>
    /// Checks the request. Until the client and its redirect URI are known to belong together, an error must not leave this provider
    /// (RFC 6749 section 4.1.2.1): it is shown to the person. After that it goes back to the application.
    /// </summary>
    public static AuthorizeOutcome Check(ProtocolParameters parameters, ClientRegistry clients)
    {
        if (parameters.IsRepeated("client_id") || clients.Find(parameters["client_id"]) is not { } client)
            return new AuthorizeOutcome.Shown("The application that sent you here is not known to this service.");
        if (parameters.IsRepeated("redirect_uri")
            || parameters["redirect_uri"] is not { } redirectUri
            || !client.RedirectUris.Contains(redirectUri, StringComparer.Ordinal))
        {
            return new AuthorizeOutcome.Shown("The application that sent you here did not give a return address that it has registered.");
        }

        // A repeated state is no state: there is no telling which one the application meant.
        var state = parameters.IsRepeated("state") ? null : parameters["state"];
        AuthorizeOutcome.Returned Refuse(string error, string description) => new(redirectUri, state, error, description);

        if (parameters.HasRepeats)
            return Refuse(OAuthErrors.InvalidRequest, "A parameter is repeated.");
        if (parameters["request"] is not null)
            return Refuse(OAuthErrors.RequestNotSupported, "Request objects are not supported.");
        if (parameters["request_uri"] is not null)
            return Refuse(OAuthErrors.RequestUriNotSupported, "Request objects are not supported.");
        if (parameters["registration"] is not null)
            return Refuse(OAuthErrors.RegistrationNotSupported, "Clients are registered by configuration.");
        if (parameters["response_type"] is not { } responseType)
            return Refuse(OAuthErrors.InvalidRequest, "response_type is missing.");
        if (responseType != "code")
            return Refuse(OAuthErrors.UnsupportedResponseType, "Only response_type=code is supported.");
        if (parameters["response_mode"] is not (null or "query"))
            return Refuse(OAuthErrors.InvalidRequest, "Only response_mode=query is supported.");
        if (parameters["scope"] is not { } scope || !Scopes.Split(scope).Contains(Scopes.OpenId, StringComparer.Ordinal))
            return Refuse(OAuthErrors.InvalidScope, "The scope must contain openid.");
        if (parameters["code_challenge"] is not { } challenge)
            return Refuse(OAuthErrors.InvalidRequest, "code_challenge is required (RFC 7636).");
        if (parameters["code_challenge_method"] != "S256")
            return Refuse(OAuthErrors.InvalidRequest, "code_challenge_method must be S256.");
        if (!S256Challenge().IsMatch(challenge))
            return Refuse(OAuthErrors.InvalidRequest, "code_challenge is not the base64url form of a SHA-256.");
        if (parameters["nonce"] is { Length: > MaxNonceLength })
            return Refuse(OAuthErrors.InvalidRequest, "nonce is too long.");

        TimeSpan? maxAge = null;
        if (parameters["max_age"] is { } maxAgeText)
        {
            if (!int.TryParse(maxAgeText, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return Refuse(OAuthErrors.InvalidRequest, "max_age must be a whole number of seconds.");
            maxAge = TimeSpan.FromSeconds(seconds);
        }

        string[] prompts = parameters["prompt"] is { } prompt ? Scopes.Split(prompt) : [];
        if (prompts.Except(["none", "login", "select_account", "create", "consent"], StringComparer.Ordinal).Any())
            return Refuse(OAuthErrors.InvalidRequest, "prompt has an unknown value.");
        if (prompts.Contains("none") && prompts.Length > 1)
            return Refuse(OAuthErrors.InvalidRequest, "prompt=none cannot be combined.");

        return new AuthorizeOutcome.Accepted(new AuthorizeRequest
        {
            Client = client,
            RedirectUri = redirectUri,
            State = state,
            Scope = Scopes.Grantable(scope, client),
            CodeChallenge = challenge,
            Nonce = parameters["nonce"],
            IsSilent = prompts.Contains("none"),
            MustSignInAgain = prompts.Contains("login") || prompts.Contains("select_account") || prompts.Contains("create"),
            IsRegistration = prompts.Contains("create"),
            MustConsentAgain = prompts.Contains("consent"),
            MaxAge = maxAge,
            AuthenticationContexts = parameters["acr_values"] is { } contexts ? Scopes.Split(contexts) : [],
            IdTokenHint = parameters["id_token_hint"],
        });
    }

    /// <summary>RFC 7636 section 4.2: base64url of 32 bytes, without padding.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_-]{43}\z", RegexOptions.CultureInvariant)]
    private static partial Regex S256Challenge();
}

/// <summary>What becomes of an authorization request.</summary>
public abstract record AuthorizeOutcome
{
    /// <summary>Go on: sign the person in if need be, then give a code.</summary>
    public sealed record Accepted(AuthorizeRequest Request) : AuthorizeOutcome;

    /// <summary>An error for the person, on our own page.</summary>
    public sealed record Shown(string Reason) : AuthorizeOutcome;

    /// <summary>An error for the application, at its registered address.</summary>
    public sealed record Returned(string RedirectUri, string? State, string Error, string Description) : AuthorizeOutcome;
}
