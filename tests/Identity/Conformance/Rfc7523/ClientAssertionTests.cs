using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc7523;

/// <summary>RFC 7523 section 3 and OpenID Connect Core section 9 (private_key_jwt).</summary>
public sealed class ClientAssertionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static Dictionary<string, Action<SecurityTokenDescriptor>> Spoilers { get; } = new()
    {
        ["another audience"] = token => token.Audience = "https://elsewhere.example",
        ["another issuer"] = token => token.Issuer = "web",
        ["another subject"] = token => token.Claims["sub"] = "web",
        ["no jti"] = token => token.Claims.Remove("jti"),
        ["no expiry"] = token => token.Expires = null,
        ["expired"] = token => (token.NotBefore, token.Expires) = (token.IssuedAt?.AddMinutes(-10), token.IssuedAt?.AddMinutes(-5)),
        ["good for a day"] = token => token.Expires = token.IssuedAt?.AddDays(1),
        ["not yet good"] = token => (token.NotBefore, token.Expires) = (token.IssuedAt?.AddMinutes(5), token.IssuedAt?.AddMinutes(6)),
        ["a stranger's key"] = token => token.SigningCredentials = new SigningCredentials(
            new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "service-key" }, SecurityAlgorithms.EcdsaSha256),
        ["the public key as a secret"] = token => token.SigningCredentials = new SigningCredentials(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(File.ReadAllText(ServiceClient.JwksFile))) { KeyId = "service-key" }, SecurityAlgorithms.HmacSha256),
        ["no signature"] = token => token.SigningCredentials = null,
    };

    /// <summary>What may be wrong with an assertion that is otherwise good.</summary>
    public static TheoryData<string> Faults => [.. Spoilers.Keys];

    [Theory]
    [InlineData("")]
    [InlineData("/connect/token")]
    public async Task Issuer_and_token_endpoint_are_both_understood_as_audience(string path)
    {
        using var channel = host.OpenBackChannel();

        using var response = await AskAsync(channel, ServiceClient.Assertion(host, token => token.Audience = IdentityHost.Issuer + path));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_faulty_assertion_is_refused(string fault)
    {
        using var channel = host.OpenBackChannel();

        using var response = await AskAsync(channel, ServiceClient.Assertion(host, Spoilers[fault]));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_client", await Application.ErrorOfAsync(response));
    }

    [Theory]
    [InlineData("not.a.token")]
    [InlineData("...")]
    [InlineData("x")]
    public async Task Garbage_is_refused(string assertion)
    {
        using var channel = host.OpenBackChannel();

        using var response = await AskAsync(channel, assertion);

        Assert.Equal("invalid_client", await Application.ErrorOfAsync(response));
    }

    [Fact]
    public async Task An_assertion_works_once_also_on_another_instance()
    {
        await using var another = host.AnotherInstance();
        using var one = host.OpenBackChannel();
        using var two = another.OpenBackChannel();
        var assertion = ServiceClient.Assertion(host);

        var responses = await Task.WhenAll(AskAsync(one, assertion), AskAsync(two, assertion), AskAsync(one, assertion));

        Assert.Single(responses, response => response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_client_with_keys_and_no_secret_cannot_use_a_secret()
    {
        using var channel = host.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = Application.Basic(ServiceClient.Id, string.Empty);

        using var response = await channel.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("invalid_client", await Application.ErrorOfAsync(response));
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient channel, string assertion) =>
        ServiceClient.PostAsync(channel, "/connect/token", assertion, ("grant_type", "client_credentials"));
}
