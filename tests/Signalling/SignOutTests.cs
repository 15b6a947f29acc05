using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>A sign-in that ends takes with it what it opened, and nothing else.</summary>
public sealed class SignOutTests(SharedHost shared) : SharedHostTest(shared)
{
    private readonly SignInId _phone = new(Guid.NewGuid());
    private readonly SignInId _laptop = new(Guid.NewGuid());

    [Fact]
    public async Task Signing_one_device_out_ends_its_call_and_leaves_the_other_devices_alone()
    {
        var (phone, _) = await JoinAsync(_phone);
        var (laptop, _) = await JoinAsync(_laptop);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", World.Consultation);

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.SignOut, null, signIn: _phone);
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.SignOut, null, signIn: _phone);

        await phone.Closed;
        await clinician.NextAsync("participantLeft");
        await ClinicWorld.SayAsync(clinician, "The laptop hears this.");
        await laptop.NextAsync("chat");
    }

    [Fact]
    public async Task A_ticket_from_before_opens_nothing_neither_a_new_session_nor_the_one_that_was()
    {
        var (phone, joined) = await JoinAsync(_phone);
        var unused = World.Ticket(ParticipantRole.Patient) with { SignIn = _phone };
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.SignOut, null, signIn: _phone);
        await phone.Closed;

        var late = await Host.ConnectAsync(unused);

        Assert.Equal("signed-out", await late.RefusalAsync("Join", new { resume = new { sessionId = joined.GetProperty("sessionId").GetString(), lastSequence = 0 } }));
    }

    [Fact]
    public async Task Signed_out_before_they_came_they_do_not_get_in()
    {
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.SignOut, null, signIn: _phone);

        var late = await Host.ConnectAsync(World.Ticket(ParticipantRole.Patient) with { SignIn = _phone });

        Assert.Equal("signed-out", await late.RefusalAsync("Join", new { }));
    }

    [Fact]
    public async Task Who_signed_in_anew_goes_on_with_their_session_when_the_former_sign_in_ends()
    {
        var (phone, joined) = await JoinAsync(_phone);
        phone.Abort();
        var (back, result) = await JoinAsync(_laptop, new { sessionId = joined.GetProperty("sessionId").GetString(), lastSequence = 0 });
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.SignOut, null, signIn: _phone);
        await clinician.InvokeAsync("Admit", World.Consultation);

        Assert.True(result.GetProperty("resumed").GetBoolean());
        await back.NextAsync("phaseChanged");
    }

    [Fact]
    public async Task A_board_is_closed_too_and_another_clinic_is_not()
    {
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff) with { SignIn = _phone });
        await board.InvokeAsync("WatchBoard");
        var elsewhere = new ClinicWorld(Host);
        var other = await Host.ConnectAsync(elsewhere.BoardTicket(ParticipantRole.Staff) with { SignIn = _phone });
        await other.InvokeAsync("WatchBoard");

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.SignOut, null, signIn: _phone);

        await board.Closed;
        await TestCommands.SendAsync(Host, elsewhere.Clinic, ClinicCommandType.ClinicChanged, null);
        await other.NextAsync("clinicChanged");
        var late = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff) with { SignIn = _phone });
        Assert.Equal("signed-out", await late.RefusalAsync("WatchBoard"));
    }

    [Fact]
    public async Task Who_is_signed_in_by_nothing_is_signed_out_by_nothing()
    {
        var (patient, clinician) = await World.InCallAsync();

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.SignOut, null, signIn: _phone);

        await ClinicWorld.SayAsync(clinician, "We go on.");
        await patient.NextAsync("chat");
    }

    private async Task<(HubConnectionFixture Connection, System.Text.Json.JsonElement Result)> JoinAsync(SignInId signIn, object? resume = null)
    {
        var connection = await Host.ConnectAsync(World.Ticket(ParticipantRole.Patient) with { SignIn = signIn });
        return (connection, await connection.InvokeAsync("Join", new { resume }));
    }
}
