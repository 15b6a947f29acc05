using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.BackChannelLogout;

/// <summary>OpenID Connect Back-Channel Logout 1.0, sections 2.1 to 2.5 and 2.8.</summary>
public sealed class LogoutTokenTests : IAsyncDisposable
{
    private const string WebAddress = "http://localhost:5080/signout-backchannel";
    private const string OtherAddress = "https://other.example/logout?tenant=1";
    private readonly IdentityHost _host = new()
    {
        Overrides = { ["Clients:0:BackChannelLogoutUri"] = WebAddress, ["Clients:1:BackChannelLogoutUri"] = OtherAddress },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_out_sends_a_logout_token_of_the_form_of_section_2_4()
    {
        using var browser = _host.OpenBrowser();
        var tokens = await SignInAndOutAsync(browser);

        var (address, token) = await SendAsync(_host);

        Assert.Equal(WebAddress, address);
        using var channel = _host.OpenBackChannel();
        var keys = new JsonWebKeySet(await channel.GetStringAsync("/.well-known/jwks.json", Cancellation));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = IdentityHost.Issuer,
            ValidAudience = "web",
            ValidTypes = ["logout+jwt"],
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidateLifetime = false,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        var read = new JsonWebToken(token);
        Assert.Equal(tokens.Claims.GetProperty("sub").GetString(), read.Subject);
        Assert.Equal(tokens.Claims.GetProperty("sid").GetString(), read.GetClaim("sid").Value);
        Assert.Equal("{}", read.GetPayloadValue<JsonElement>("events").GetProperty("http://schemas.openid.net/event/backchannel-logout").GetRawText());
        Assert.NotEmpty(read.Id);
        Assert.Equal(_host.Clock.GetUtcNow().UtcDateTime, read.IssuedAt);
        Assert.Equal(TimeSpan.FromMinutes(2), read.ValidTo - read.IssuedAt);
        Assert.False(read.TryGetClaim("nonce", out _));
    }

    [Fact]
    public async Task It_is_sent_at_once_when_the_session_ends()
    {
        using var sender = ActivatorUtilities.CreateInstance<LogoutSender>(_host.Services);
        await sender.StartAsync(Cancellation);
        using var browser = _host.OpenBrowser();
        await SignInAndOutAsync(browser);

        var (address, _) = await _host.Applications.NextAsync();

        Assert.Equal(WebAddress, address);
        await sender.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Only_applications_that_the_session_signed_in_to_are_told()
    {
        using var browser = _host.OpenBrowser();
        await Application.Other.SignInAsync(_host, browser, Person.Patient(1).Email);
        using var another = _host.OpenBrowser();
        await SignInAndOutAsync(another);

        var told = await SendAsync(_host);

        Assert.Equal(WebAddress, told.Address);
        Assert.True(_host.Applications.IsEmpty);
    }

    [Fact]
    public async Task A_sign_in_of_someone_else_in_the_same_browser_ends_the_session_before_for_the_application_too()
    {
        using var browser = _host.OpenBrowser();
        var first = await Application.Web.SignInAsync(_host, browser, Person.Patient().Email);
        await Application.Web.SignInAsync(_host, browser, Person.Patient(1).Email, ("prompt", "login"));

        var (_, token) = await SendAsync(_host);

        Assert.Equal(first.Claims.GetProperty("sid").GetString(), new JsonWebToken(token).GetClaim("sid").Value);
    }

    [Fact]
    public async Task An_application_that_is_away_hears_later_even_from_an_instance_started_since()
    {
        _host.Applications.Answer = _ => null;
        using (var browser = _host.OpenBrowser())
            await SignInAndOutAsync(browser);
        await SendAsync(_host);

        await using var restarted = _host.AnotherInstance();
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        var (address, _) = await SendAsync(restarted);

        Assert.Equal(WebAddress, address);
        Assert.Equal(0, await NoticesAsync(restarted));
    }

    [Fact]
    public async Task Two_instances_tell_an_application_once()
    {
        _host.Applications.Answer = _ => HttpStatusCode.ServiceUnavailable;
        using (var browser = _host.OpenBrowser())
            await SignInAndOutAsync(browser);
        await SendAsync(_host);
        await using var second = _host.AnotherInstance();
        _host.Applications.Answer = _ => HttpStatusCode.NoContent;
        _host.Clock.Advance(TimeSpan.FromMinutes(1));

        await Task.WhenAll(SendDueAsync(_host), SendDueAsync(second));

        var told = (_host.Applications.IsEmpty ? 0 : 1) + (second.Applications.IsEmpty ? 0 : 1);
        Assert.Equal((1, 0), (told, await NoticesAsync(_host)));
    }

    [Fact]
    public async Task A_token_that_the_application_calls_invalid_is_not_sent_again()
    {
        _host.Applications.Answer = _ => HttpStatusCode.BadRequest;
        using var browser = _host.OpenBrowser();
        await SignInAndOutAsync(browser);
        await SendAsync(_host);

        _host.Clock.Advance(TimeSpan.FromHours(1));
        await SendDueAsync(_host);

        Assert.True(_host.Applications.IsEmpty);
    }

    [Fact]
    public async Task After_twelve_hours_the_applications_own_session_is_over_and_nobody_need_hear()
    {
        _host.Applications.Answer = _ => HttpStatusCode.InternalServerError;
        using var browser = _host.OpenBrowser();
        await SignInAndOutAsync(browser);
        await SendAsync(_host);

        _host.Clock.Advance(TimeSpan.FromHours(13));
        await SendDueAsync(_host);

        Assert.True(_host.Applications.IsEmpty);
        Assert.Equal(0, await NoticesAsync(_host));
    }

    [Fact]
    public async Task Discovery_says_that_both_forms_are_supported()
    {
        using var channel = _host.OpenBackChannel();

        var document = JsonDocument.Parse(await channel.GetStringAsync("/.well-known/openid-configuration", Cancellation)).RootElement;

        Assert.True(document.GetProperty("backchannel_logout_supported").GetBoolean());
        Assert.True(document.GetProperty("backchannel_logout_session_supported").GetBoolean());
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<Tokens> SignInAndOutAsync(Browser browser)
    {
        var tokens = await Application.Web.SignInAsync(_host, browser, Person.Patient().Email);
        await browser.RedirectOfAsync("/connect/end-session?id_token_hint=" + tokens.IdToken);
        return tokens;
    }

    private static async Task<(string Address, string Token)> SendAsync(IdentityHost host)
    {
        await SendDueAsync(host);
        return await host.Applications.NextAsync();
    }

    private static async Task SendDueAsync(IdentityHost host)
    {
        using var sender = ActivatorUtilities.CreateInstance<LogoutSender>(host.Services);
        await sender.SendDueAsync(Cancellation);
    }

    private static Task<int> NoticesAsync(IdentityHost host) => host.InDatabaseAsync(database => database.LogoutNotices.CountAsync(Cancellation));
}
