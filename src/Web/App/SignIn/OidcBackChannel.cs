using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Telemedicine.Web.SignIn;

/// <summary>What Web asks the provider directly: tokens for a code, and the claims that the ID token left out.</summary>
internal sealed class OidcBackChannel(OidcOptions options, OpenIdConnectConfiguration provider)
{
    /// <summary>OpenID Connect Core 1.0 section 3.1.3. Null when the provider refuses or answers what is not a token response.</summary>
    public async Task<OpenIdConnectMessage?> RedeemAsync(string code, string? verifier, string redirectUri, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirectUri,
            ["code_verifier"] = verifier,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, provider.TokenEndpoint);
        request.Headers.Accept.ParseAdd("application/json");
        // RFC 6749 section 2.3.1: Basic unless the provider lists other ways only; id and secret are form-encoded first.
        var methods = provider.TokenEndpointAuthMethodsSupported;
        if (methods.Count == 0 || methods.Contains("client_secret_basic"))
        {
            var credentials = $"{FormEncode(options.ClientId)}:{FormEncode(options.ClientSecret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(credentials)));
        }
        else
        {
            form["client_id"] = options.ClientId;
            form["client_secret"] = options.ClientSecret;
        }
        request.Content = new FormUrlEncodedContent(form);
        using var json = await SendAsync(request, cancellationToken);
        if (json is null)
            return null;
        var message = new OpenIdConnectMessage(json.RootElement.GetRawText());
        return string.IsNullOrEmpty(message.IdToken) || string.IsNullOrEmpty(message.AccessToken) ? null : message;
    }

    /// <summary>
    /// OpenID Connect Core 1.0 section 5.3: asks for the profile and role where the ID token lacks them. False when the provider refuses or speaks of
    /// another person.
    /// </summary>
    public async Task<bool> AddUserInfoAsync(ClaimsIdentity person, string accessToken, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(provider.UserInfoEndpoint) || (person.HasClaim(c => c.Type == SessionClaims.Name) && person.HasClaim(c => c.Type == SessionClaims.Role)))
            return true;
        using var request = new HttpRequestMessage(HttpMethod.Get, provider.UserInfoEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.Accept.ParseAdd("application/json");
        using var json = await SendAsync(request, cancellationToken);
        if (json is null || !json.RootElement.TryGetProperty("sub", out var sub) || sub.ValueKind != JsonValueKind.String || sub.GetString() != person.FindFirst(SessionClaims.Subject)?.Value)
            return false;
        foreach (var type in SessionClaims.Profile.Where(p => !person.HasClaim(c => c.Type == p)))
        {
            if (json.RootElement.TryGetProperty(options.NameOf(type), out var value) && TextOf(value) is { Length: > 0 } text)
                person.AddClaim(new Claim(type, text));
        }
        if (!person.HasClaim(c => c.Type == SessionClaims.Role) && json.RootElement.TryGetProperty(options.RoleClaim, out var roles))
            person.AddClaims(TextsOf(roles).SelectMany(options.RoleOf));
        return true;
    }

    /// <summary>Of a claim that is a string or an array of strings.</summary>
    private static IEnumerable<string?> TextsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()],
        JsonValueKind.Array => value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()),
        _ => [],
    };

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private async Task<JsonDocument?> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await options.Backchannel.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "application/json")
                return null;
            var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static string FormEncode(string value) => Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal);
}
