using System.Net;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc7009;

/// <summary>RFC 7009 section 2.</summary>
public sealed class RevocationTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    [Fact]
    public async Task A_revoked_access_token_is_dead_and_its_refresh_token_lives()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await SignInAsync(browser);

        using var revoked = await Web.PostAsync(channel, "/connect/revoke", ("token", tokens.AccessToken));

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        using var userInfo = await Application.UserInfoAsync(channel, tokens.AccessToken);
        using var refreshed = await Web.RefreshAsync(channel, tokens.RefreshToken);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (userInfo.StatusCode, refreshed.StatusCode));
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    [InlineData("nonsense")]
    public async Task With_a_refresh_token_goes_everything_of_its_grant_whatever_the_hint(string hint)
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await SignInAsync(browser);

        using var revoked = await Web.PostAsync(channel, "/connect/revoke", ("token", tokens.RefreshToken), ("token_type_hint", hint));

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        using var userInfo = await Application.UserInfoAsync(channel, tokens.AccessToken);
        using var refreshed = await Web.RefreshAsync(channel, tokens.RefreshToken);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest), (userInfo.StatusCode, refreshed.StatusCode));
    }

    [Fact]
    public async Task Another_clients_token_lives_on_and_the_answer_does_not_tell_that_it_exists()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await SignInAsync(browser);

        using var stranger = await Application.Other.PostAsync(channel, "/connect/revoke", ("token", tokens.RefreshToken));
        using var unknown = await Application.Other.PostAsync(channel, "/connect/revoke", ("token", "made-up"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (stranger.StatusCode, unknown.StatusCode));
        using var refreshed = await Web.RefreshAsync(channel, tokens.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Fact]
    public async Task Only_a_proved_client_may_revoke_and_it_must_name_a_token()
    {
        using var channel = host.OpenBackChannel();

        using var nobody = await (Web with { Secret = "wrong" }).PostAsync(channel, "/connect/revoke", ("token", "x"));
        using var nothing = await Web.PostAsync(channel, "/connect/revoke");

        Assert.Equal("invalid_client", await Application.ErrorOfAsync(nobody));
        Assert.Equal("invalid_request", await Application.ErrorOfAsync(nothing));
    }

    private Task<Tokens> SignInAsync(Browser browser) =>
        Web.SignInAsync(host, browser, Person.Patient().Email, ("scope", "openid offline_access"));
}
