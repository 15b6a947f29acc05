using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Attacks;

/// <summary>Every cookie that a whole journey sets.</summary>
public sealed class CookieTests
{
    [Fact]
    public async Task Every_cookie_is_out_of_reach_of_scripts_of_other_sites_and_of_whoever_listens()
    {
        await using var host = new IdentityHost { Overrides = { ["Identity:Issuer"] = "https://id.example" } };
        var jar = new Recorder();
        using var browser = new Browser(host.CreateDefaultClient(new Uri("https://id.example"), new Microsoft.AspNetCore.Mvc.Testing.Handlers.CookieContainerHandler(), jar));

        (await browser.SubmitAsync(
            await browser.OpenAsync("/account/register?returnUrl=%2Fconnect%2Fauthorize"),
            ("GivenName", "Nadia"), ("FamilyName", "Hart"), ("Email", "nadia@example.org"), ("Password", "teapot-gravel-envelope"))).Dispose();
        await browser.SignInAsync(Person.Clinician().Email);
        (await browser.GetAsync("/account/sign-in/passkey?handler=Options")).Dispose();
        (await browser.SubmitAsync(await browser.OpenAsync("/account/devices"))).Dispose();
        (await browser.SubmitAsync(await browser.OpenAsync("/account/sign-out"))).Dispose();

        Assert.Equal(
            ["telemedicine-identity", "telemedicine-identity-antiforgery", "telemedicine-identity-notice", "telemedicine-identity-passkey", "telemedicine-identity-return", "telemedicine-identity-step"],
            jar.Cookies.Select(cookie => cookie.Split('=')[0]).Distinct().Order());
        Assert.All(jar.Cookies, cookie =>
        {
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("(?i); samesite=(lax|strict)", cookie);
            Assert.DoesNotContain("; domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    private sealed class Recorder : DelegatingHandler
    {
        public List<string> Cookies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.Headers.TryGetValues("Set-Cookie", out var set))
                Cookies.AddRange(set);
            return answer;
        }
    }
}
