using System.Net;
using System.Text.Json;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc6749;

/// <summary>RFC 6749 section 4.4: a service asks for itself.</summary>
public sealed class ClientCredentialsTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_service_gets_a_token_without_a_person_behind_it()
    {
        using var channel = host.OpenBackChannel();

        using var response = await AskAsync(channel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await BodyAsync(response);
        Assert.Equal(ServiceClient.Scope, body.GetProperty("scope").GetString());
        Assert.False(body.TryGetProperty("id_token", out _) || body.TryGetProperty("refresh_token", out _));
        using var userInfo = await Application.UserInfoAsync(channel, body.GetProperty("access_token").GetString() ?? string.Empty);
        Assert.Equal(HttpStatusCode.Unauthorized, userInfo.StatusCode);
    }

    [Fact]
    public async Task It_may_ask_for_part_of_its_scopes_and_for_no_other()
    {
        using var channel = host.OpenBackChannel();

        using var part = await AskAsync(channel, ("scope", "accounts.read"));
        using var more = await AskAsync(channel, ("scope", "accounts.read openid"));

        Assert.Equal("accounts.read", (await BodyAsync(part)).GetProperty("scope").GetString());
        Assert.Equal("invalid_scope", await Application.ErrorOfAsync(more));
    }

    [Fact]
    public async Task An_application_for_people_may_not_ask_for_itself()
    {
        using var channel = host.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = Application.Basic(Application.Web.ClientId, Application.Web.Secret);

        using var response = await channel.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("unauthorized_client", await Application.ErrorOfAsync(response));
    }

    private Task<HttpResponseMessage> AskAsync(HttpClient channel, params (string Name, string Value)[] more) =>
        ServiceClient.PostAsync(channel, "/connect/token", ServiceClient.Assertion(host), [("grant_type", "client_credentials"), .. more]);

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
}
