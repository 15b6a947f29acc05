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
    private const string Anonymous = "anonymous";

    private static readonly string[] Everyone = [Anonymous, NoRole, Patient, Clinician, Staff, Administrator];
    private static readonly string[] PatientOnly = [Patient];
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
        ["account/sign-in-problem"] = Everyone,
        ["account/sign-out"] = Everyone,
        ["account/signed-out"] = Everyone,
        ["signalling/events"] = Everyone,
        ["signout-backchannel"] = Everyone,
        ["registration"] = PatientOnly,
        ["appointments"] = PatientOnly,
        ["appointments/{id:guid}"] = PatientOnly,
        ["appointments/book"] = PatientOnly,
        ["appointments/book/{service:guid}"] = PatientOnly,
        ["appointments/book/{service:guid}/{day}"] = PatientOnly,
        ["appointments/book/{service:guid}/{day}/{slot:guid}"] = PatientOnly,
        ["appointments/reminders"] = PatientOnly,
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
        ["practice/publish"] = PracticeStaff,
        ["practice/bookings/{id:guid}"] = PracticeStaff,
        ["practice/clinics/{clinic:guid}/call-off"] = PracticeStaff,
        ["demonstration/messages"] = [Patient, Clinician, Staff, Administrator],
        ["practice/patients"] = PracticeStaff,
        ["practice/patients/{patient:guid}"] = PracticeStaff,
        ["consultations/{id:guid}"] = PatientOnly,
        ["consultations/{id:guid}/join"] = PatientOnly,
        ["consultations/{id:guid}/outcome"] = PatientOnly,
        ["consultations/{id}/ticket"] = [Patient, Clinician],
        ["clinics"] = Team,
        ["clinics/{id:guid}"] = Team,
        ["clinics/{id}/ticket"] = Team,
        ["clinics/appointments/{id:guid}/did-not-attend"] = Team,
        ["clinics/consultations/{id:guid}/{handler?}"] = [Clinician],
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
    [InlineData(NoRole)]
    [InlineData(Patient)]
    [InlineData(Clinician)]
    [InlineData(Staff)]
    [InlineData(Administrator)]
    public async Task Each_role_reaches_what_the_table_says_and_nothing_else(string role)
    {
        using var browser = await BrowserOfAsync(role);
        var token = (await browser.GetAsync("/account/sign-out")).RequestToken;
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
        _ => Web.Browser(),
    };

    private static bool IsRefusal(Page page, string role, string pattern) => role == Anonymous
        ? page.Status == HttpStatusCode.Unauthorized && pattern != "signalling/events"
          || (page.Response.Headers.Location is { } to && to.ToString().StartsWith(ProviderStub.Origin + "/authorize", StringComparison.Ordinal) && pattern != "account/sign-in")
        : page.Status == HttpStatusCode.Forbidden;

    private static string Pattern(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText?.Trim('/') ?? "";

    /// <summary>The pages of staff for one patient use a patient that exists: what is refused there is the role.</summary>
    private static string Address(string pattern) => "/" + pattern
        .Replace("{status:int?}", "404", StringComparison.Ordinal)
        .Replace("{**path}", "nowhere", StringComparison.Ordinal)
        .Replace("{handler?}", "", StringComparison.Ordinal)
        .Replace("{patient:guid}", Seed.Margaret.Id.ToString(), StringComparison.Ordinal)
        .Replace("{service:guid?}", Seed.Gp.Id.ToString(), StringComparison.Ordinal)
        .Replace("{service:guid}", Seed.Gp.Id.ToString(), StringComparison.Ordinal)
        .Replace("{slot:guid}", Seed.At(11).Id.ToString(), StringComparison.Ordinal)
        .Replace("{clinic:guid}", Seed.AmarasMorning.Schedule.Id.ToString(), StringComparison.Ordinal)
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
