using System.Net;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class TicketTests : HostedTest
{
    private DateTimeOffset Now => Host.Time.GetUtcNow();

    private Ticket Ticket => World.Ticket(ParticipantRole.Patient);

    [Fact]
    public async Task A_ticket_opens_its_clinics_hub_once()
    {
        var token = TestTickets.Mint(Ticket, Now);

        var connection = await Host.ConnectAsync(World.Clinic, token);

        Assert.Null(await connection.RefusalAsync("Join", new { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await Host.RefusalAsync(World.Clinic, token));
    }

    [Fact]
    public async Task A_ticket_that_is_used_by_many_at_once_opens_the_hub_for_one()
    {
        var token = TestTickets.Mint(Ticket, Now);

        var attempts = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                await Host.ConnectAsync(World.Clinic, token);
                return true;
            }
            catch (System.Net.WebSockets.WebSocketException)
            {
                return false;
            }
        }));

        Assert.Single(attempts, opened => opened);
    }

    [Fact]
    public async Task Tickets_of_every_listed_key_are_believed()
    {
        await Host.ConnectAsync(World.Clinic, TestTickets.Mint(Ticket, Now, key: TestTickets.OlderKey));
    }

    [Fact]
    public async Task A_ticket_for_another_clinic_is_refused_and_still_good_for_its_own()
    {
        var token = TestTickets.Mint(Ticket, Now);

        Assert.Equal(HttpStatusCode.Unauthorized, await Host.RefusalAsync(new ClinicId(Guid.NewGuid()), token));

        await Host.ConnectAsync(World.Clinic, token);
    }

    [Fact]
    public async Task A_ticket_for_another_consultation_opens_nothing_of_this_one()
    {
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        var stranger = await Host.ConnectAsync(Ticket with { Consultation = new ConsultationId(Guid.NewGuid()), Participant = new(Guid.NewGuid()), Admitted = true });
        var result = await stranger.InvokeAsync("Join", new { });
        await ClinicWorld.SayAsync(clinician, "Only for this consultation.");
        await clinician.NextAsync("chat");
        await ClinicWorld.SayAsync(stranger, "Only for that consultation.");
        await stranger.NextAsync("chat");

        Assert.Equal(0, result.GetProperty("participants").GetArrayLength());
        Assert.Single(stranger.Messages);
        Assert.Single(clinician.Messages);
    }

    [Theory]
    [InlineData(-3, 0)]
    [InlineData(10, 0)]
    [InlineData(0, 600)]
    public async Task A_ticket_outside_its_time_is_refused(int issuedMinutesFromNow, int longerSeconds)
    {
        var token = TestTickets.Mint(Ticket, Now + TimeSpan.FromMinutes(issuedMinutesFromNow), ticket => ticket.Expires += TimeSpan.FromSeconds(longerSeconds));

        Assert.Equal(HttpStatusCode.Unauthorized, await Host.RefusalAsync(World.Clinic, token));
    }

    [Fact]
    public async Task A_ticket_is_good_until_it_expires_and_not_after()
    {
        var first = TestTickets.Mint(Ticket, Now);
        var second = TestTickets.Mint(Ticket, Now);
        Host.Time.Advance(TimeSpan.FromMinutes(2));
        await Host.ConnectAsync(World.Clinic, first);
        Host.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(HttpStatusCode.Unauthorized, await Host.RefusalAsync(World.Clinic, second));
        Assert.Equal(HttpStatusCode.Unauthorized, await Host.RefusalAsync(World.Clinic, first));
    }

    public static TheoryData<string> Forgeries =>
    [
        "unsigned", "alg none", "wrong key, right id", "unknown key id", "no key id", "other algorithm", "changed after signing", "typ of another token",
        "other issuer", "other audience", "no expiry", "no issue time", "no id", "no participant", "no role", "role of nobody", "no clinic", "consultation is not an id", "empty name", "name too long",
    ];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_ticket_that_Web_did_not_write_is_refused(string forgery)
    {
        var token = Forge(forgery);

        Assert.Equal(HttpStatusCode.Unauthorized, await Host.RefusalAsync(World.Clinic, token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("%00%0a%0d")]
    public async Task Something_that_is_no_ticket_is_refused(string token)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await Host.RefusalAsync(World.Clinic, token));
    }

    [Fact]
    public async Task An_oversized_ticket_is_refused()
    {
        var oversized = TestTickets.Mint(Ticket, Now, ticket => ticket.Claims["padding"] = new string('x', 4096));

        Assert.Equal(HttpStatusCode.Unauthorized, await Host.RefusalAsync(World.Clinic, oversized));
    }

    [Fact]
    public async Task A_refusal_says_nothing_more()
    {
        using var client = Host.CreateClient();

        using var response = await client.GetAsync($"clinics/{World.Clinic}/hub?access_token={Forge("unsigned")}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Nothing_but_a_WebSocket_uses_a_ticket_up()
    {
        using var client = Host.CreateClient();
        var token = TestTickets.Mint(Ticket, Now);

        using var negotiation = await client.PostAsync($"clinics/{World.Clinic}/hub/negotiate?access_token={token}", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, negotiation.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await Host.RefusalAsync(World.Clinic, token, "https://elsewhere.example"));

        await Host.ConnectAsync(World.Clinic, token);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("http://localhost:5081")]
    [InlineData("https://localhost:5080")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_is_refused(string origin)
    {
        Assert.Equal(HttpStatusCode.Forbidden, await Host.RefusalAsync(World.Clinic, TestTickets.Mint(Ticket, Now), origin));
    }

    [Fact]
    public async Task A_used_ticket_is_forgotten_only_once_it_has_expired()
    {
        var used = new Tickets.UsedTickets(Host.Time);
        var id = Guid.NewGuid();
        Assert.Null(used.TryUse(id, Now + TimeSpan.FromMinutes(2)));
        Host.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(Tickets.TicketRefusal.Used, used.TryUse(id, Now));

        for (var other = 1; other < Tickets.UsedTickets.Capacity; other++)
            Assert.Null(used.TryUse(Guid.NewGuid(), Now + TimeSpan.FromMinutes(2)));
        Assert.Equal(Tickets.TicketRefusal.Full, used.TryUse(Guid.NewGuid(), Now + TimeSpan.FromMinutes(2)));
        Host.Time.Advance(TimeSpan.FromMinutes(3));

        Assert.Null(used.TryUse(Guid.NewGuid(), Now + TimeSpan.FromMinutes(2)));
        await Task.CompletedTask;
    }

    private string Forge(string forgery)
    {
        string Mint(Action<SecurityTokenDescriptor> change, SharedKey? key = null) => TestTickets.Mint(Ticket, Now, change, key);
        string Claim(string name, object? value) => Mint(ticket =>
        {
            ticket.Claims.Remove(name);
            if (value is not null)
                ticket.Claims[name] = value;
        });
        switch (forgery)
        {
            case "unsigned":
                return Mint(ticket => ticket.SigningCredentials = null);
            case "alg none":
                var parts = TestTickets.Mint(Ticket, Now).Split('.');
                return $"{Base64UrlEncoder.Encode($$"""{"alg":"none","typ":"{{TicketClaims.Type}}","kid":"{{TestTickets.Key.Id}}"}""")}.{parts[1]}.";
            case "wrong key, right id":
                return Mint(_ => { }, TestTickets.MakeKey(TestTickets.Key.Id));
            case "unknown key id":
                return Mint(_ => { }, new SharedKey { Id = "key-9", Secret = TestTickets.Key.Secret });
            case "no key id":
                return Mint(ticket => ticket.SigningCredentials = new(new SymmetricSecurityKey(Convert.FromBase64String(TestTickets.Key.Secret)), SecurityAlgorithms.HmacSha256));
            case "other algorithm":
                return Mint(ticket => ticket.SigningCredentials = new(
                    new SymmetricSecurityKey([.. Convert.FromBase64String(TestTickets.Key.Secret), .. new byte[32]]) { KeyId = TestTickets.Key.Id }, SecurityAlgorithms.HmacSha512));
            case "changed after signing":
                var signed = TestTickets.Mint(Ticket, Now).Split('.');
                var payload = Base64UrlEncoder.Decode(signed[1]).Replace("\"patient\"", "\"clinician\"", StringComparison.Ordinal);
                return $"{signed[0]}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(payload))}.{signed[2]}";
            case "typ of another token":
                return Mint(ticket => ticket.TokenType = "at+jwt");
            case "other issuer":
                return Mint(ticket => ticket.Issuer = "telemedicine-identity");
            case "other audience":
                return Mint(ticket => ticket.Audience = "telemedicine-web");
            case "no expiry":
                return Mint(ticket => ticket.Expires = null);
            case "no issue time":
                return Mint(ticket => ticket.IssuedAt = null);
            case "no id":
                return Claim("jti", null);
            case "no participant":
                return Claim("sub", null);
            case "no role":
                return Claim(TicketClaims.Role, null);
            case "role of nobody":
                return Claim(TicketClaims.Role, "superuser");
            case "no clinic":
                return Claim(TicketClaims.Clinic, null);
            case "consultation is not an id":
                return Claim(TicketClaims.Consultation, "all");
            case "empty name":
                return Claim("name", "");
            case "name too long":
                return Claim("name", new string('n', 201));
            default:
                throw new ArgumentOutOfRangeException(nameof(forgery), forgery, "No such forgery.");
        }
    }
}
