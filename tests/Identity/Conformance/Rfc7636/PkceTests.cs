using System.Net;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.Rfc7636;

/// <summary>RFC 7636 sections 4.1 to 4.6; S256 alone, as RFC 9700 section 2.1.1 advises.</summary>
public sealed class PkceTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    [Theory]
    [InlineData("code_challenge", "")]
    [InlineData("code_challenge", "short")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]
    [InlineData("code_challenge_method", "")]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("code_challenge_method", "s256")]
    public async Task A_request_without_an_S256_challenge_is_refused(string name, string value)
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        var query = Browser.Query(await browser.RedirectOfAsync(Web.AuthorizeUrl((name, value))));

        Assert.Equal("invalid_request", query["error"]);
        Assert.DoesNotContain("code", query.Keys);
    }

    [Theory]
    [InlineData("another-code-verifier-of-more-than-43-characters_0123", "invalid_grant")]
    [InlineData("too-short", "invalid_grant")]
    [InlineData("", "invalid_request")]
    public async Task A_wrong_verifier_is_refused(string verifier, string error)
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var code = await browser.GetCodeAsync(Web.AuthorizeUrl(), Person.Patient().Email);

        using var response = await Web.RedeemAsync(channel, code, ("code_verifier", verifier));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, await Application.ErrorOfAsync(response));
    }

    [Fact]
    public async Task The_challenge_itself_does_not_serve_as_verifier()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var code = await browser.GetCodeAsync(Web.AuthorizeUrl(), Person.Patient().Email);

        using var response = await Web.RedeemAsync(channel, code, ("code_verifier", Application.Challenge(Application.Verifier)));

        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(response));
    }

    [Fact]
    public async Task A_wrong_verifier_spends_the_code()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var code = await browser.GetCodeAsync(Web.AuthorizeUrl(), Person.Patient().Email);
        using var wrong = await Web.RedeemAsync(channel, code, ("code_verifier", new string('a', 43)));

        using var right = await Web.RedeemAsync(channel, code);

        Assert.Equal("invalid_grant", await Application.ErrorOfAsync(right));
    }

    [Theory]
    [InlineData(43)]
    [InlineData(128)]
    public async Task Verifiers_of_every_permitted_length_work(int length)
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var verifier = string.Concat(Enumerable.Repeat("aZ9-._~", 20))[..length];
        var code = await browser.GetCodeAsync(Web.AuthorizeUrl(("code_challenge", Application.Challenge(verifier))), Person.Patient().Email);

        using var response = await Web.RedeemAsync(channel, code, ("code_verifier", verifier));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
