using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

/// <summary>What the clinician decided of the people in a call: kept with the appointment, and said in every ticket from then on.</summary>
public sealed class RoomRecordTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_is_let_in_by_themself_removed_and_let_back_and_waits_anew()
    {
        await using var world = await World.CreateAsync();

        var waiting = await world.GuestJoinsAsync();
        await world.DecideAsync(ConsultationFactType.LetIn, world.Guest);
        var letIn = await world.GuestJoinsAsync();
        await world.DecideAsync(ConsultationFactType.Removed, world.Guest);
        var removed = await world.GuestJoinsAsync();
        var clinician = Assert.IsType<OpenOutcome.Ok>(await world.OpenAsync());
        await world.DecideAsync(ConsultationFactType.Readmitted, world.Guest);
        var again = await world.GuestJoinsAsync();

        Assert.Equal([false, true, false], new[] { waiting, letIn, again }.Select(outcome => Assert.IsType<JoinOutcome.Ok>(outcome).Ticket.Admitted));
        Assert.IsType<JoinOutcome.Removed>(removed);
        Assert.Equal(new TicketRoomPerson(world.Guest, ConsultationRole.Guest, "Ana Costa (interpreter)"), Assert.Single(clinician.Ticket?.Room?.Removed ?? []));
        Assert.Null(Assert.IsType<JoinOutcome.Ok>(again).Ticket.Room);
    }

    [Fact]
    public async Task A_removed_patient_does_not_come_back_and_has_not_arrived_again()
    {
        await using var world = await World.CreateAsync();

        await world.DecideAsync(ConsultationFactType.Removed, world.Patient);

        Assert.IsType<JoinOutcome.Removed>(await world.Clinic.JoinAsync(world.Call.Appointment.Id, world.Call.Patient));
        Assert.Equal(AppointmentStatus.CheckedIn, (await world.Clinic.AppointmentAsync(world.Call.Appointment.Id)).Status);
        await world.DecideAsync(ConsultationFactType.Readmitted, world.Patient);
        Assert.True(Assert.IsType<JoinOutcome.Ok>(await world.Clinic.JoinAsync(world.Call.Appointment.Id, world.Call.Patient)).Ticket.Admitted);
    }

    [Fact]
    public async Task A_lock_keeps_out_who_was_not_in_the_call_and_no_one_else()
    {
        await using var world = await World.CreateAsync();
        await world.Clinic.ApplyAsync(world.Call.Connected(ConsultationRole.Patient));

        await world.DecideAsync(ConsultationFactType.Locked, null);
        var guest = await world.GuestJoinsAsync();
        var patient = Assert.IsType<JoinOutcome.Ok>(await world.Clinic.JoinAsync(world.Call.Appointment.Id, world.Call.Patient));
        var clinician = Assert.IsType<OpenOutcome.Ok>(await world.OpenAsync());
        world.Clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.DecideAsync(ConsultationFactType.Unlocked, null);

        Assert.IsType<JoinOutcome.Locked>(guest);
        Assert.Equal([true, true], new[] { patient.Ticket, clinician.Ticket }.Select(ticket => ticket?.Room?.Locked));
        Assert.IsType<JoinOutcome.Ok>(await world.GuestJoinsAsync());
    }

    [Fact]
    public async Task Hold_and_private_talk_are_in_the_tickets_until_they_end()
    {
        await using var world = await World.CreateAsync();
        await world.DecideAsync(ConsultationFactType.LetIn, world.Guest);

        await world.DecideAsync(ConsultationFactType.Held, world.Patient);
        var held = await world.PatientsRoomAsync();
        await world.DecideAsync(ConsultationFactType.Resumed, world.Patient);
        var resumed = await world.PatientsRoomAsync();
        await world.DecideAsync(ConsultationFactType.HuddleBegan, world.Guest);
        var outside = await world.PatientsRoomAsync();
        var inside = Assert.IsType<JoinOutcome.Ok>(await world.GuestJoinsAsync()).Ticket.Room;
        await world.DecideAsync(ConsultationFactType.HuddleEnded, null);

        Assert.Equal((true, null), (held?.Held, held?.Huddle));
        Assert.Null(resumed);
        Assert.Equal((false, false), (outside?.Held, outside?.Huddle));
        Assert.Equal((false, true), (inside?.Held, inside?.Huddle));
        Assert.Null(await world.PatientsRoomAsync());
    }

    [Fact]
    public async Task What_does_not_fit_decides_nothing()
    {
        await using var world = await World.CreateAsync();

        await world.DecideAsync(ConsultationFactType.Locked, world.Guest);
        await world.DecideAsync(ConsultationFactType.Removed, null);
        await world.DecideAsync(ConsultationFactType.LetIn, world.Patient);
        await world.DecideAsync(ConsultationFactType.Removed, world.Clinic.Practitioner.Id.Value);
        await world.DecideAsync(ConsultationFactType.Removed, Guid.NewGuid());

        Assert.Equal(5, await world.Clinic.ReadAsync(db => db.ReceivedEvents.CountAsync(row => !row.Applied, Cancel)));
        Assert.IsType<JoinOutcome.Ok>(await world.GuestJoinsAsync());
        Assert.Null(Assert.IsType<OpenOutcome.Ok>(await world.OpenAsync()).Ticket?.Room);
    }

    [Fact]
    public async Task The_order_in_which_facts_come_and_how_often_makes_no_difference()
    {
        await using var world = await World.CreateAsync();
        var facts = new List<ConsultationFact>();
        foreach (var (type, person) in new (ConsultationFactType, Guid?)[]
        {
            (ConsultationFactType.LetIn, world.Guest), (ConsultationFactType.Held, world.Patient), (ConsultationFactType.Removed, world.Guest), (ConsultationFactType.Locked, null),
            (ConsultationFactType.Readmitted, world.Guest), (ConsultationFactType.Resumed, world.Patient), (ConsultationFactType.Unlocked, null), (ConsultationFactType.Held, world.Patient),
        })
        {
            facts.Add(world.Fact(type, person));
            world.Clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await world.Clinic.ApplyAsync([.. Enumerable.Reverse(facts), .. facts]);

        Assert.Equal((true, false), ((await world.PatientsRoomAsync())?.Held, (await world.PatientsRoomAsync())?.Locked));
        Assert.False(Assert.IsType<JoinOutcome.Ok>(await world.GuestJoinsAsync()).Ticket.Admitted);
    }

    [Fact]
    public async Task The_timeline_says_what_was_decided_of_whom()
    {
        await using var world = await World.CreateAsync();
        await world.DecideAsync(ConsultationFactType.LetIn, world.Guest);
        world.Clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.DecideAsync(ConsultationFactType.Held, world.Patient);
        world.Clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.DecideAsync(ConsultationFactType.Locked, null);

        var timeline = await world.Clinic.AskAsync<EncounterTimelines, EncounterTimeline?>(timelines => timelines.OfAsync(world.Clinic.Staff, world.Call.Appointment.Id, Cancel));

        Assert.Equal(
            [(ConsultationFactType.LetIn, "Ana Costa (interpreter)"), (ConsultationFactType.Held, "Margaret Hughes"), (ConsultationFactType.Locked, null)],
            timeline?.Decisions.Select(decision => (decision.Type, decision.Name)));
    }

    private sealed class World(TestClinic clinic, TestCall call, Guest guest) : IAsyncDisposable
    {
        public TestClinic Clinic => clinic;

        public TestCall Call => call;

        public Guid Patient => call.Patient.Id.Value;

        public Guid Guest => guest.Id.Value;

        /// <summary>A call in which the patient was let in, and an interpreter who is invited to it.</summary>
        public static async Task<World> CreateAsync()
        {
            var clinic = await TestClinic.CreateAsync();
            var call = await TestCall.AdmittedAsync(clinic);
            var invited = Assert.IsType<InviteOutcome.Invited>(await clinic.AskAsync<GuestService, InviteOutcome>(guests =>
                guests.InviteAsync(clinic.Staff, call.Appointment.Id, new GuestRequest(GuestRole.Interpreter, "Ana Costa", null, null), Cancel)));
            return new World(clinic, call, await clinic.ReadAsync(db => db.Guests.AsNoTracking().SingleAsync(row => row.Id == invited.Guest, Cancel)));
        }

        public ConsultationFact Fact(ConsultationFactType type, Guid? person) => new(
            Guid.NewGuid(), type, call.Appointment.ScheduleId, call.Appointment.Id, person,
            person is null ? null : person == Guest ? ConsultationRole.Guest : person == clinic.Practitioner.Id.Value ? ConsultationRole.Clinician : ConsultationRole.Patient, clinic.Now);

        /// <summary>Each at a moment of its own.</summary>
        public async Task DecideAsync(ConsultationFactType type, Guid? person)
        {
            clinic.Clock.Advance(TimeSpan.FromSeconds(1));
            await clinic.ApplyAsync(Fact(type, person));
        }

        public Task<JoinOutcome> GuestJoinsAsync() => clinic.AskAsync<ConsultationService, JoinOutcome>(consultations => consultations.JoinAsync(Actor.For(guest), call.Appointment.Id, Cancel));

        public Task<OpenOutcome> OpenAsync() => clinic.AskAsync<ConsultationService, OpenOutcome>(consultations => consultations.OpenAsync(clinic.Clinician, call.Appointment.Id, Cancel));

        public async Task<TicketRoom?> PatientsRoomAsync() => Assert.IsType<JoinOutcome.Ok>(await clinic.JoinAsync(call.Appointment.Id, call.Patient)).Ticket.Room;

        public ValueTask DisposeAsync() => clinic.DisposeAsync();
    }
}
