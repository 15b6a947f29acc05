using Telemedicine.Identity.Clients;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 6749 section 3.2: an application changes its code, or a refresh token, for tokens; or asks for one for itself.</summary>
public sealed partial class TokenEndpoint(
    ClientAuthentication authentication, CodeGrant codes, RefreshGrant refreshes, ClientCredentialsGrant credentials, ILogger<TokenEndpoint> logger)
{
    public const string Path = "/connect/token";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var (client, form, refusal) = await authentication.ReadAsync(context);
        var answer = client is null || form is null ? refusal : await AnswerAsync(client, form, context.RequestAborted);
        if (answer is OAuthError error)
            Refused(error.Error);
        return answer;
    }

    private async Task<IResult> AnswerAsync(Client client, ProtocolParameters form, CancellationToken cancellationToken)
    {
        if (form["grant_type"] is not { } grantType)
            return OAuthError.BadRequest(OAuthErrors.InvalidRequest, "grant_type is missing.");
        if (!GrantTypes.All.Contains(grantType, StringComparer.Ordinal))
            return OAuthError.BadRequest(OAuthErrors.UnsupportedGrantType, $"grant_type must be one of: {string.Join(", ", GrantTypes.All)}.");
        if (!client.May(grantType))
            return OAuthError.BadRequest(OAuthErrors.UnauthorizedClient, "This client is not set up for this grant_type.");
        return grantType switch
        {
            GrantTypes.AuthorizationCode => await codes.RedeemAsync(client, form, cancellationToken),
            GrantTypes.RefreshToken => await refreshes.RefreshAsync(client, form, cancellationToken),
            _ => await credentials.IssueAsync(client, form),
        };
    }
}
