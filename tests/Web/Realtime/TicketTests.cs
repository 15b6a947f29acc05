using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Clinical;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Realtime;

public sealed class TicketTests : WebTest
{
    [Fact]
    public async Task A_patients_ticket_is_signed_short_lived_and_for_their_consultation_alone()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);

        var answer = await TicketAsync(browser, appointment);
        var second = await TicketAsync(browser, appointment);

        Assert.Equal($"{WebHost.SignallingOrigin}/clinics/{Seed.AmarasMorning.Schedule.Id}/hub", answer.Json.GetProperty("hubUrl").GetString());
        Assert.Equal("no-store", answer.Response.Headers.CacheControl?.ToString());
        var ticket = await ReadAsync(answer);
        Assert.Equal(TicketClaims.Type, ticket.Typ);
        Assert.Equal(Web.Key.Id, ticket.Kid);
        Assert.Equal(Seed.Margaret.Id.ToString(), ticket.Subject);
        Assert.Equal("Margaret Hughes", ticket.GetClaim("name").Value);
        Assert.Equal("patient", ticket.GetClaim(TicketClaims.Role).Value);
        Assert.Equal(Seed.AmarasMorning.Schedule.Id.ToString(), ticket.GetClaim(TicketClaims.Clinic).Value);
        Assert.Equal(appointment.ToString(), ticket.GetClaim(TicketClaims.Consultation).Value);
        Assert.Equal("false", ticket.GetClaim(TicketClaims.Admitted).Value);
        Assert.Equal(WebHost.Start.UtcDateTime, ticket.IssuedAt);
        Assert.Equal(WebHost.Start.UtcDateTime.AddMinutes(2), ticket.ValidTo);
        Assert.NotEqual(ticket.Id, (await ReadAsync(second)).Id);
    }

    [Fact]
    public async Task A_clinicians_ticket_names_the_consultation_and_says_when_the_patient_was_admitted()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var patient = await Web.SignInAsync(People.Margaret);
        using var clinician = await Web.SignInAsync(People.Amara);

        var before = await ReadAsync(await TicketAsync(clinician, appointment));
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        var after = await ReadAsync(await TicketAsync(patient, appointment));

        Assert.Equal("clinician", before.GetClaim(TicketClaims.Role).Value);
        Assert.Equal("Dr Amara Okafor", before.GetClaim("name").Value);
        Assert.Equal(Seed.Amara.Id.ToString(), before.Subject);
        Assert.Equal("true", after.GetClaim(TicketClaims.Admitted).Value);
        Assert.False(after.TryGetClaim(TicketClaims.Telephone, out _));
        await Web.SignalAsync(Web.Event(ConsultationEventType.Stepped, appointment, Seed.Margaret) with { Step = CallStep.Telephone });
        Assert.Equal("true", (await ReadAsync(await TicketAsync(clinician, appointment))).GetClaim(TicketClaims.Telephone).Value);
    }

    [Fact]
    public async Task A_boards_ticket_opens_no_consultation()
    {
        foreach (var (account, role) in new[] { (People.Amara, "clinician"), (People.Helen, "staff"), (People.Ruth, "administrator") })
        {
            using var browser = await Web.SignInAsync(account);
            var token = (await browser.GetAsync("/account/sign-out")).RequestToken;

            var ticket = await ReadAsync(await browser.PostFromScriptAsync($"/clinics/{Seed.AmarasMorning.Schedule.Id}/ticket", token));

            Assert.Equal(role, ticket.GetClaim(TicketClaims.Role).Value);
            Assert.False(ticket.TryGetClaim(TicketClaims.Consultation, out _));
        }
    }

    [Fact]
    public async Task Too_early_is_not_yet_and_afterwards_is_over()
    {
        var early = await Web.BookAsync(Seed.Margaret, Seed.At(11));
        var missed = await Web.BookAsync(Seed.Mohammed, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        var notYet = await TicketAsync(margaret, early);
        Web.Time.Advance(TimeSpan.FromHours(4.6));
        using var mohammed = await Web.SignInAsync(People.Mohammed);

        var over = await TicketAsync(mohammed, missed);

        Assert.Equal(HttpStatusCode.Forbidden, notYet.Status);
        Assert.Equal(HttpStatusCode.Gone, over.Status);
    }

    [Fact]
    public async Task Without_a_session_there_is_no_ticket_and_no_redirect()
    {
        using var browser = Web.Browser();

        var page = await browser.PostFromScriptAsync($"/consultations/{Guid.NewGuid()}/ticket", "none");

        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
    }

    private static async Task<Page> TicketAsync(Browser browser, AppointmentId appointment) =>
        await browser.PostFromScriptAsync($"/consultations/{appointment}/ticket", (await browser.GetAsync("/account/sign-out")).RequestToken);

    private async Task<JsonWebToken> ReadAsync(Page answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status}: {answer.Text}");
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(answer.Json.GetProperty("ticket").GetString(), new TokenValidationParameters
        {
            ValidIssuer = TicketClaims.Issuer,
            ValidAudience = TicketClaims.Audience,
            ValidAlgorithms = ["HS256"],
            IssuerSigningKey = new SymmetricSecurityKey(Convert.FromBase64String(Web.Key.Secret)) { KeyId = Web.Key.Id },
            ValidateLifetime = false,
        });
        return Assert.IsType<JsonWebToken>(result.IsValid ? result.SecurityToken : throw result.Exception);
    }
}
