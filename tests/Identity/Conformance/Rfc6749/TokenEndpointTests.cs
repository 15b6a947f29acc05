using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc6749;

/// <summary>RFC 6749 sections 2.3.1, 3.2, 4.1.3, 5.1 and 5.2.</summary>
public sealed class TokenEndpointTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_is_changed_for_tokens_that_are_not_cached()
    {
        using var channel = host.OpenBackChannel();

        using var response = await Web.RedeemAsync(channel, await CodeAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var tokens = await Tokens.ReadAsync(response);
        Assert.Equal("Bearer", tokens.Body.GetProperty("token_type").GetString());
        Assert.Equal(300, tokens.Body.GetProperty("expires_in").GetInt32());
        Assert.Equal("openid profile email", tokens.Body.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task The_secret_may_stand_in_the_form()
    {
        using var channel = host.OpenBackChannel();
        var form = Web.RedeemForm(await CodeAsync(), ("client_id", Web.ClientId), ("client_secret", Web.Secret));

        using var response = await channel.PostAsync("/connect/token", form, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("web", "wrong")]
    [InlineData("web", "")]
    [InlineData("nobody", "web-secret-for-tests-of-32-bytes-or-more")]
    [InlineData("other", "web-secret-for-tests-of-32-bytes-or-more")]
    public async Task A_wrong_client_id_or_secret_is_refused_and_leaves_the_code_unspent(string id, string secret)
    {
        using var channel = host.OpenBackChannel();
        var code = await CodeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = Web.RedeemForm(code) };
        request.Headers.Authorization = Application.Basic(id, secret);

        using var refused = await channel.SendAsync(request, Cancellation);
        using var accepted = await Web.RedeemAsync(channel, code);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("invalid_client", await Application.ErrorOfAsync(refused));
        Assert.Equal("Basic", Assert.Single(refused.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Theory]
    [InlineData("Basic not-base64!")]
    [InlineData("Basic d2Vi")]
    [InlineData("Bearer abc")]
    [InlineData("nonsense")]
    public async Task A_malformed_authorization_header_is_refused(string header)
    {
        using var channel = host.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = Web.RedeemForm(await CodeAsync()) };
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var response = await channel.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_client", await Application.ErrorOfAsync(response));
    }

    [Fact]
    public async Task The_hash_of_the_secret_is_not_the_secret()
    {
        using var channel = host.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = Web.RedeemForm(await CodeAsync()) };
        request.Headers.Authorization = Application.Basic(Web.ClientId, IdentityHost.Sha256Hex(Web.Secret));

        using var response = await channel.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Two_ways_of_authenticating_at_once_are_refused()
    {
        using var channel = host.OpenBackChannel();

        using var response = await Web.RedeemAsync(channel, await CodeAsync(), ("client_secret", Web.Secret));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request", await Application.ErrorOfAsync(response));
    }

    [Theory]
    [InlineData("grant_type", "", "invalid_request")]
    [InlineData("grant_type", "password", "unsupported_grant_type")]
    [InlineData("grant_type", "client_credentials", "unauthorized_client")]
    [InlineData("code", "", "invalid_request")]
    [InlineData("code", "made-up", "invalid_grant")]
    [InlineData("redirect_uri", "", "invalid_request")]
    [InlineData("redirect_uri", "http://localhost:5080/signin-oidc/", "invalid_grant")]
    [InlineData("redirect_uri", "https://evil.example/", "invalid_grant")]
    [InlineData("client_id", "other", "invalid_request")]
    public async Task A_wrong_form_is_refused(string name, string value, string error)
    {
        using var channel = host.OpenBackChannel();

        using var response = await Web.RedeemAsync(channel, await CodeAsync(), (name, value));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, await Application.ErrorOfAsync(response));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task A_repeated_parameter_is_refused()
    {
        using var channel = host.OpenBackChannel();
        var form = await Web.RedeemForm(await CodeAsync()).ReadAsStringAsync(Cancellation) + "&code=another";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded"),
        };
        request.Headers.Authorization = Application.Basic(Web.ClientId, Web.Secret);

        using var response = await channel.SendAsync(request, Cancellation);

        Assert.Equal("invalid_request", await Application.ErrorOfAsync(response));
    }

    [Fact]
    public async Task Anything_but_a_posted_form_is_refused()
    {
        using var channel = host.OpenBackChannel();

        using var json = await channel.PostAsJsonAsync("/connect/token", new { grant_type = "authorization_code" }, Cancellation);
        using var get = await channel.GetAsync("/connect/token?grant_type=authorization_code", Cancellation);

        Assert.Equal("invalid_request", await Application.ErrorOfAsync(json));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
    }

    [Fact]
    public async Task A_code_given_to_one_client_is_worth_nothing_to_another()
    {
        using var channel = host.OpenBackChannel();
        var code = await CodeAsync();

        using var stolen = await Application.Other.RedeemAsync(channel, code, ("redirect_uri", Web.RedirectUri));
        using var honest = await Web.RedeemAsync(channel, code);

        Assert.Equal(HttpStatusCode.BadRequest, stolen.StatusCode);
        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(stolen));
        Assert.Equal(HttpStatusCode.OK, honest.StatusCode);
    }

    [Fact]
    public async Task A_code_works_for_60_seconds_and_not_for_61()
    {
        using var channel = host.OpenBackChannel();
        var inTime = await CodeAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(59));
        using var accepted = await Web.RedeemAsync(channel, inTime);
        var late = await CodeAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(61));

        using var refused = await Web.RedeemAsync(channel, late);

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(refused));
    }

    [Fact]
    public async Task A_code_used_twice_is_refused_and_what_the_first_use_gave_is_revoked()
    {
        using var channel = host.OpenBackChannel();
        var code = await CodeAsync();
        using var first = await Web.RedeemAsync(channel, code);
        var accessToken = (await Tokens.ReadAsync(first)).AccessToken;
        using var before = await Application.UserInfoAsync(channel, accessToken);

        using var second = await Web.RedeemAsync(channel, code);
        using var after = await Application.UserInfoAsync(channel, accessToken);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(second));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Of_many_uses_at_once_on_two_instances_at_most_one_succeeds_and_its_token_is_dead()
    {
        await using var secondInstance = host.AnotherInstance();
        using var one = host.OpenBackChannel();
        using var two = secondInstance.OpenBackChannel();
        var code = await CodeAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => Web.RedeemAsync(index % 2 == 0 ? one : two, code)));

        var winner = Assert.Single(responses, response => response.IsSuccessStatusCode);
        using var userInfo = await Application.UserInfoAsync(two, (await Tokens.ReadAsync(winner)).AccessToken);
        Assert.Equal(HttpStatusCode.Unauthorized, userInfo.StatusCode);
    }

    [Fact]
    public async Task A_code_of_one_instance_is_redeemed_at_another()
    {
        await using var secondInstance = host.AnotherInstance();
        using var channel = secondInstance.OpenBackChannel();

        using var response = await Web.RedeemAsync(channel, await CodeAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_code_dies_with_the_session_that_it_came_from()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var code = await browser.GetCodeAsync(Web.AuthorizeUrl(), Person.Patient(3).Email);
        using var signedOut = await browser.SubmitAsync(await browser.OpenAsync("/account/sign-out"));

        using var response = await Web.RedeemAsync(channel, code);

        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(response));
    }

    [Fact]
    public async Task The_database_holds_no_access_token_that_could_be_used()
    {
        using var browser = host.OpenBrowser();
        var tokens = await Web.SignInAsync(host, browser, Person.Patient(4).Email);

        var stored = await host.InDatabaseAsync(database => database.AccessTokens.Select(token => token.TokenHash).ToListAsync(Cancellation));

        Assert.Contains(stored, hash => hash.AsSpan().SequenceEqual(OpaqueSecret.Hash(tokens.AccessToken)));
        Assert.DoesNotContain(stored, hash => hash.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(tokens.AccessToken)));
    }

    private async Task<string> CodeAsync()
    {
        using var browser = host.OpenBrowser();
        return await browser.GetCodeAsync(Web.AuthorizeUrl(), Person.Patient().Email);
    }
}
