using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>A client application as the provider sees it: builds authorization requests and redeems codes.</summary>
public sealed record Application(string ClientId, string Secret, string RedirectUri, string PostLogoutRedirectUri)
{
    public const string Verifier = "a-code-verifier-of-more-than-43-characters_0123456789";

    public static Application Web { get; } = new(
        "web", "web-secret-for-tests-of-32-bytes-or-more", "http://localhost:5080/signin-oidc", "http://localhost:5080/signout-callback-oidc");

    public static Application Other { get; } = new(
        "other", "another-secret-for-tests-32-bytes-or-more", "https://other.example/return?tenant=1", "https://other.example/bye");

    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>A complete authorization request.</summary>
    /// <param name="changes">Parameters to add or change; an empty value leaves the parameter out.</param>
    public string AuthorizeUrl(params (string Name, string Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = RedirectUri,
            ["response_type"] = "code",
            ["scope"] = "openid profile email",
            ["state"] = "a state/with?odd&characters=",
            ["nonce"] = "n-0S6_WzA2Mj",
            ["code_challenge"] = Challenge(Verifier),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
            parameters[name] = value;
        return QueryHelpers.AddQueryString(
            "/connect/authorize", parameters.Where(parameter => parameter.Value != string.Empty));
    }

    /// <summary>Sends a code to the token endpoint with the secret in the Authorization header.</summary>
    /// <param name="changes">Form parameters to add or change; an empty value leaves the parameter out.</param>
    public Task<HttpResponseMessage> RedeemAsync(HttpClient channel, string code, params (string Name, string Value)[] changes)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = RedeemForm(code, changes) };
        request.Headers.Authorization = Basic(ClientId, Secret);
        return channel.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public FormUrlEncodedContent RedeemForm(string code, params (string Name, string Value)[] changes)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = RedirectUri,
            ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in changes)
            form[name] = value;
        return new FormUrlEncodedContent(form.Where(parameter => parameter.Value.Length > 0));
    }

    /// <summary>A whole sign-in and redemption.</summary>
    public async Task<Tokens> SignInAsync(IdentityHost host, Browser browser, string email, params (string Name, string Value)[] changes)
    {
        var code = await browser.GetCodeAsync(AuthorizeUrl(changes), email);
        using var channel = host.OpenBackChannel();
        using var response = await RedeemAsync(channel, code);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return await Tokens.ReadAsync(response);
    }

    public Task<HttpResponseMessage> RefreshAsync(HttpClient channel, string refreshToken, params (string Name, string Value)[] more) =>
        PostAsync(channel, "/connect/token", [("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. more]);

    /// <summary>Posts a form with the secret in the Authorization header.</summary>
    public Task<HttpResponseMessage> PostAsync(HttpClient channel, string path, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
        };
        request.Headers.Authorization = Basic(ClientId, Secret);
        return channel.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static AuthenticationHeaderValue Basic(string id, string secret) => new(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    public static async Task<HttpResponseMessage> UserInfoAsync(HttpClient channel, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return await channel.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The "error" of an OAuth answer.</summary>
    public static async Task<string?> ErrorOfAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(body).RootElement.GetProperty("error").GetString();
    }
}

/// <summary>A token endpoint's answer.</summary>
public sealed record Tokens(string AccessToken, string IdToken, JsonElement Body)
{
    /// <summary>The ID token's claims, unverified.</summary>
    public JsonElement Claims => Part(1);

    public JsonElement Header => Part(0);

    public string RefreshToken => Text(Body, "refresh_token");

    public static async Task<Tokens> ReadAsync(HttpResponseMessage response)
    {
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        return new Tokens(Text(body, "access_token"), Text(body, "id_token"), body);
    }

    private static string Text(JsonElement body, string name) =>
        body.GetProperty(name).GetString() ?? throw new InvalidOperationException($"{name} is null.");

    private JsonElement Part(int index) => JsonDocument.Parse(Base64Url.DecodeFromChars(IdToken.Split('.')[index])).RootElement;
}
