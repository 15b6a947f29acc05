using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Access;

/// <summary>Every address of Web, with who may open it. An address that is not in the table fails the test.</summary>
public sealed class EndpointAccessTests : WebTest
{
    private const string Patient = "patient";
    private const string Clinician = "clinician";
    private const string Staff = "staff";
    private const string Administrator = "administrator";
    private const string NoRole = "no role";
    private const string Guest = "guest";
    private const string Anonymous = "anonymous";

    private static readonly string[] Everyone = [Anonymous, Guest, NoRole, Patient, Clinician, Staff, Administrator];
    private static readonly string[] SignedIn = [NoRole, Patient, Clinician, Staff, Administrator];
    private static readonly string[] PatientOnly = [Patient];
    private static readonly string[] GuestOnly = [Guest];
    private static readonly string[] Team = [Clinician, Staff, Administrator];
    private static readonly string[] PracticeStaff = [Staff, Administrator];

    private static readonly Dictionary<string, string[]> Table = new()
    {
        [""] = Everyone,
        ["accessibility"] = Everyone,
        ["error/{status:int?}"] = Everyone,
        ["health"] = Everyone,
        ["{**path}"] = Everyone,
        ["account/sign-in"] = Everyone,
        ["account/register"] = Everyone,
        ["account/sign-in-problem"] = Everyone,
        ["account/sign-out"] = Everyone,
        ["account/signed-out"] = Everyone,
        ["signalling/events"] = Everyone,
        ["signalling/quality"] = Everyone,
        ["signout-backchannel"] = Everyone,
        ["join/{code}"] = Everyone,
        ["join/ended"] = Everyone,
        ["guest"] = GuestOnly,
        ["guest/call"] = GuestOnly,
        ["guest/arriving/{step:regex(^(who|consent|place)$)}"] = GuestOnly,
        ["consultations/{id:guid}/arriving/{step:regex(^(who|consent|place)$)}"] = PatientOnly,
        ["guest/ticket"] = GuestOnly,
        ["appointments/{id:guid}/guests/{handler?}"] = PatientOnly,
        ["practice/bookings/{id:guid}/guests/{handler?}"] = PracticeStaff,
        ["clinics/consultations/{id:guid}/guests/{handler?}"] = [Clinician],
        ["registration"] = PatientOnly,
        ["appointments"] = PatientOnly,
        ["appointments/{id:guid}"] = PatientOnly,
        ["appointments/book"] = PatientOnly,
        ["appointments/book/{service:guid}"] = PatientOnly,
        ["appointments/book/{service:guid}/{day}"] = PatientOnly,
        ["appointments/book/{service:guid}/{day}/{slot:guid}"] = PatientOnly,
        ["appointments/reminders"] = PatientOnly,
        ["appointments/{id:guid}/dispute"] = PatientOnly,
        ["practice/reports"] = PracticeStaff,
        ["clinics/appointments/{id:guid}/timeline"] = Team,
        ["clinics/rescue"] = Team,
        ["practice/tasks"] = PracticeStaff,
        ["practice/disputes/{id:guid}"] = PracticeStaff,
        ["appointments/{id:guid}/appointment.ics"] = PatientOnly,
        ["appointments/{id:guid}/booked"] = PatientOnly,
        ["appointments/{id:guid}/cancel"] = PatientOnly,
        ["appointments/{id:guid}/move"] = PatientOnly,
        ["appointments/{id:guid}/move/{day}"] = PatientOnly,
        ["appointments/{id:guid}/move/to/{slot:guid}"] = PatientOnly,
        ["appointments/book/{service:guid}/{day}/{slot:guid}/series"] = PatientOnly,
        ["practice/patients/{patient:guid}/appointments/book/{service:guid}/{day}/{slot:guid}/series"] = PracticeStaff,
        ["appointments/needs"] = PatientOnly,
        ["practice/patients/{patient:guid}/appointments/needs"] = PracticeStaff,
        ["acting-for"] = SignedIn,
        ["acting-for/invitations/{code}"] = SignedIn,
        ["carers"] = PatientOnly,
        ["carers/invite"] = PatientOnly,
        ["practice/patients/{patient:guid}/carers"] = PracticeStaff,
        ["practice/patients/{patient:guid}/carers/invite"] = PracticeStaff,
        ["practice/waiting-list"] = PracticeStaff,
        ["practice/waiting-list/{entry:guid}"] = PracticeStaff,
        ["practice/patients/{patient:guid}/waiting-list"] = PracticeStaff,
        ["waiting-list"] = PatientOnly,
        ["waiting-list/join/{service:guid}"] = PatientOnly,
        ["waiting-list/offers/{id:guid}"] = PatientOnly,
        ["appointments/{id:guid}/way"] = PatientOnly,
        ["practice/patients/{patient:guid}/appointments/{id:guid}/move"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/{id:guid}/move/{day}"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/{id:guid}/move/to/{slot:guid}"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/{id:guid}/way"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/book"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/book/{service:guid}"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/book/{service:guid}/{day}"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/book/{service:guid}/{day}/{slot:guid}"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/{id:guid}/booked"] = PracticeStaff,
        ["practice/patients/{patient:guid}/appointments/{id:guid}/cancel"] = PracticeStaff,
        ["practice/messages"] = PracticeStaff,
        ["practice/diary"] = PracticeStaff,
        ["practice/diary/week"] = PracticeStaff,
        ["practice/diary/free"] = PracticeStaff,
        ["practice/slots/{slot:guid}"] = PracticeStaff,
        ["practice/slots/{slot:guid}/overbook/{patient:guid}"] = PracticeStaff,
        ["practice/services"] = [Administrator],
        ["practice/services/edit/{service:guid?}"] = [Administrator],
        ["practice/clinicians"] = [Administrator],
        ["practice/clinicians/edit/{clinician:guid?}"] = [Administrator],
        ["practice/staff"] = [Administrator],
        ["practice/staff/edit/{member:guid?}"] = [Administrator],
        ["practice/weekly-clinics"] = PracticeStaff,
        ["practice/weekly-clinics/edit/{template:guid?}"] = PracticeStaff,
        ["practice/time-off"] = PracticeStaff,
        ["practice/publish"] = PracticeStaff,
        ["practice/bookings/{id:guid}"] = PracticeStaff,
        ["practice/clinics/{clinic:guid}/call-off"] = PracticeStaff,
        ["demonstration/messages"] = [Patient, Clinician, Staff, Administrator],
        ["practice/patients"] = PracticeStaff,
        ["practice/patients/{patient:guid}"] = PracticeStaff,
        ["appointments/{id:guid}/device-check"] = PatientOnly,
        ["appointments/{id}/device-check/ticket"] = PatientOnly,
        ["appointments/{id}/device-check/result"] = PatientOnly,
        ["practice/device-checks"] = PracticeStaff,
        ["practice/device-checks/{id:guid}"] = PracticeStaff,
        ["consultations/{id:guid}"] = PatientOnly,
        ["consultations/{id:guid}/join"] = PatientOnly,
        ["consultations/{id:guid}/outcome"] = PatientOnly,
        ["consultations/{id:guid}/waiting"] = PatientOnly,
        ["consultations/{id}/ticket"] = [Patient, Clinician],
        ["appointments/{id:guid}/files/{handler?}"] = PatientOnly,
        ["consultations/{id}/files"] = [Patient, Clinician],
        ["consultations/{id}/files/{file}"] = [Patient, Clinician],
        ["consultations/{id}/files/{file}/remove"] = [Patient, Clinician],
        ["consultations/{id}/files/{file}/show"] = [Clinician],
        ["guest/files"] = GuestOnly,
        ["guest/files/{file}"] = GuestOnly,
        ["guest/files/{file}/remove"] = GuestOnly,
        ["clinics"] = Team,
        ["clinics/{id:guid}"] = Team,
        ["clinics/{clinic:guid}/message"] = Team,
        ["clinics/{id}/ticket"] = Team,
        ["clinics/appointments/{id:guid}/did-not-attend"] = Team,
        ["clinics/consultations/{id:guid}/{handler?}"] = [Clinician],
        ["clinics/consultations/{id:guid}/hand-over/{handler?}"] = [Clinician],
        ["clinics/consultations/{id:guid}/amend"] = [Clinician],
        ["clinics/consultations/{id:guid}/letter/{handler?}"] = [Clinician],
        ["clinics/consultations/{id:guid}/follow-up"] = [Clinician],
        ["clinics/consultations/{id:guid}/tasks"] = [Clinician],
        ["consultations/{id:guid}/letter.pdf"] = PatientOnly,
        ["practice/bookings/{id:guid}/letter.pdf"] = PracticeStaff,
    };

    private IEnumerable<RouteEndpoint> Endpoints =>
        Web.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    [Fact]
    public void The_table_names_every_address_and_no_other()
    {
        var found = Endpoints.Select(e => Pattern(e)).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void Every_endpoint_says_who_may_open_it()
    {
        var undecided = Web.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(e => e.Metadata.GetMetadata<IAuthorizeData>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(e => e.DisplayName);

        Assert.Empty(undecided);
    }

    [Theory]
    [InlineData(Anonymous)]
    [InlineData(Guest)]
    [InlineData(NoRole)]
    [InlineData(Patient)]
    [InlineData(Clinician)]
    [InlineData(Staff)]
    [InlineData(Administrator)]
    public async Task Each_role_reaches_what_the_table_says_and_nothing_else(string role)
    {
        using var browser = await BrowserOfAsync(role);
        // Each refusal that leads to the provider leaves a cookie; none may push the session's out.
        (browser.Cookies.Capacity, browser.Cookies.PerDomainCapacity) = (1000, 1000);
        var token = (await browser.GetAsync(role == Guest ? "/guest/call" : "/account/sign-out")).RequestToken;
        var wrong = new List<string>();
        foreach (var endpoint in Endpoints)
        {
            var pattern = Pattern(endpoint);
            var mayOpen = Table[pattern].Contains(role);
            foreach (var method in MethodsOf(endpoint))
            {
                using var request = new HttpRequestMessage(method, new Uri(Browser.Web, Address(pattern)));
                if (method == HttpMethod.Post)
                {
                    request.Headers.Add("RequestVerificationToken", token);
                    request.Content = new FormUrlEncodedContent([]);
                }
                // Signing out would end the test's own session; its access is that of GET.
                if (pattern == "account/sign-out" && method == HttpMethod.Post)
                    continue;
                var page = await browser.SendAsync(request, follow: false);
                if (mayOpen == IsRefusal(page, role, pattern))
                    wrong.Add($"{method} /{pattern}: {(int)page.Status} {page.Response.Headers.Location}");
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>Other services' calls, which prove themselves by a signature and come without a session; and what answers everybody the same and does nothing.</summary>
    private static readonly string[] WithoutToken = ["signalling/events", "signalling/quality", "signout-backchannel", "health"];

    [Fact]
    public async Task No_form_or_script_of_another_site_is_taken_whoever_is_signed_in()
    {
        var tested = new HashSet<string>();
        var taken = new List<string>();
        foreach (var role in SignedIn.Append(Guest))
        {
            using var victim = await BrowserOfAsync(role);
            (victim.Cookies.Capacity, victim.Cookies.PerDomainCapacity) = (1000, 1000);
            using var attacker = await Web.SignInAsync(People.Mohammed);
            var stolen = (await attacker.GetAsync("/account/sign-out")).RequestToken ?? "";
            foreach (var endpoint in Endpoints.Where(e => MethodsOf(e).Contains(HttpMethod.Post) && !WithoutToken.Contains(Pattern(e))))
            {
                var pattern = Pattern(endpoint);
                foreach (var token in new[] { "", stolen })
                {
                    var page = await victim.PostAsync(Address(pattern), [new("__RequestVerificationToken", token)], follow: false);
                    if (page.Status == HttpStatusCode.BadRequest)
                        tested.Add(pattern);
                    else if (page.Status == HttpStatusCode.Unauthorized && (role == Guest) != pattern.StartsWith("guest", StringComparison.Ordinal))
                        continue;
                    else if (page.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
                        taken.Add($"{role} /{pattern}: {(int)page.Status}");
                }
            }
        }

        Assert.Empty(taken);
        var notTested = Endpoints.Where(e => MethodsOf(e).Contains(HttpMethod.Post)).Select(Pattern).Except(tested).Except(WithoutToken).Distinct();
        Assert.Empty(notTested.Except(["error/{status:int?}", "{**path}"]));
    }

    [Theory]
    [InlineData(Anonymous)]
    [InlineData(Patient)]
    [InlineData(Clinician)]
    [InlineData(Administrator)]
    public async Task Every_answer_is_locked_down_and_believes_no_host(string role)
    {
        using var browser = await BrowserOfAsync(role);
        var wrong = new List<string>();
        foreach (var pattern in Endpoints.Where(e => MethodsOf(e).Contains(HttpMethod.Get)).Select(Pattern).Distinct().Where(p => p != "account/sign-out"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Browser.Web, Address(pattern) + "?returnUrl=https%3A%2F%2Fevil.test%2F"));
            request.Headers.Add("X-Forwarded-Host", "evil.test");
            var page = await browser.SendAsync(request, follow: false);
            var headers = page.Response.Headers;
            string Of(string name) => headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
            var policy = Of("Content-Security-Policy");
            // What blurs a background is WebAssembly: on the pages of a call, and nowhere else.
            if (CallPages.Contains(pattern))
                policy = policy.Replace("script-src 'self' 'wasm-unsafe-eval';", "script-src 'self';", StringComparison.Ordinal);
            var isLockedDown = policy.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", StringComparison.Ordinal)
                && policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal)
                && !policy.Contains("unsafe", StringComparison.Ordinal)
                && (Of("X-Frame-Options"), Of("X-Content-Type-Options"), Of("Referrer-Policy"), Of("Server")) == ("DENY", "nosniff", "same-origin", "");
            var linksElsewhere = page.Document.QuerySelectorAll("a[href], form[action]").Any(e => (e.GetAttribute("href") ?? e.GetAttribute("action") ?? "").Contains("//evil.test", StringComparison.Ordinal));
            var leadsElsewhere = headers.Location?.OriginalString.StartsWith("https://evil.test", StringComparison.Ordinal) is true;
            if (!isLockedDown || linksElsewhere || leadsElsewhere)
                wrong.Add($"/{pattern}: {(int)page.Status} {headers.Location} {policy}");
        }

        Assert.Empty(wrong);
    }

    private static readonly string[] CallPages = ["consultations/{id:guid}", "clinics/consultations/{id:guid}/{handler?}", "guest/call"];

    [Fact]
    public async Task A_refusal_is_a_plain_page()
    {
        using var browser = await Web.SignInAsync(People.Margaret);

        var page = await browser.GetAsync("/clinics");

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Equal("You cannot open this page", page.Heading);
    }

    [Fact]
    public async Task Someone_whom_the_practice_does_not_know_is_refused_whatever_the_provider_calls_them()
    {
        using var browser = await Web.SignInAsync(People.UnknownClinician);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/clinics")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/clinics/{Seed.AmarasMorning.Schedule.Id}")).Status);
    }

    [Fact]
    public async Task A_script_whose_session_has_ended_is_told_so_and_not_sent_elsewhere()
    {
        using var browser = Web.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Browser.Web, $"/clinics/{Seed.AmarasMorning.Schedule.Id}?handler=Table"));
        request.Headers.Add("Sec-Fetch-Mode", "cors");

        var page = await browser.SendAsync(request, follow: false);

        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
    }

    private async Task<Browser> BrowserOfAsync(string role) => role switch
    {
        Patient => await Web.SignInAsync(People.Margaret),
        Clinician => await Web.SignInAsync(People.Amara),
        Staff => await Web.SignInAsync(People.Helen),
        Administrator => await Web.SignInAsync(People.Ruth),
        NoRole => await Web.SignInAsync(People.NoRole),
        Guest => await Web.GuestAsync(await Web.BookAsync(Seed.Margaret, Seed.At(9))),
        _ => Web.Browser(),
    };

    /// <summary>Who has no account is refused what needs one as anybody is who is not signed in; and who is no guest is told so on a page of its own.</summary>
    private static bool IsRefusal(Page page, string role, string pattern) => pattern.StartsWith("guest", StringComparison.Ordinal)
        ? page.Status == HttpStatusCode.Unauthorized || page.Response.Headers.Location?.ToString() == "/join/ended"
        : role is Anonymous or Guest
        ? page.Status == HttpStatusCode.Unauthorized && pattern is not ("signalling/events" or "signalling/quality")
          || (page.Response.Headers.Location is { } to && to.ToString().StartsWith(ProviderStub.Origin + "/authorize", StringComparison.Ordinal) && pattern is not ("account/sign-in" or "account/register"))
        : page.Status == HttpStatusCode.Forbidden;

    private static string Pattern(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText?.Trim('/') ?? "";

    /// <summary>The pages of staff for one patient use a patient that exists: what is refused there is the role.</summary>
    private static string Address(string pattern) => "/" + pattern
        .Replace("{status:int?}", "404", StringComparison.Ordinal)
        .Replace("{**path}", "nowhere", StringComparison.Ordinal)
        .Replace("{step:regex(^(who|consent|place)$)}", "consent", StringComparison.Ordinal)
        .Replace("{handler?}", "", StringComparison.Ordinal)
        .Replace("{patient:guid}", Seed.Margaret.Id.ToString(), StringComparison.Ordinal)
        .Replace("{service:guid?}", Seed.Gp.Id.ToString(), StringComparison.Ordinal)
        .Replace("{service:guid}", Seed.Gp.Id.ToString(), StringComparison.Ordinal)
        .Replace("{clinician:guid?}", Seed.Amara.Id.ToString(), StringComparison.Ordinal)
        .Replace("{member:guid?}", Seed.Helen.Id.ToString(), StringComparison.Ordinal)
        .Replace("{template:guid?}", "", StringComparison.Ordinal)
        .Replace("{slot:guid}", Seed.At(11).Id.ToString(), StringComparison.Ordinal)
        .Replace("{clinic:guid}", Seed.AmarasMorning.Schedule.Id.ToString(), StringComparison.Ordinal)
        .Replace("{entry:guid}", Guid.Empty.ToString(), StringComparison.Ordinal)
        .Replace("{file}", Guid.Empty.ToString(), StringComparison.Ordinal)
        .Replace("{code}", "no-such-code", StringComparison.Ordinal)
        .Replace("{day}", "2026-03-02", StringComparison.Ordinal)
        .Replace("{id:guid}", Guid.Empty.ToString(), StringComparison.Ordinal)
        .Replace("{id}", Guid.Empty.ToString(), StringComparison.Ordinal);

    private static IEnumerable<HttpMethod> MethodsOf(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods.Count: > 0 } methods)
            return methods.HttpMethods.Select(m => new HttpMethod(m));
        return [HttpMethod.Get, HttpMethod.Post];
    }
}
