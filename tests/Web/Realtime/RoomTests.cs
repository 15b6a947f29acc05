using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Telemedicine.Clinical.Guests;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Realtime;

/// <summary>Whoever the clinician keeps out of a call gets no ticket, and reads why, with and without script.</summary>
public sealed class RoomTests : WebTest
{
    [Fact]
    public async Task A_removed_patient_gets_no_ticket_and_the_page_says_why_until_they_are_let_back()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        await Web.AdmitAsync(margaret, appointment, Seed.Margaret);
        var token = (await margaret.GetAsync("/account/sign-out")).RequestToken;

        await Web.SignalAsync(Web.Event(ConsultationEventType.Removed, appointment, Seed.Margaret));
        var refused = await margaret.PostFromScriptAsync($"/consultations/{appointment}/ticket", token);
        var page = await margaret.SubmitAsync(await margaret.GetAsync($"/consultations/{appointment}/join"), "Join");
        Web.Time.Advance(TimeSpan.FromSeconds(1));
        await Web.SignalAsync(Web.Event(ConsultationEventType.Readmitted, appointment, Seed.Margaret));
        var again = await margaret.PostFromScriptAsync($"/consultations/{appointment}/ticket", token);

        Assert.Equal((HttpStatusCode.Forbidden, "removed"), (refused.Status, refused.Json.GetProperty("reason").GetString()));
        Assert.Contains("Dr Amara Okafor has removed you from this call.", page.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, again.Status);
    }

    [Fact]
    public async Task A_guest_who_comes_to_a_locked_call_is_told_so_and_the_clinicians_ticket_says_it_too()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        await Web.AdmitAsync(margaret, appointment, Seed.Margaret);
        using var guest = await Web.GuestAsync(appointment, GuestRole.Interpreter);
        using var amara = await Web.SignInAsync(People.Amara);

        await Web.SignalAsync(OfRoom(ConsultationEventType.Locked));
        var start = await guest.GetAsync("/guest");
        var refused = await guest.PostFromScriptAsync("/guest/ticket", start.RequestToken);
        var page = await guest.SubmitAsync(start, "Join");
        var clinician = await TicketAsync(amara, $"/consultations/{appointment}/ticket");
        var patient = await TicketAsync(margaret, $"/consultations/{appointment}/ticket");
        Web.Time.Advance(TimeSpan.FromSeconds(1));
        await Web.SignalAsync(OfRoom(ConsultationEventType.Unlocked));
        var inside = await guest.SubmitAsync(page, "Join");

        Assert.Equal((HttpStatusCode.Forbidden, "locked"), (refused.Status, refused.Json.GetProperty("reason").GetString()));
        Assert.Contains("Dr Amara Okafor has locked this call. Nobody new can join now.", page.Main, StringComparison.Ordinal);
        Assert.True(Room(clinician).Locked && Room(patient).Locked);
        Assert.Equal("/guest/call", inside.Path);

        ConsultationEvent OfRoom(ConsultationEventType type) => Web.Event(type, appointment, Seed.Amara) with { Participant = null, Role = null };
    }

    [Fact]
    public async Task A_guests_ticket_says_admitted_once_the_clinician_let_this_guest_in()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        await Web.AdmitAsync(margaret, appointment, Seed.Margaret);
        using var guest = await Web.GuestAsync(appointment, GuestRole.Student);
        var token = (await guest.GetAsync("/guest")).RequestToken;

        var before = new JsonWebToken((await guest.PostFromScriptAsync("/guest/ticket", token)).Json.GetProperty("ticket").GetString());
        await Web.SignalAsync(Web.Event(ConsultationEventType.LetIn, appointment, Seed.Amara) with { Participant = new ParticipantId(Guid.Parse(before.Subject)), Role = ParticipantRole.Guest });
        var after = new JsonWebToken((await guest.PostFromScriptAsync("/guest/ticket", token)).Json.GetProperty("ticket").GetString());

        Assert.Equal(("false", "true"), (before.GetClaim(TicketClaims.Admitted).Value, after.GetClaim(TicketClaims.Admitted).Value));
        Assert.False(after.TryGetClaim(TicketClaims.Room, out _));
    }

    [Fact]
    public async Task The_timeline_tells_what_the_clinician_decided()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        await Web.AdmitAsync(margaret, appointment, Seed.Margaret);
        using var amara = await Web.SignInAsync(People.Amara);

        await Web.SignalAsync(Web.Event(ConsultationEventType.Held, appointment, Seed.Margaret));

        Assert.Contains("Margaret Hughes was put on hold.", (await amara.GetAsync($"/clinics/appointments/{appointment}/timeline")).Main, StringComparison.Ordinal);
    }

    private static async Task<JsonWebToken> TicketAsync(Browser browser, string path) =>
        new((await browser.PostFromScriptAsync(path, (await browser.GetAsync("/account/sign-out")).RequestToken)).Json.GetProperty("ticket").GetString());

    private static RoomDecisions Room(JsonWebToken ticket) =>
        JsonSerializer.Deserialize(ticket.GetClaim(TicketClaims.Room).Value, ContractsJson.Default.RoomDecisions) ?? RoomDecisions.None;
}
