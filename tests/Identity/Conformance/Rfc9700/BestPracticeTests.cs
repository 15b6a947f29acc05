using System.Net;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc9700;

/// <summary>RFC 9700, OAuth 2.0 Security Best Current Practice. What it says of PKCE, codes and refresh tokens is tested under RFC 7636 and 6749, of mix-up under RFC 9207.</summary>
public sealed class BestPracticeTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    [Theory]
    [InlineData("/")]
    [InlineData("?more=1")]
    [InlineData("#there")]
    [InlineData("/../other")]
    [InlineData(".evil.example")]
    public async Task Section_2_1_a_redirect_address_that_only_begins_as_registered_is_never_redirected_to(string more)
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        using var refused = await browser.GetAsync(Web.AuthorizeUrl(("redirect_uri", Web.RedirectUri + more)));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Null(refused.Headers.Location);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("id_token")]
    [InlineData("code token")]
    [InlineData("code id_token")]
    public async Task Section_2_1_2_no_token_comes_by_way_of_the_browser(string responseType)
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        var answer = await browser.RedirectOfAsync(Web.AuthorizeUrl(("response_type", responseType)));

        Assert.Contains("unsupported_response_type", answer.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("token=", answer.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_2_4_there_is_no_password_grant()
    {
        using var channel = host.OpenBackChannel();

        using var refused = await Web.PostAsync(channel, "/connect/token", ("grant_type", "password"), ("username", Person.Patient().Email), ("password", "any"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("unsupported_grant_type", await Application.ErrorOfAsync(refused));
    }

    [Fact]
    public async Task Section_4_12_after_the_password_the_browser_is_not_told_to_post_it_on()
    {
        using var browser = host.OpenBrowser();

        using var signedIn = await browser.TrySignInAsync(Person.Patient().Email, IdentityHost.People.Password);

        // 302: browsers go on by GET. With 307 they would post the password to where it leads.
        Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
    }
}
