using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.SignIn;

/// <summary>OpenID Connect Back-Channel Logout 1.0 sections 2.5 to 2.8, as the relying party.</summary>
public sealed class BackChannelLogoutTests : WebTest
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    [Fact]
    public async Task The_session_that_the_provider_ended_is_over_and_no_other()
    {
        using var ended = await Web.SignInAsync(People.Margaret);
        var session = Web.Provider.LastSession;
        using var other = await Web.SignInAsync(People.Margaret);

        var status = await PostAsync(Web.Provider.LogoutToken(session, People.Margaret.Subject));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(await IsSignedInAsync(ended));
        Assert.True(await IsSignedInAsync(other));
    }

    [Fact]
    public async Task A_copied_cookie_is_worth_nothing_after_that()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        using var thief = Web.Browser();
        thief.Cookies.Add(browser.Cookies.GetCookies(Browser.Web));
        await PostAsync(Web.Provider.LogoutToken(Web.Provider.LastSession, People.Margaret.Subject));

        Assert.False(await IsSignedInAsync(thief));
    }

    [Fact]
    public async Task Without_a_session_every_session_of_the_person_is_over_but_not_those_begun_later()
    {
        using var first = await Web.SignInAsync(People.Margaret);
        using var second = await Web.SignInAsync(People.Margaret);
        using var stranger = await Web.SignInAsync(People.Mohammed);
        Web.Time.Advance(TimeSpan.FromSeconds(5));

        await PostAsync(Web.Provider.LogoutToken(session: null, People.Margaret.Subject));
        Web.Time.Advance(TimeSpan.FromSeconds(5));
        using var later = await Web.SignInAsync(People.Margaret);

        Assert.False(await IsSignedInAsync(first));
        Assert.False(await IsSignedInAsync(second));
        Assert.True(await IsSignedInAsync(stranger));
        Assert.True(await IsSignedInAsync(later));
    }

    [Fact]
    public async Task It_holds_after_a_restart()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        await PostAsync(Web.Provider.LogoutToken(Web.Provider.LastSession, People.Margaret.Subject));

        await using var restarted = Web.AnotherInstance();
        using var again = restarted.Browser();
        again.Cookies.Add(browser.Cookies.GetCookies(Browser.Web));

        Assert.False(await IsSignedInAsync(again));
    }

    [Fact]
    public async Task The_same_token_twice_changes_nothing_more()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        var token = Web.Provider.LogoutToken(Web.Provider.LastSession, People.Margaret.Subject);

        Assert.Equal(HttpStatusCode.OK, await PostAsync(token));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(token));
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_token_signed_with_the_providers_new_key_is_believed()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        Web.Provider.RotateKey();
        Web.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.OK, await PostAsync(Web.Provider.LogoutToken(Web.Provider.LastSession, People.Margaret.Subject)));
        Assert.False(await IsSignedInAsync(browser));
    }

    public static TheoryData<string> BentTokens => [.. Bends.Keys];

    private static readonly Dictionary<string, Action<SecurityTokenDescriptor>> Bends = new()
    {
        ["wrong audience"] = t => t.Audience = "another-client",
        ["wrong issuer"] = t => t.Issuer = "https://evil.test",
        ["expired"] = t => { t.IssuedAt = t.IssuedAt?.AddHours(-1); t.Expires = t.IssuedAt?.AddMinutes(2); },
        ["long-lived and old"] = t => { t.IssuedAt = t.IssuedAt?.AddHours(-1); t.Expires = t.IssuedAt?.AddHours(12); },
        ["no expiry"] = t => t.Expires = null,
        ["no time of issue"] = t => t.IssuedAt = null,
        ["no events"] = t => t.Claims.Remove("events"),
        ["another event"] = t => t.Claims["events"] = new Dictionary<string, object> { ["http://schemas.example/other"] = new Dictionary<string, object>() },
        ["events that are no object"] = t => t.Claims["events"] = Event,
        ["a nonce"] = t => t.Claims["nonce"] = "n",
        ["no id"] = t => t.Claims.Remove("jti"),
        ["nobody named"] = t => { t.Claims.Remove("sid"); t.Claims.Remove("sub"); },
        ["another type"] = t => t.TokenType = "at+jwt",
        ["another key"] = t => t.SigningCredentials = new SigningCredentials(ProviderStub.StrangersKey(), SecurityAlgorithms.EcdsaSha256),
        ["a secret for a key"] = t => t.SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(new byte[32]), SecurityAlgorithms.HmacSha256),
        ["no signature"] = t => t.SigningCredentials = null,
    };

    [Theory]
    [MemberData(nameof(BentTokens))]
    public async Task A_token_that_breaks_a_rule_of_section_2_6_is_refused(string bend)
    {
        using var browser = await Web.SignInAsync(People.Margaret);

        var status = await PostAsync(Web.Provider.LogoutToken(Web.Provider.LastSession, People.Margaret.Subject, Bends[bend]));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task The_ID_token_itself_signs_nobody_out()
    {
        using var browser = await Web.SignInAsync(People.Margaret);

        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(Web.Provider.LastIdToken));
        Assert.True(await IsSignedInAsync(browser));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "logout_token=")]
    [InlineData("application/x-www-form-urlencoded", "logout_token=garbage")]
    [InlineData("application/x-www-form-urlencoded", "logout_token=a.b.c&logout_token=d.e.f")]
    [InlineData("application/json", "{\"logout_token\":\"a.b.c\"}")]
    [InlineData("text/plain", "logout_token")]
    public async Task What_is_no_logout_request_is_refused(string type, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, type);

        var answer = await PostAsync(content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("invalid_request", JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_token_of_a_megabyte_is_not_read()
    {
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", new string('a', 1_000_000))]);

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(content)).StatusCode);
    }

    [Fact]
    public async Task While_the_providers_keys_cannot_be_read_it_is_asked_to_come_again()
    {
        Web.Provider.Down = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(Web.Provider.LogoutToken("any", People.Margaret.Subject)));
    }

    private static async Task<bool> IsSignedInAsync(Browser browser) =>
        (await browser.GetAsync("/accessibility")).Text.Contains("Sign out", StringComparison.Ordinal);

    private async Task<HttpStatusCode> PostAsync(string token)
    {
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        return (await PostAsync(content)).StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(HttpContent content)
    {
        using var client = new HttpClient(Web.Server.CreateHandler());
        return await client.PostAsync(WebHost.Origin + "/signout-backchannel", content, Cancelled);
    }
}
