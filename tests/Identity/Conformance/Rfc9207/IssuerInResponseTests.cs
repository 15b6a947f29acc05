using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc9207;

/// <summary>RFC 9207 section 2: against mix-up, every authorization response names its issuer.</summary>
public sealed class IssuerInResponseTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_code_comes_with_the_issuer()
    {
        using var browser = host.OpenBrowser();

        var location = await browser.AuthorizeAsync(Application.Web.AuthorizeUrl(), Person.Patient().Email);

        Assert.Equal(IdentityHost.Issuer, Browser.Query(location)["iss"]);
    }

    [Fact]
    public async Task An_error_comes_with_the_issuer()
    {
        using var browser = host.OpenBrowser();

        var location = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")));

        Assert.Equal("login_required", Browser.Query(location)["error"]);
        Assert.Equal(IdentityHost.Issuer, Browser.Query(location)["iss"]);
    }
}
