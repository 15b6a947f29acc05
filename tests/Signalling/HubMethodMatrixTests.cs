using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>Whose thing a call of the matrix is about.</summary>
public enum MatrixTarget
{
    Own,

    /// <summary>Of the other person in the same consultation.</summary>
    OtherPerson,

    /// <summary>Of a consultation of another clinic.</summary>
    OtherConsultation,
}

/// <summary>Every method of the table, by every role, on its own and on somebody else's, through the real pipeline.</summary>
public sealed class HubMethodMatrixTests(SharedHost shared) : SharedHostTest(shared)
{
    /// <summary>How to call each method on a side's things. A method of the table that is missing here fails its cases.</summary>
    private static readonly Dictionary<string, Func<Side, object?[]>> Arguments = new()
    {
        ["Join"] = side => [new { resume = new { sessionId = side.Media.SessionId, lastSequence = 0 } }],
        ["WatchBoard"] = _ => [],
        ["Acknowledge"] = _ => [0],
        ["Admit"] = side => [side.Consultation.ToString()],
        ["CreateTransport"] = _ => [new { direction = "send" }],
        ["ConnectTransport"] = side => [side.Media.SendTransport, MediaSide.Dtls],
        ["RestartIce"] = side => [side.Media.ReceiveTransport],
        ["Produce"] = side => [new { transportId = side.Media.SendTransport, kind = "video", source = "camera", rtpParameters = MediaSide.Vp8(), paused = false }],
        ["PauseProducer"] = side => [side.Media.Microphone],
        ["ResumeProducer"] = side => [side.Media.Microphone],
        ["CloseProducer"] = side => [side.Media.Microphone],
        ["PauseConsumer"] = side => [side.Consumer],
        ["ResumeConsumer"] = side => [side.Consumer],
        ["SetShownSize"] = side => [side.Consumer, 640, 360],
        ["SendChat"] = _ => [new { clientId = Guid.NewGuid(), text = "From the matrix." }],
        ["KeepChat"] = _ => [],
        ["ShowImage"] = _ => [new { fileId = Guid.NewGuid(), name = "photo.jpg" }],
        ["HideImage"] = _ => [],
        ["Point"] = _ => [0.25, 0.75],
        ["ReportDevices"] = _ => [new { microphone = true, camera = false }],
        ["KeepVideo"] = _ => [true],
        ["UseTelephone"] = _ => [true],
        ["RaiseHand"] = _ => [true],
        ["Mute"] = side => [side.Media.SessionId],
        ["LetIn"] = side => [side.Person.ToString()],
        ["Hold"] = side => [side.Person.ToString()],
        ["Resume"] = side => [side.Person.ToString()],
        ["Remove"] = side => [side.Person.ToString()],
        ["Readmit"] = side => [side.Person.ToString()],
        ["Huddle"] = side => [side.Person.ToString()],
        ["EndHuddle"] = _ => [],
        ["Lock"] = _ => [true],
        ["Leave"] = _ => [],
    };

    public static TheoryData<string, ParticipantRole, MatrixTarget> Cases
    {
        get
        {
            var cases = new TheoryData<string, ParticipantRole, MatrixTarget>();
            foreach (var method in HubMethods.Default.Rows)
            {
                foreach (var role in Enum.GetValues<ParticipantRole>())
                {
                    foreach (var target in Enum.GetValues<MatrixTarget>())
                        cases.Add(method.Name, role, target);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_role_does_on_each_target_what_the_table_says(string name, ParticipantRole role, MatrixTarget target)
    {
        var method = Assert.Single(HubMethods.Default.Rows, row => row.Name == name);
        // On the patient's side there is a patient, a carer in their place, or a guest whom the patient brought.
        var patientsSide = role is ParticipantRole.Carer or ParticipantRole.Guest ? role : ParticipantRole.Patient;
        await using var call = await Call.OpenAsync(Host, patientsSide);
        await using var otherCall = await Call.OpenAsync(Host, patientsSide);
        var (own, otherPerson, otherConsultation) = role == patientsSide
            ? (call.Patient, call.Clinician, otherCall.Patient)
            : (call.Clinician, call.Patient, otherCall.Clinician);
        var side = target switch
        {
            MatrixTarget.Own => own,
            MatrixTarget.OtherPerson => otherPerson,
            _ => otherConsultation,
        };
        var isInCall = role is ParticipantRole.Patient or ParticipantRole.Carer or ParticipantRole.Guest or ParticipantRole.Clinician;
        var caller = isInCall && name != "Join" ? own.Media.Connection : await call.World.ConnectAsync(role);

        JsonElement result = default;
        string? refusal = null;
        try
        {
            result = await caller.InvokeAsync(name, Arguments[name](side));
        }
        catch (HubCallException refused)
        {
            refusal = HubConnectionFixture.CodeOf(refused.Message);
        }

        // Nobody shows an image in the matrix: whoever may point is told so.
        Assert.Equal(Expected(method, role, target) ?? (name == "Point" ? "not-found" : null), refusal);
        if (name == "Join" && refusal is null)
        {
            Assert.Equal(target == MatrixTarget.Own, result.GetProperty("resumed").GetBoolean());
            Assert.Equal(target == MatrixTarget.Own, result.GetProperty("sessionId").GetString() == side.Media.SessionId);
        }
        await otherCall.AssertUntouchedAsync();
        if (refusal is not null)
            await call.AssertUntouchedAsync();
    }

    [Fact]
    public async Task A_boards_ticket_opens_nothing_of_a_consultation()
    {
        await using var call = await Call.OpenAsync(Host);
        var board = await Host.ConnectAsync(call.World.BoardTicket(ParticipantRole.Clinician));

        foreach (var method in HubMethods.Default.Rows.Where(row => row.NeedsConsultation))
            Assert.Equal("not-allowed", await board.RefusalAsync(method.Name, Arguments[method.Name](call.Clinician)));

        await call.AssertUntouchedAsync();
    }

    [Fact]
    public async Task Nothing_of_a_session_can_be_done_before_joining()
    {
        await using var call = await Call.OpenAsync(Host);
        foreach (var role in new[] { ParticipantRole.Patient, ParticipantRole.Clinician })
        {
            var caller = await call.World.ConnectAsync(role, admitted: true);

            foreach (var method in HubMethods.Default.Rows.Where(row => row is { NeedsConsultation: true, Name: not "Join" }))
                Assert.Equal("not-allowed", await caller.RefusalAsync(method.Name, Arguments[method.Name](call.Patient)));
        }

        await call.AssertUntouchedAsync();
    }

    [Fact]
    public void Staff_and_administrators_watch_the_board_only_and_patients_never_do_nor_admit()
    {
        string[] Of(ParticipantRole role) => [.. HubMethods.Default.Rows.Where(row => row.Roles.Contains(role)).Select(row => row.Name).Order(StringComparer.Ordinal)];

        Assert.Equal(["Acknowledge", "WatchBoard"], Of(ParticipantRole.Staff));
        Assert.Equal(["Acknowledge", "WatchBoard"], Of(ParticipantRole.Administrator));
        Assert.Equal(Of(ParticipantRole.Clinician).Except(["Admit", "EndHuddle", "HideImage", "Hold", "Huddle", "KeepChat", "LetIn", "Lock", "Mute", "Readmit", "Remove", "Resume", "ShowImage", "WatchBoard"]), Of(ParticipantRole.Patient));
        Assert.Equal(Of(ParticipantRole.Patient), Of(ParticipantRole.Carer));
        Assert.Equal(Of(ParticipantRole.Patient).Except(["UseTelephone"]), Of(ParticipantRole.Guest));
        Assert.Equal(33, Of(ParticipantRole.Clinician).Length);
    }

    [Fact]
    public void The_hub_has_every_method_of_the_table_and_no_other() => HubMethods.Default.Verify(typeof(ConsultationHub));

    [Theory]
    [InlineData(typeof(HubWithOneMore), "Surprise")]
    [InlineData(typeof(HubWithOneLess), "Join")]
    [InlineData(typeof(HubOfAnotherHub), "must derive from Hub")]
    public void A_hub_that_differs_from_its_table_is_refused(Type hub, string told)
    {
        var table = new HubMethods([new("Join", HubScope.OwnConsultation, RateClass.General, ParticipantRole.Patient)]);

        var refused = Assert.Throws<InvalidOperationException>(() => table.Verify(hub));

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_is_missing_from_the_table_stops_the_start()
    {
        var shortened = new HubMethods(HubMethods.Default.Rows.Where(row => row.Name != "Admit"));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => SignallingHost.StartAsync(services => services.RemoveAll<HubMethods>().AddSingleton(shortened)));

        Assert.Contains("ConsultationHub.Admit is not in the table", refused.ToString(), StringComparison.Ordinal);
    }

    private static string? Expected(HubMethod method, ParticipantRole role, MatrixTarget target)
    {
        if (!method.Roles.Contains(role))
            return "not-allowed";
        return method.Scope switch
        {
            HubScope.ConsultationOfOwnClinic => target == MatrixTarget.OtherConsultation ? "not-found" : null,
            HubScope.OtherOfOwnCall or HubScope.PersonOfOwnCall => target == MatrixTarget.OtherPerson ? null : "not-found",
            HubScope.OwnTransport or HubScope.OwnProducer or HubScope.OwnConsumer => target == MatrixTarget.Own ? null : "not-found",
            _ => null,
        };
    }

    /// <summary>One page in a call, with the consumer that it has of the other's microphone.</summary>
    private sealed record Side(ConsultationId Consultation, ParticipantId Person, MediaSide Media, string Consumer);

    /// <summary>Patient and clinician in a call, with media both ways.</summary>
    private sealed record Call(ClinicWorld World, Side Patient, Side Clinician) : IAsyncDisposable
    {
        public static async Task<Call> OpenAsync(SignallingHost host, ParticipantRole patientsSide = ParticipantRole.Patient)
        {
            var world = new ClinicWorld(host);
            var (patient, patientJoined) = await world.JoinAsync(patientsSide);
            if (patientsSide == ParticipantRole.Guest)
                await world.JoinAsync(ParticipantRole.Patient);
            var (clinician, clinicianJoined) = await world.JoinAsync(ParticipantRole.Clinician);
            await clinician.InvokeAsync("Admit", world.Consultation);
            if (patientsSide == ParticipantRole.Guest)
                await clinician.InvokeAsync("LetIn", world.Guest);
            var patientMedia = await MediaSide.OpenAsync(patient, patientJoined);
            var clinicianMedia = await MediaSide.OpenAsync(clinician, clinicianJoined);
            var patientConsumer = (await patient.NextAsync("consumerAdded")).GetProperty("consumerId").GetString() ?? "";
            var clinicianConsumer = (await clinician.NextAsync("consumerAdded")).GetProperty("consumerId").GetString() ?? "";
            return new(
                world,
                new(world.Consultation, world.Ticket(patientsSide).Participant, patientMedia, patientConsumer),
                new(world.Consultation, world.Clinician, clinicianMedia, clinicianConsumer));
        }

        /// <summary>Neither of the two heard of anything since the call began: the next message is the one said now.</summary>
        public async Task AssertUntouchedAsync()
        {
            await ClinicWorld.SayAsync(Clinician.Media.Connection, "Did anything happen?");
            foreach (var side in new[] { Patient, Clinician })
            {
                var heard = await side.Media.Connection.NextAsync("chat");
                var before = side.Media.Connection.Messages[(int)heard.GetProperty("sequence").GetInt64() - 2];
                Assert.Contains(ClinicWorld.Type(before), new[] { "consumerAdded", "participantChanged" });
                Assert.Equal("Did anything happen?", heard.GetProperty("message").GetProperty("text").GetString());
                Assert.False(side.Media.Connection.IsClosed);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Patient.Media.Connection.DisposeAsync();
            await Clinician.Media.Connection.DisposeAsync();
        }
    }

    private sealed class HubWithOneMore : Hub
    {
        public Task Join() => Task.CompletedTask;

        public Task Surprise() => Task.CompletedTask;
    }

    private sealed class HubWithOneLess : Hub
    {
    }

    private abstract class BaseHub : Hub
    {
        public Task Hidden() => Task.CompletedTask;
    }

    private sealed class HubOfAnotherHub : BaseHub
    {
        public Task Join() => Task.CompletedTask;
    }
}
