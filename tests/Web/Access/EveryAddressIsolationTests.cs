using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Access;

/// <summary>
/// Every address of Web, opened and posted to by people of one practice with the ids of another. Whatever is added later is tried here too. Nothing about the other
/// practice may come back.
/// </summary>
public sealed class EveryAddressIsolationTests(SharedWeb shared) : IClassFixture<SharedWeb>
{
    private static readonly string[] Theirs = ["Hughes", "Margaret", "Okafor", "Amara", "Riverside", "Helen Brooks", "GP consultation"];

    public static TheoryData<string> Intruders => ["patient", "clinician", "staff"];

    [Theory]
    [MemberData(nameof(Intruders))]
    public async Task No_address_shows_anything_of_another_practice(string role)
    {
        var browser = await shared.BrowserAsync(role switch { "patient" => People.Wilma, "clinician" => People.Rowan, _ => People.Imran });
        var token = (await browser.GetAsync("/account/sign-out")).RequestToken ?? "";
        var leaks = new List<string>();
        var tried = 0;
        foreach (var address in Addresses())
        {
            foreach (var page in new[] { await browser.GetAsync(address), await browser.PostAsync(address, Form(token)) })
            {
                tried++;
                leaks.AddRange(Theirs.Where(fact => page.Text.Contains(fact, StringComparison.Ordinal)).Select(fact => $"{page.Response.RequestMessage?.Method} {address}: {fact}"));
            }
        }

        Assert.True(tried > 60, $"{tried} requests");
        Assert.Empty(leaks);
        Assert.Equal(Clinical.Booking.AppointmentStatus.Booked, (await shared.Web.FindAsync(Clinical.Practices.Actor.For(Seed.Margaret), shared.Appointment)).Status);
    }

    private IEnumerable<string> Addresses() =>
        from endpoint in shared.Web.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = endpoint.RoutePattern
        // Signing out would end the test, and who registers chooses from all practices.
        where pattern.RawText?.StartsWith("account/", StringComparison.Ordinal) != true && pattern.RawText != "/registration" && pattern.RawText != "registration"
        select "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart parameter => ValueOf(parameter.Name, pattern.RawText ?? ""),
            _ => "",
        }))));

    private string ValueOf(string name, string pattern) => name switch
    {
        "patient" => Seed.Margaret.Id.ToString(),
        "service" => Seed.Gp.Id.ToString(),
        "slot" => Seed.At(11).Id.ToString(),
        "clinic" => Seed.AmarasMorning.Schedule.Id.ToString(),
        "practitioner" or "clinician" => Seed.Amara.Id.ToString(),
        "day" => "2026-03-02",
        "handler" => "",
        "status" => "404",
        "path" => "nowhere",
        _ when pattern.StartsWith("clinics/{id", StringComparison.Ordinal) => Seed.AmarasMorning.Schedule.Id.ToString(),
        _ => shared.Appointment.ToString(),
    };

    private static Dictionary<string, string> Form(string token) => new()
    {
        ["__RequestVerificationToken"] = token,
        ["Reason"] = "Because",
        ["Note"] = "A note",
        ["NoteVersion"] = "0",
        ["Channel"] = "Video",
        ["Slot"] = Seed.At(11).Id.ToString(),
        ["Search"] = "hughes",
        ["Patient"] = Seed.Margaret.Id.ToString(),
        ["practitioner"] = Seed.Amara.Id.ToString(),
    };
}
