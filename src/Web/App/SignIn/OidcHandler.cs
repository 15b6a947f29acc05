using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Telemedicine.Web.SignIn;

/// <summary>
/// An OpenID Connect relying party (OpenID Connect Core 1.0, code flow with PKCE S256). It knows the provider by its discovery document only.
/// </summary>
public sealed partial class OidcHandler(IOptionsMonitor<OidcOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IdTokenValidator idTokens)
    : RemoteAuthenticationHandler<OidcOptions>(options, loggers, encoder), IAuthenticationSignOutHandler
{
    public const string SchemeName = "oidc";

    private const string RegistersParameter = "registers";
    private const string CreatePrompt = "create";
    private const string VerifierItem = "verifier";
    private const string NonceItem = "nonce";
    private const string IdTokenName = "id_token";

    /// <summary>Leads the person to the provider's page for a new account, if it has one, and from there to a page of this service.</summary>
    public static AuthenticationProperties Registering(string? returnTo)
    {
        var properties = new AuthenticationProperties { RedirectUri = returnTo };
        properties.SetParameter(RegistersParameter, true);
        return properties;
    }

    private string RedirectUri => Absolute(Options.CallbackPath);

    public override Task<bool> HandleRequestAsync() =>
        Request.Path == Options.SignedOutCallbackPath ? HandleSignedOutCallbackAsync() : base.HandleRequestAsync();

    /// <summary>Sends a person to the provider; a script's or a form's request is only told 401, since it cannot sign in.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!IsNavigation())
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        if (await FindProviderAsync() is not { } provider)
        {
            Response.Redirect(SignInPages.ProviderUnavailable);
            return;
        }
        var verifier = Random(32);
        properties.RedirectUri ??= Request.PathBase + Request.Path + Request.QueryString;
        properties.IssuedUtc = TimeProvider.GetUtcNow();
        properties.Items[VerifierItem] = verifier;
        properties.Items[NonceItem] = Random(32);
        GenerateCorrelationId(properties);
        var message = new OpenIdConnectMessage
        {
            EnableTelemetryParameters = false,
            IssuerAddress = provider.AuthorizationEndpoint,
            ClientId = Options.ClientId,
            RedirectUri = RedirectUri,
            ResponseType = OpenIdConnectResponseType.Code,
            Scope = Options.Scope,
            Nonce = properties.Items[NonceItem],
            State = Options.StateFormat?.Protect(properties),
        };
        // Initiating User Registration via OpenID Connect 1.0: a provider that does not offer it shows its sign-in page.
        if (properties.GetParameter<bool>(RegistersParameter) && provider.PromptValuesSupported.Contains(CreatePrompt))
            message.Prompt = CreatePrompt;
        // RFC 7636 sections 4.2 and 4.3.
        message.SetParameter("code_challenge", WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))));
        message.SetParameter("code_challenge_method", "S256");
        Response.Redirect(message.CreateAuthenticationRequestUrl());
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        if (!HttpMethods.IsGet(Request.Method))
            return Failed(SignInFailure.WrongMethod);
        var answer = new OpenIdConnectMessage(Request.Query.Select(q => KeyValuePair.Create(q.Key, q.Value.Select(v => v ?? "").ToArray())));

        // RFC 6749 section 10.12: the answer must belong to a request that this browser made, whatever it says.
        var state = string.IsNullOrEmpty(answer.State) ? null : Options.StateFormat?.Unprotect(answer.State);
        if (state is null)
            return Failed(SignInFailure.State);
        if (!ValidateCorrelationId(state))
            return Failed(SignInFailure.Correlation, state);
        if (state.IssuedUtc is not { } issued || TimeProvider.GetUtcNow() - issued > Options.RemoteAuthenticationTimeout)
            return Failed(SignInFailure.TooLate, state);
        if (await FindProviderAsync() is not { } provider)
            return Failed(SignInFailure.ProviderUnavailable, state);

        // RFC 9207: tells which provider answered, so that no other can pass off its code.
        var iss = Request.Query["iss"];
        if (iss.Count > 1 || (iss.Count == 1 ? iss[0] != provider.Issuer : provider.AuthorizationResponseIssParameterSupported == true))
            return Failed(SignInFailure.Issuer, state);
        if (!string.IsNullOrEmpty(answer.Error))
            return Failed(answer.Error == "access_denied" ? SignInFailure.Declined : SignInFailure.ProviderError, state);
        if (string.IsNullOrEmpty(answer.Code) || !state.Items.TryGetValue(VerifierItem, out var verifier) || !state.Items.TryGetValue(NonceItem, out var nonce))
            return Failed(SignInFailure.Code, state);

        var backChannel = new OidcBackChannel(Options, provider);
        var tokens = await backChannel.RedeemAsync(answer.Code, verifier, RedirectUri, Context.RequestAborted);
        if (tokens is null)
            return Failed(SignInFailure.Code, state);
        var (claims, reason) = await idTokens.ValidateAsync(Options, provider, tokens, nonce, Context.RequestAborted);
        if (claims is null)
        {
            LogIdTokenRefused(Logger, reason);
            return Failed(SignInFailure.IdToken, state);
        }
        if (!await backChannel.AddUserInfoAsync(claims, tokens.AccessToken, Context.RequestAborted))
            return Failed(SignInFailure.UserInfo, state);
        AddWhatProvidersLeaveOut(claims);

        var session = new AuthenticationProperties { RedirectUri = state.RedirectUri };
        session.StoreTokens([new AuthenticationToken { Name = IdTokenName, Value = tokens.IdToken }]);
        return HandleRequestResult.Success(new AuthenticationTicket(new ClaimsPrincipal(claims), session, Scheme.Name));
    }

    /// <summary>OpenID Connect RP-Initiated Logout 1.0 section 2; the local session ends by the cookie scheme.</summary>
    public async Task SignOutAsync(AuthenticationProperties? properties)
    {
        var returnTo = properties?.RedirectUri ?? "/";
        var idToken = await Context.GetTokenAsync(SessionCookie.SchemeName, IdTokenName);
        var provider = await FindProviderAsync();
        if (string.IsNullOrEmpty(provider?.EndSessionEndpoint) || idToken is null)
        {
            Response.Redirect(returnTo);
            return;
        }
        var message = new OpenIdConnectMessage
        {
            EnableTelemetryParameters = false,
            IssuerAddress = provider.EndSessionEndpoint,
            ClientId = Options.ClientId,
            IdTokenHint = idToken,
            PostLogoutRedirectUri = Absolute(Options.SignedOutCallbackPath),
            State = Options.StateFormat?.Protect(new AuthenticationProperties { RedirectUri = returnTo }),
        };
        Response.Redirect(message.CreateLogoutRequestUrl());
    }

    private Task<bool> HandleSignedOutCallbackAsync()
    {
        string? state = Request.Query["state"];
        var returnTo = string.IsNullOrEmpty(state) ? null : Options.StateFormat?.Unprotect(state)?.RedirectUri;
        Response.Redirect(returnTo ?? "/");
        return Task.FromResult(true);
    }

    private void AddWhatProvidersLeaveOut(ClaimsIdentity person)
    {
        if (Options.DefaultRole.Length > 0 && !person.HasClaim(claim => claim.Type == SessionClaims.Role))
            person.AddClaim(new Claim(SessionClaims.Role, Options.DefaultRole));
        if (person.Name is null && person.FindFirst(SessionClaims.GivenName) is { } given && person.FindFirst(SessionClaims.FamilyName) is { } family)
            person.AddClaim(new Claim(SessionClaims.Name, $"{given.Value} {family.Value}"));
    }

    private bool IsNavigation() =>
        HttpMethods.IsGet(Request.Method) && (!Request.Headers.TryGetValue("Sec-Fetch-Mode", out var mode) || mode == "navigate");

    private HandleRequestResult Failed(SignInFailure failure, AuthenticationProperties? state = null)
    {
        LogSignInFailed(Logger, failure);
        return HandleRequestResult.Fail(new SignInFailedException(failure), state);
    }

    private async Task<OpenIdConnectConfiguration?> FindProviderAsync()
    {
        if (Options.Provider is not { } metadata)
            return null;
        try
        {
            var provider = await metadata.GetAsync(Context.RequestAborted);
            // OpenID Connect Discovery 1.0 section 4.3: the document must speak of the issuer that was asked.
            if (provider.Issuer == Options.Authority)
                return provider;
            LogWrongIssuer(Logger);
            return null;
        }
        catch (InvalidOperationException e) when (!Context.RequestAborted.IsCancellationRequested)
        {
            LogProviderUnavailable(Logger, e.InnerException?.GetType().Name ?? e.GetType().Name);
            return null;
        }
    }

    /// <summary>From the settings, not from the request, whose host header anyone can write.</summary>
    private string Absolute(PathString path) => $"{Options.PublicUrl?.GetLeftPart(UriPartial.Path).TrimEnd('/')}{path}";

    private static string Random(int bytes) => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(bytes));
}
