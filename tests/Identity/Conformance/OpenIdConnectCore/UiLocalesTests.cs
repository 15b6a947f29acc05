using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.OpenIdConnectCore;

/// <summary>OpenID Connect Core section 3.1.2.1, ui_locales: a language that is not there is no error.</summary>
public sealed class UiLocalesTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData("en-GB")]
    [InlineData("cy fr-CA en")]
    [InlineData("not a language ; \"><script>")]
    public async Task Pages_say_which_language_they_are_in(string locales)
    {
        using var browser = host.OpenBrowser();
        var toSignIn = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("ui_locales", locales)));

        var page = await browser.OpenAsync(toSignIn.OriginalString);
        var answer = await browser.AuthorizeAsync(Application.Web.AuthorizeUrl(("ui_locales", locales)), Person.Patient().Email);

        Assert.Equal("en-GB", page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("code", Browser.Query(answer).Keys);
    }
}
