using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Federation;

/// <summary>
/// What ASP.NET Core's OpenID Connect client leaves to us: addresses from the settings, the provider's parameters, who answered (RFC 9207), keys in place
/// of secrets, the required assurance, and how little of what it says is kept.
/// </summary>
public sealed partial class FederationEvents(FederatedProviders providers, ProviderSettings settings, TimeProvider clock, ILogger<FederationEvents> logger) : OpenIdConnectEvents
{
    /// <summary>When the person was asked to prove anew who they are, in Unix seconds; absent when they were not.</summary>
    public const string AnewItem = "anew";

    public const string ReturnUrlItem = "returnUrl";

    private const int LongestSubject = 255;

    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        var message = context.ProtocolMessage;

        // Not from the request, whose Host header anyone can write.
        message.RedirectUri = settings.Issuer + context.Options.CallbackPath;
        foreach (var (name, value) in ProviderOf(context.Scheme).Parameters)
            message.SetParameter(name, value);
        if (context.Properties.Items.ContainsKey(AnewItem))
        {
            message.Prompt = OpenIdConnectPrompt.Login;
            message.MaxAge = "0";
        }

        return Task.CompletedTask;
    }

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Fail(new FederationException(FederationProblem.Refused));
            return;
        }

        // RFC 9207 section 2.4. Each provider also has a callback address of its own.
        var configuration = context.Options.ConfigurationManager is { } manager ? await manager.GetConfigurationAsync(context.HttpContext.RequestAborted) : null;
        var iss = context.Request.Query["iss"];
        var isTheirs = iss.Count == 0 ? configuration?.AuthorizationResponseIssParameterSupported != true : iss.Count == 1 && iss[0] == ProviderOf(context.Scheme).Authority.OriginalString;
        if (!isTheirs)
            context.Fail(new FederationException(FederationProblem.Refused));
    }

    /// <summary>OpenID Connect Core section 9: private_key_jwt.</summary>
    public override async Task AuthorizationCodeReceived(AuthorizationCodeReceivedContext context)
    {
        var provider = ProviderOf(context.Scheme);
        if (provider.Key is not { } key || context.TokenEndpointRequest is not { } request || context.Options.ConfigurationManager is not { } manager)
            return;
        var configuration = await manager.GetConfigurationAsync(context.HttpContext.RequestAborted);
        var now = clock.GetUtcNow();
        request.ClientSecret = null;
        request.ClientAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        request.ClientAssertion = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = provider.ClientId,
            Audience = configuration.TokenEndpoint,
            IssuedAt = now.UtcDateTime,
            Expires = (now + AssertionLifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = provider.ClientId, ["jti"] = Guid.NewGuid().ToString() },
            SigningCredentials = key,
        });
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        var provider = ProviderOf(context.Scheme);
        var claims = context.Principal?.Claims.ToLookup(claim => claim.Type, claim => claim.Value, StringComparer.Ordinal) ?? throw new InvalidOperationException("There are no claims.");

        // OpenID Connect Core section 3.1.3.7 lets a token that came over TLS go unsigned (rule 6), and so does the client, whatever RequireSignedTokens says.
        var isSigned = context.SecurityToken.RawSignature is { Length: > 0 };

        // Rule 4; the client looks at "azp" where there is one.
        var isForOthersToo = claims["aud"].Count() > 1 && !claims["azp"].Any();
        if (!isSigned || isForOthersToo || claims["sub"].ToList() is not [{ Length: > 0 and <= LongestSubject } subject])
            context.Fail(new FederationException(FederationProblem.Refused));
        else if (provider.Requires.Any(required => !required.Value.Intersect(claims[required.Key], StringComparer.Ordinal).Any()))
            context.Fail(new FederationException(FederationProblem.NotEnough));
        else if (!IsAnewIfAsked(context.Properties, claims["auth_time"].FirstOrDefault(), context.Options.TokenValidationParameters.ClockSkew))
            context.Fail(new FederationException(FederationProblem.NotAnew));
        else
        {
            context.HttpContext.Features.Set(new FederatedPerson
            {
                ProviderId = provider.Id,
                Key = FederatedPerson.KeyOf(provider.Authority, subject),
                HasTwoFactors = provider.TwoFactors.Any(counted => counted.Value.Intersect(claims[counted.Key], StringComparer.Ordinal).Any()),
            }.With(provider, name => claims[name].FirstOrDefault()));
        }

        return Task.CompletedTask;
    }

    /// <summary>What the ID token leaves out. The client has checked, or does next, that it speaks of the same subject.</summary>
    public override Task UserInformationReceived(UserInformationReceivedContext context)
    {
        var read = context.HttpContext.Features.GetRequiredFeature<FederatedPerson>();
        context.HttpContext.Features.Set(read.With(ProviderOf(context.Scheme), name => ProviderClaims.TextOf(context.User.RootElement, name)));
        return Task.CompletedTask;
    }

    public override Task TicketReceived(TicketReceivedContext context)
    {
        context.Principal = context.HttpContext.Features.GetRequiredFeature<FederatedPerson>().ToPrincipal();
        return Task.CompletedTask;
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        context.HandleResponse();
        Show(context.Response, context.Scheme, FederationProblem.Cancelled, context.Properties);
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        context.HandleResponse();
        var problem = context.Failure switch
        {
            FederationException known => known.Problem,
            HttpRequestException or OperationCanceledException or IOException => FederationProblem.Unavailable,
            InvalidOperationException { InnerException: IOException or HttpRequestException or OperationCanceledException } => FederationProblem.Unavailable,
            _ => FederationProblem.Refused,
        };
        Failed(ProviderOf(context.Scheme).Id, problem, context.Failure?.GetType().Name);
        Show(context.Response, context.Scheme, problem, context.Properties);
        return Task.CompletedTask;
    }

    /// <summary>A session there that was begun before we asked does not count; nor does a provider that does not tell (OpenID Connect Core section 3.1.2.1, max_age).</summary>
    private static bool IsAnewIfAsked(AuthenticationProperties? properties, string? authTime, TimeSpan skew) =>
        properties?.Items.TryGetValue(AnewItem, out var asked) != true
        || (long.TryParse(asked, CultureInfo.InvariantCulture, out var since) && long.TryParse(authTime, CultureInfo.InvariantCulture, out var at) && at >= since - (long)skew.TotalSeconds);

    private void Show(HttpResponse response, AuthenticationScheme scheme, FederationProblem problem, AuthenticationProperties? properties)
    {
        string? returnUrl = null;
        properties?.Items.TryGetValue(ReturnUrlItem, out returnUrl);
        var page = $"{FederatedSignIn.Path}/{ProviderOf(scheme).Id}/{problem}";
        response.Redirect(returnUrl is null ? page : QueryHelpers.AddQueryString(page, "returnUrl", returnUrl));
    }

    private FederatedProvider ProviderOf(AuthenticationScheme scheme) =>
        providers.All.Single(provider => provider.Scheme == scheme.Name);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Warning, Message = "A sign-in with provider {Provider} failed: {Problem} ({Failure})")]
    private partial void Failed(string provider, FederationProblem problem, string? failure);
}
