using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.OpenIdConnectCore;

/// <summary>OpenID Connect Core section 8: pairwise subjects, alike in all that an application is told.</summary>
public sealed class PairwiseTests : IAsyncDisposable
{
    private readonly IdentityHost _host = new()
    {
        Overrides = { ["Clients:1:SubjectType"] = "pairwise", ["Clients:1:BackChannelLogoutUri"] = "https://other.example/logout" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_applications_subject_is_its_own_and_tells_nothing_of_the_account()
    {
        using var browser = _host.OpenBrowser();
        var everybodys = await SubjectAsync(_host, browser, Application.Web);
        var own = await SubjectAsync(_host, browser, Application.Other);
        using var another = _host.OpenBrowser();
        var anothers = (await Application.Other.SignInAsync(_host, another, Person.Patient(1).Email)).Claims.GetProperty("sub").GetString();

        Assert.True(Guid.TryParse(everybodys, out _));
        Assert.Equal(43, own.Length);
        Assert.NotEqual(own, anothers);
        Assert.DoesNotContain(everybodys, own, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task It_is_the_same_after_a_restart_and_on_another_instance_and_its_salt_is_not_readable_in_the_database()
    {
        using var browser = _host.OpenBrowser();
        var first = await SubjectAsync(_host, browser, Application.Other);
        await using var another = _host.AnotherInstance();
        using var second = another.OpenBrowser();

        Assert.Equal(first, await SubjectAsync(another, second, Application.Other));
        var salt = await _host.InDatabaseAsync(database => database.Set<PairwiseSalt>().SingleAsync(Cancellation));
        Assert.True(salt.ProtectedSalt.Length > 32);
    }

    [Fact]
    public async Task Applications_of_one_sector_know_a_person_by_one_subject()
    {
        _host.Overrides["Clients:0:SubjectType"] = "pairwise";
        _host.Overrides["Clients:0:SectorIdentifier"] = "other.example";
        using var browser = _host.OpenBrowser();

        Assert.Equal(await SubjectAsync(_host, browser, Application.Web), await SubjectAsync(_host, browser, Application.Other));
    }

    [Fact]
    public async Task Applications_of_two_sectors_do_not()
    {
        _host.Overrides["Clients:0:SubjectType"] = "pairwise";
        using var browser = _host.OpenBrowser();

        Assert.NotEqual(await SubjectAsync(_host, browser, Application.Web), await SubjectAsync(_host, browser, Application.Other));
    }

    [Fact]
    public async Task Userinfo_introspection_and_logout_token_say_the_same()
    {
        using var browser = _host.OpenBrowser();
        var tokens = await Application.Other.SignInAsync(_host, browser, Person.Patient().Email);
        var subject = tokens.Claims.GetProperty("sub").GetString();
        using var channel = _host.OpenBackChannel();
        using var userInfo = await Application.UserInfoAsync(channel, tokens.AccessToken);
        using var introspected = await Application.Other.PostAsync(channel, "/connect/introspect", ("token", tokens.AccessToken));
        await browser.RedirectOfAsync($"/connect/end-session?id_token_hint={tokens.IdToken}");
        using (var sender = ActivatorUtilities.CreateInstance<LogoutSender>(_host.Services))
            await sender.SendDueAsync(Cancellation);
        var (address, logoutToken) = await _host.Applications.NextAsync();

        Assert.Equal(subject, await SubjectOfAsync(userInfo));
        Assert.Equal(subject, await SubjectOfAsync(introspected));
        Assert.Equal(("https://other.example/logout", subject), (address, new JsonWebToken(logoutToken).Subject));
    }

    [Fact]
    public async Task A_hint_with_it_is_understood_and_signs_out()
    {
        using var browser = _host.OpenBrowser();
        var tokens = await Application.Other.SignInAsync(_host, browser, Person.Patient().Email);
        using var stranger = _host.OpenBrowser();
        await stranger.SignInAsync(Person.Patient(1).Email);

        var theirs = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl(("prompt", "none"), ("id_token_hint", tokens.IdToken)));
        var notTheirs = await stranger.RedirectOfAsync(Application.Other.AuthorizeUrl(("prompt", "none"), ("id_token_hint", tokens.IdToken)));
        var asked = await stranger.RedirectOfAsync($"/connect/end-session?id_token_hint={tokens.IdToken}");
        var ended = await browser.RedirectOfAsync($"/connect/end-session?id_token_hint={tokens.IdToken}");

        Assert.Contains("code", Browser.Query(theirs).Keys);
        Assert.Equal("login_required", Browser.Query(notTheirs)["error"]);
        Assert.Equal("/account/sign-out", asked.OriginalString);
        Assert.Equal("/account/signed-out", ended.OriginalString);
    }

    [Fact]
    public async Task A_refreshed_ID_token_keeps_it()
    {
        _host.Overrides["Clients:1:GrantTypes"] = "authorization_code refresh_token";
        using var browser = _host.OpenBrowser();
        var tokens = await Application.Other.SignInAsync(_host, browser, Person.Patient().Email, ("scope", "openid offline_access"));
        using var channel = _host.OpenBackChannel();

        using var refreshed = await Application.Other.RefreshAsync(channel, tokens.RefreshToken);

        Assert.Equal(tokens.Claims.GetProperty("sub").GetString(), (await Tokens.ReadAsync(refreshed)).Claims.GetProperty("sub").GetString());
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<string> SubjectAsync(IdentityHost host, Browser browser, Application application) =>
        (await application.SignInAsync(host, browser, Person.Patient().Email)).Claims.GetProperty("sub").GetString() ?? "";

    private static async Task<string?> SubjectOfAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("sub").GetString();
}
