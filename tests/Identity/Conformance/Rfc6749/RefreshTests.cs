using System.Net;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc6749;

/// <summary>RFC 6749 section 6 and OpenID Connect Core sections 11 and 12; rotation and reuse as RFC 9700 section 4.14.2 wants them.</summary>
public sealed class RefreshTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token()
    {
        using var browser = host.OpenBrowser();

        var tokens = await Web.SignInAsync(host, browser, Person.Patient().Email);

        Assert.False(tokens.Body.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task A_client_that_may_not_refresh_is_not_granted_offline_access()
    {
        using var browser = host.OpenBrowser();

        var tokens = await Application.Other.SignInAsync(host, browser, Person.Patient().Email, ("scope", "openid offline_access"));

        Assert.Equal("openid", tokens.Body.GetProperty("scope").GetString());
        Assert.False(tokens.Body.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task A_refresh_token_gives_new_tokens_for_the_same_person_and_sign_in()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var first = await OfflineAsync(browser);
        host.Clock.Advance(TimeSpan.FromMinutes(6));

        using var response = await Web.RefreshAsync(channel, first.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var second = await Tokens.ReadAsync(response);
        foreach (var claim in new[] { "sub", "iss", "aud", "sid", "auth_time" })
            Assert.Equal(first.Claims.GetProperty(claim).ToString(), second.Claims.GetProperty(claim).ToString());
        Assert.False(second.Claims.TryGetProperty("nonce", out _));
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        using var expired = await Application.UserInfoAsync(channel, first.AccessToken);
        using var fresh = await Application.UserInfoAsync(channel, second.AccessToken);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (expired.StatusCode, fresh.StatusCode));
    }

    [Fact]
    public async Task A_refresh_token_used_twice_takes_everything_back()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var stolen = (await OfflineAsync(browser)).RefreshToken;
        using var first = await Web.RefreshAsync(channel, stolen);
        var second = await Tokens.ReadAsync(first);

        using var reuse = await Web.RefreshAsync(channel, stolen);

        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(reuse));
        using var userInfo = await Application.UserInfoAsync(channel, second.AccessToken);
        using var successor = await Web.RefreshAsync(channel, second.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, userInfo.StatusCode);
        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(successor));
    }

    [Fact]
    public async Task Of_many_uses_at_once_on_two_instances_at_most_one_succeeds()
    {
        await using var another = host.AnotherInstance();
        using var browser = host.OpenBrowser();
        using var one = host.OpenBackChannel();
        using var two = another.OpenBackChannel();
        var token = (await OfflineAsync(browser)).RefreshToken;

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => Web.RefreshAsync(index % 2 == 0 ? one : two, token)));

        Assert.Single(responses, response => response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task It_belongs_to_its_client()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var token = (await OfflineAsync(browser)).RefreshToken;

        using var stolen = await Application.Other.RefreshAsync(channel, token);
        using var honest = await Web.RefreshAsync(channel, token);

        Assert.Equal("unauthorized_client", await Application.ErrorOfAsync(stolen));
        Assert.Equal(HttpStatusCode.OK, honest.StatusCode);
    }

    [Fact]
    public async Task It_lives_half_an_hour_unused_and_never_past_the_session()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var idle = (await OfflineAsync(browser)).RefreshToken;
        host.Clock.Advance(TimeSpan.FromMinutes(31));
        using var late = await Web.RefreshAsync(channel, idle);
        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(late));

        using var other = host.OpenBrowser();
        var tokens = await OfflineAsync(other);
        using var signedOut = await other.SubmitAsync(await other.OpenAsync("/account/sign-out"));
        using var afterwards = await Web.RefreshAsync(channel, tokens.RefreshToken);
        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(afterwards));
    }

    [Fact]
    public async Task Fewer_scopes_may_be_asked_for_and_no_more()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await Web.SignInAsync(host, browser, Person.Patient().Email, ("scope", "openid profile offline_access"));

        using var more = await Web.RefreshAsync(channel, tokens.RefreshToken, ("scope", "openid email"));
        using var fewer = await Web.RefreshAsync(channel, tokens.RefreshToken, ("scope", "openid"));

        Assert.Equal("invalid_scope", await Application.ErrorOfAsync(more));
        var narrowed = await Tokens.ReadAsync(fewer);
        Assert.Equal("openid", narrowed.Body.GetProperty("scope").GetString());
        Assert.False(narrowed.Claims.TryGetProperty("name", out _));
        using var again = await Web.RefreshAsync(channel, narrowed.RefreshToken);
        Assert.Equal("openid profile offline_access", (await Tokens.ReadAsync(again)).Body.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("", "invalid_request")]
    [InlineData("made-up", "invalid_grant")]
    public async Task A_missing_or_made_up_token_is_refused(string token, string error)
    {
        using var channel = host.OpenBackChannel();

        using var response = await Web.RefreshAsync(channel, token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, await Application.ErrorOfAsync(response));
    }

    [Fact]
    public async Task An_access_token_is_no_refresh_token_and_the_other_way_round()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await OfflineAsync(browser);

        using var refreshed = await Web.RefreshAsync(channel, tokens.AccessToken);
        using var userInfo = await Application.UserInfoAsync(channel, tokens.RefreshToken);

        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(refreshed));
        Assert.Equal(HttpStatusCode.Unauthorized, userInfo.StatusCode);
    }

    private Task<Tokens> OfflineAsync(Browser browser) =>
        Web.SignInAsync(host, browser, Person.Patient().Email, ("scope", "openid profile email offline_access"));
}
