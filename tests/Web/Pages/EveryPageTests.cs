using System.Text;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>What holds for every page: structure, headers, weight.</summary>
public sealed class EveryPageTests(SharedWeb shared) : IClassFixture<SharedWeb>
{
    /// <summary>The HTML's share of the 100 KB that a page may transfer before the call.</summary>
    private const int MaxHtml = 30 * 1024;

    public static TheoryData<string, string> Pages => new()
    {
        { "anonymous", "/" },
        { "anonymous", "/accessibility" },
        { "anonymous", "/account/sign-in-problem" },
        { "anonymous", "/account/signed-out" },
        { "anonymous", "/nowhere" },
        { "new patient", "/registration" },
        { "patient", "/" },
        { "patient", "/appointments" },
        { "patient", "/appointments/{appointment}" },
        { "patient", "/appointments/{appointment}/booked" },
        { "patient", "/appointments/{appointment}/cancel" },
        { "patient", "/appointments/{appointment}/move" },
        { "patient", "/appointments/{appointment}/move/2026-03-02" },
        { "patient", "/appointments/{appointment}/way" },
        { "patient", "/appointments/needs" },
        { "patient", "/appointments/book/{service}/2026-03-02/{slot}/series" },
        { "patient", "/waiting-list" },
        { "patient", "/waiting-list/join/{service}?appointment={appointment}" },
        { "staff", "/practice/patients/{patient}/appointments/needs" },
        { "patient", "/appointments/reminders" },
        { "patient", "/appointments/book" },
        { "patient", "/appointments/book/{service}" },
        { "patient", "/appointments/book/{service}/2026-03-02" },
        { "patient", "/appointments/book/{service}/2026-03-02/{slot}" },
        { "patient", "/consultations/{appointment}/join" },
        { "patient", "/clinics" },
        { "clinician", "/" },
        { "clinician", "/clinics" },
        { "clinician", "/clinics/{clinic}" },
        { "clinician", "/clinics/consultations/{appointment}" },
        { "clinician", "/clinics/appointments/{appointment}/did-not-attend" },
        { "staff", "/clinics" },
        { "staff", "/clinics/{clinic}" },
        { "staff", "/practice/patients" },
        { "staff", "/practice/messages" },
        { "staff", "/practice/diary?day=2026-03-02" },
        { "staff", "/practice/diary?move={appointment}" },
        { "staff", "/practice/diary/week" },
        { "staff", "/practice/diary/free?for={patient}" },
        { "staff", "/practice/slots/{slot}" },
        { "staff", "/practice/slots/{taken}/overbook/{patient}" },
        { "staff", "/practice/bookings/{appointment}" },
        { "staff", "/practice/publish" },
        { "administrator", "/practice/services" },
        { "administrator", "/practice/services/edit/{service}" },
        { "staff", "/practice/clinics/{clinic}/call-off" },
        { "staff", "/practice/patients/{patient}" },
        { "staff", "/practice/patients/{patient}/appointments/book/{service}/2026-03-02" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_is_light_named_and_locked_down(string who, string address)
    {
        var browser = await shared.BrowserAsync(who switch
        {
            "patient" => People.Margaret,
            "new patient" => People.NewPatient,
            "clinician" => People.Amara,
            "staff" => People.Helen,
            "administrator" => People.Ruth,
            _ => null,
        });

        var page = await browser.GetAsync(address
            .Replace("{appointment}", shared.Appointment.ToString(), StringComparison.Ordinal)
            .Replace("{clinic}", Seed.AmarasMorning.Schedule.Id.ToString(), StringComparison.Ordinal)
            .Replace("{service}", Seed.Gp.Id.ToString(), StringComparison.Ordinal)
            .Replace("{taken}", Seed.At(9).Id.ToString(), StringComparison.Ordinal)
            .Replace("{slot}", Seed.At(11).Id.ToString(), StringComparison.Ordinal)
            .Replace("{patient}", Seed.Margaret.Id.ToString(), StringComparison.Ordinal));

        var html = page.Document;
        Assert.Equal("text/html", page.Response.Content.Headers.ContentType?.MediaType);
        Assert.True(Encoding.UTF8.GetByteCount(page.Text) < MaxHtml, $"{page.Text.Length} characters");
        Assert.EndsWith(" - Video appointments", html.Title, StringComparison.Ordinal);
        Assert.Single(html.QuerySelectorAll("h1"));
        Assert.Equal("en-GB", html.DocumentElement.GetAttribute("lang"));
        Assert.Equal("#maincontent", html.QuerySelector("a.nhsuk-skip-link")?.GetAttribute("href"));
        Assert.NotNull(html.QuerySelector("main#maincontent"));
        Assert.Equal("Accessibility statement", html.QuerySelector("footer a")?.TextContent);
        Assert.All(html.QuerySelectorAll("script"), s => Assert.True(s.GetAttribute("src")?.StartsWith('/') is true && s.TextContent.Length == 0));
        Assert.Empty(html.QuerySelectorAll("style, [style], [onclick], [onload], iframe"));
        Assert.All(html.QuerySelectorAll("input:not([type=hidden]), textarea, select"), f => Assert.NotNull(html.QuerySelector($"label[for='{f.Id}']")));
        var ids = html.QuerySelectorAll("[id]").Select(e => e.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var headers = page.Response.Headers;
        var policy = headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self' https://signalling.test wss://signalling.test", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' https://identity.test", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", headers.CacheControl?.ToString());
        Assert.False(headers.Contains("Server"));
        Assert.True(headers.Contains("Strict-Transport-Security"));
    }
}
