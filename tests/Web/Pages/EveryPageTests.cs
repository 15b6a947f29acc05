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
        { "anonymous", "/join/ended" },
        { "anonymous", "{link}" },
        { "guest", "/guest" },
        { "guest", "/guest/call" },
        { "guest", "/guest/arriving/place" },
        { "patient", "/consultations/{appointment}/arriving/who" },
        { "patient", "/consultations/{appointment}/arriving/consent" },
        { "carer", "/acting-for/{carer}/consultations/{appointment}/arriving/place" },
        { "patient", "/appointments/{appointment}/guests" },
        { "clinician", "/clinics/consultations/{appointment}/guests" },
        { "staff", "/practice/bookings/{appointment}/guests" },
        { "new patient", "/registration" },
        { "patient", "/" },
        { "patient", "/appointments" },
        { "patient", "/appointments/{appointment}" },
        { "patient", "/appointments/{appointment}/booked" },
        { "patient", "/appointments/{appointment}/files" },
        { "carer", "/acting-for/{carer}/appointments/{appointment}/files" },
        { "patient", "/appointments/{appointment}/device-check" },
        { "carer", "/acting-for/{carer}/appointments/{appointment}/device-check" },
        { "staff", "/practice/device-checks" },
        { "staff", "/practice/device-checks/{appointment}" },
        { "patient", "/appointments/{appointment}/cancel" },
        { "patient", "/appointments/{appointment}/move" },
        { "patient", "/appointments/{appointment}/move/2026-03-02" },
        { "patient", "/appointments/{appointment}/way" },
        { "patient", "/appointments/needs" },
        { "patient", "/appointments/book/{service}/2026-03-02/{slot}/series" },
        { "patient", "/waiting-list" },
        { "patient", "/carers" },
        { "patient", "/carers/invite" },
        { "patient", "/acting-for" },
        { "no role", "/" },
        { "no role", "/acting-for" },
        { "carer", "/acting-for" },
        { "carer", "/acting-for/{carer}/appointments" },
        { "carer", "/acting-for/{carer}/appointments/{appointment}" },
        { "carer", "/acting-for/{carer}/appointments/book" },
        { "carer", "/acting-for/{carer}/appointments/book/{service}/2026-03-02/{slot}" },
        { "carer", "/acting-for/{carer}/waiting-list/join/{service}" },
        { "carer", "/acting-for/{carer}/consultations/{appointment}/join" },
        { "staff", "/practice/waiting-list" },
        { "staff", "/practice/patients/{patient}/waiting-list" },
        { "staff", "/practice/patients/{patient}/carers" },
        { "staff", "/practice/patients/{patient}/carers/invite" },
        { "patient", "/waiting-list/join/{service}?appointment={appointment}" },
        { "staff", "/practice/patients/{patient}/appointments/needs" },
        { "patient", "/appointments/reminders" },
        { "patient", "/appointments/book" },
        { "patient", "/appointments/book/{service}" },
        { "patient", "/appointments/book/{service}/2026-03-02" },
        { "patient", "/appointments/book/{service}/2026-03-02/{slot}" },
        { "patient", "/consultations/{appointment}/join" },
        { "patient", "/consultations/{appointment}/waiting" },
        { "carer", "/acting-for/{carer}/consultations/{appointment}/waiting" },
        { "patient", "/clinics" },
        { "clinician", "/" },
        { "clinician", "/clinics" },
        { "clinician", "/clinics/{clinic}" },
        { "clinician", "/clinics/{clinic}/message" },
        { "staff", "/clinics/{clinic}?show=waiting" },
        { "staff", "/clinics/{clinic}/message?to={appointment}" },
        { "clinician", "/clinics/consultations/{appointment}" },
        { "clinician", "/clinics/consultations/{appointment}/hand-over" },
        { "clinician", "/clinics/consultations/{appointment}/letter" },
        { "clinician", "/clinics/consultations/{appointment}/follow-up" },
        { "clinician", "/clinics/consultations/{appointment}/tasks" },
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
        { "staff", "/practice/tasks" },
        { "staff", "/practice/reports" },
        { "clinician", "/clinics/appointments/{appointment}/timeline" },
        { "clinician", "/clinics/rescue" },
        { "staff", "/clinics/rescue" },
        { "staff", "/clinics/appointments/{appointment}/did-not-attend" },
        { "staff", "/practice/publish" },
        { "administrator", "/practice/services" },
        { "administrator", "/practice/clinicians" },
        { "administrator", "/practice/clinicians/edit" },
        { "administrator", "/practice/clinicians/edit/{clinician}" },
        { "administrator", "/practice/staff" },
        { "administrator", "/practice/staff/edit" },
        { "administrator", "/practice/staff/edit/{member}" },
        { "administrator", "/practice/time-off" },
        { "staff", "/practice/time-off" },
        { "staff", "/practice/weekly-clinics" },
        { "staff", "/practice/weekly-clinics/edit" },
        { "administrator", "/practice/services/edit/{service}" },
        { "staff", "/practice/clinics/{clinic}/call-off" },
        { "staff", "/practice/patients/{patient}" },
        { "staff", "/practice/patients/{patient}/appointments/book/{service}/2026-03-02" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_is_light_named_and_locked_down(string who, string address)
    {
        var browser = who == "guest" ? await shared.GuestAsync() : await shared.BrowserAsync(who switch
        {
            "patient" => People.Margaret,
            "new patient" => People.NewPatient,
            "no role" => People.NoRole,
            "carer" => People.Grace,
            "clinician" => People.Amara,
            "staff" => People.Helen,
            "administrator" => People.Ruth,
            _ => null,
        });

        var page = await browser.GetAsync(address
            .Replace("{appointment}", shared.Appointment.ToString(), StringComparison.Ordinal)
            .Replace("{link}", address == "{link}" ? (await shared.Web.GuestLinkAsync(shared.Appointment)).Link : "", StringComparison.Ordinal)
            .Replace("{carer}", shared.Carer.ToString(), StringComparison.Ordinal)
            .Replace("{clinic}", Seed.AmarasMorning.Schedule.Id.ToString(), StringComparison.Ordinal)
            .Replace("{service}", Seed.Gp.Id.ToString(), StringComparison.Ordinal)
            .Replace("{clinician}", Seed.Amara.Id.ToString(), StringComparison.Ordinal)
            .Replace("{member}", Seed.Helen.Id.ToString(), StringComparison.Ordinal)
            .Replace("{taken}", Seed.At(9).Id.ToString(), StringComparison.Ordinal)
            .Replace("{slot}", Seed.At(11).Id.ToString(), StringComparison.Ordinal)
            .Replace("{patient}", Seed.Margaret.Id.ToString(), StringComparison.Ordinal));

        Assert.NotEqual(System.Net.HttpStatusCode.InternalServerError, page.Status);
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
        // What blurs a background is WebAssembly: where there is a call, and nowhere else.
        Assert.Equal(html.QuerySelector("[data-module=call]") is not null, policy.Contains("script-src 'self' 'wasm-unsafe-eval';", StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", policy.Replace("'wasm-unsafe-eval'", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", headers.CacheControl?.ToString());
        Assert.False(headers.Contains("Server"));
        Assert.True(headers.Contains("Strict-Transport-Security"));
    }
}
