using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Accounts;

public sealed class SessionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_session_ends_after_30_idle_minutes()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
        host.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_session_in_use_lasts_12_hours_and_no_longer()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        for (var minutes = 20; minutes < 12 * 60; minutes += 20)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(20));
            Assert.True(await IsSignedInAsync(browser));
        }

        host.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task Another_person_who_signs_in_ends_the_session_before()
    {
        using var browser = host.OpenBrowser();
        var first = await Application.Web.SignInAsync(host, browser, Person.Patient().Email);
        var second = await Application.Web.SignInAsync(host, browser, Person.Patient(3).Email, ("prompt", "login"));
        using var channel = host.OpenBackChannel();

        using var userInfo = await Application.UserInfoAsync(channel, first.AccessToken);

        Assert.NotEqual(first.Claims.GetProperty("sid").GetString(), second.Claims.GetProperty("sid").GetString());
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, userInfo.StatusCode);
    }

    [Fact]
    public async Task Who_signs_in_again_goes_on_with_their_session_under_a_new_cookie()
    {
        using var browser = host.OpenBrowser();
        using var signedIn = await browser.TrySignInAsync(Person.Patient(4).Email, IdentityHost.People.Password);
        var copied = signedIn.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("telemedicine-identity=", StringComparison.Ordinal)).Split(';')[0];
        var first = await Application.Web.SignInAsync(host, browser, Person.Patient(4).Email);
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        var second = await Application.Web.SignInAsync(host, browser, Person.Patient(4).Email, ("prompt", "login"));

        Assert.Equal(first.Claims.GetProperty("sid").GetString(), second.Claims.GetProperty("sid").GetString());
        Assert.Equal(first.Claims.GetProperty("auth_time").GetInt64() + 300, second.Claims.GetProperty("auth_time").GetInt64());
        using var channel = host.OpenBackChannel();
        using var userInfo = await Application.UserInfoAsync(channel, second.AccessToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, userInfo.StatusCode);
        using var thief = new HttpRequestMessage(HttpMethod.Get, Application.Web.AuthorizeUrl(("prompt", "none")));
        thief.Headers.Add("Cookie", copied);
        using var refused = await channel.SendAsync(thief, TestContext.Current.CancellationToken);
        Assert.Contains("error=login_required", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_security_stamp_ends_the_sessions_of_the_account()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient(1).Email);
        using (var scope = host.Services.CreateScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
            var account = await users.FindByEmailAsync(Person.Patient(1).Email);
            Assert.NotNull(account);
            await users.UpdateSecurityStampAsync(account);
        }

        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_session_of_one_instance_holds_at_another_and_after_a_restart()
    {
        using var browser = host.OpenBrowser();
        using var signedIn = await browser.TrySignInAsync(Person.Patient(2).Email, IdentityHost.People.Password);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await using var restarted = host.AnotherInstance();
        using var channel = restarted.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Get, Application.Web.AuthorizeUrl(("prompt", "none")));
        request.Headers.Add("Cookie", cookie);

        using var response = await channel.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Contains("code=", response.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_cookie_is_no_cookie()
    {
        using var channel = host.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Get, Application.Web.AuthorizeUrl(("prompt", "none")));
        request.Headers.Add("Cookie", "telemedicine-identity=CfDJ8MadeUpByAnAttacker");

        using var response = await channel.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Contains("error=login_required", response.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    private static async Task<bool> IsSignedInAsync(Browser browser) =>
        Browser.Query(await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).ContainsKey("code");
}
