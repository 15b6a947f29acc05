using System.Text.Json;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.InitiatingUserRegistration;

/// <summary>Initiating User Registration via OpenID Connect 1.0: prompt=create.</summary>
public sealed class CreateTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prompt_create_shows_the_page_for_a_new_account_whatever_session_there_is(bool signedIn)
    {
        using var browser = host.OpenBrowser();
        if (signedIn)
            await browser.SignInAsync(Person.Patient().Email);
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "create")));

        Assert.StartsWith("/account/register?returnUrl=%2Fconnect%2Fauthorize", location.OriginalString, StringComparison.Ordinal);
        await browser.OpenAsync(location.OriginalString);
    }

    [Fact]
    public async Task Who_has_an_account_signs_in_from_there_and_goes_on()
    {
        using var browser = host.OpenBrowser();
        var register = (await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "create")))).OriginalString;

        using var signedIn = await browser.TrySignInAsync(
            Person.Patient().Email, IdentityHost.People.Password, register.Replace("/account/register", "/account/sign-in", StringComparison.Ordinal));
        var answer = await browser.RedirectOfAsync(signedIn.Headers.Location?.OriginalString ?? "");

        Assert.Contains("code", Browser.Query(answer).Keys);
    }

    [Fact]
    public async Task Prompt_create_with_none_is_refused()
    {
        using var browser = host.OpenBrowser();

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "create none")));

        Assert.Equal("invalid_request", Browser.Query(location)["error"]);
    }

    [Fact]
    public async Task Discovery_says_that_it_is_there()
    {
        using var channel = host.OpenBackChannel();

        var discovery = JsonDocument.Parse(await channel.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken));

        Assert.Contains("create", discovery.RootElement.GetProperty("prompt_values_supported").EnumerateArray().Select(value => value.GetString()));
    }
}
