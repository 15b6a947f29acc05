using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

/// <summary>Who is invited to one consultation, how they prove who they are, and when a link is over.</summary>
public sealed class GuestTests
{
    private static readonly GuestAnswer Birthday = new(new DateOnly(1941, 3, 14), null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_patient_without_an_account_joins_by_the_link_and_is_the_patient()
    {
        await using var world = await World.CreateAsync();
        var code = await world.PatientLinkAsync();

        var seen = Assert.IsType<GuestLinkView.Open>(await world.FindAsync(code));
        var confirmed = Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(code, Birthday));
        var guest = await world.SeatAsync(confirmed);
        var joined = Assert.IsType<JoinOutcome.Ok>(await world.JoinAsync(guest));

        Assert.Equal((GuestRole.Patient, null), (seen.Role, seen.MovedFrom));
        Assert.Null(confirmed.Former);
        Assert.Equal((world.Patient.Id.Value, ConsultationRole.Patient, "Margaret Hughes"), (joined.Ticket.Participant, joined.Ticket.Role, joined.Ticket.DisplayName));
        Assert.True(joined.FirstTime);
        Assert.Equal(AppointmentStatus.Arrived, (await world.Clinic.AppointmentAsync(world.Appointment)).Status);
    }

    [Fact]
    public async Task An_interpreter_joins_under_their_own_name_and_the_patient_has_not_arrived_for_that()
    {
        await using var world = await World.CreateAsync();
        var (code, secret) = await world.InterpreterAsync();

        var guest = await world.SeatAsync(Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(code, new GuestAnswer(null, secret))));
        var joined = Assert.IsType<JoinOutcome.Ok>(await world.JoinAsync(guest));

        Assert.Equal((guest.Id.Value, ConsultationRole.Guest, "Ana Costa (interpreter)", false), (joined.Ticket.Participant, joined.Ticket.Role, joined.Ticket.DisplayName, joined.FirstTime));
        Assert.Equal(AppointmentStatus.Booked, (await world.Clinic.AppointmentAsync(world.Appointment)).Status);
        Assert.Contains(await world.Clinic.ReadAsync(db => db.AuditEvents.ToListAsync(Cancel)), row => row is { Action: "consultation.join", ActorRole: ActorRole.Guest } && row.ActorId == guest.Id.Value);
    }

    [Fact]
    public async Task Of_a_link_only_the_hash_is_kept_and_looking_changes_nothing()
    {
        await using var world = await World.CreateAsync();
        var code = await world.PatientLinkAsync();
        var before = await world.EverythingAsync();

        for (var look = 0; look < 20; look++)
            Assert.IsType<GuestLinkView.Open>(await world.FindAsync(code));

        Assert.Equal(before, await world.EverythingAsync());
        Assert.DoesNotContain(code, before, StringComparison.Ordinal);
        Assert.Equal(64, code.Length);
        Assert.Null(await world.FindAsync(code[..^1] + (code[^1] == '0' ? '1' : '0')));
    }

    [Fact]
    public async Task After_five_wrong_answers_the_link_rests_and_after_fifteen_only_a_new_one_helps()
    {
        await using var world = await World.CreateAsync();
        var code = await world.PatientLinkAsync();
        var wrong = new GuestAnswer(new DateOnly(1941, 3, 15), null);
        for (var round = 1; round <= 3; round++)
        {
            for (var left = 4; left >= 1; left--)
                Assert.Equal(left, Assert.IsType<ConfirmOutcome.Wrong>(await world.ConfirmAsync(code, wrong)).Left);
            var rests = Assert.IsType<GuestLinkView.Resting>(Assert.IsType<ConfirmOutcome.Refused>(await world.ConfirmAsync(code, wrong)).Why);
            Assert.Equal(round == 3, rests.Until is null);
            // The right answer is not looked at either: it would tell that it is right.
            Assert.IsType<ConfirmOutcome.Refused>(await world.ConfirmAsync(code, Birthday));
            world.Clinic.Clock.Advance(Guest.Rest);
        }
        Assert.IsType<ConfirmOutcome.Refused>(await world.ConfirmAsync(code, Birthday));

        var another = await world.PatientLinkAsync();

        Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(another, Birthday));
    }

    [Fact]
    public async Task A_second_browser_takes_the_place_only_if_it_says_so_and_the_first_loses_it_then()
    {
        await using var world = await World.CreateAsync();
        var code = await world.PatientLinkAsync();
        var first = Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(code, Birthday));

        var told = await world.ConfirmAsync(code, Birthday);
        Assert.NotNull(await world.FindSeatAsync(first));
        var second = Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(code, Birthday, takeOver: true));

        Assert.Equal(world.Clinic.Now, Assert.IsType<ConfirmOutcome.Taken>(told).Since);
        Assert.Equal(first.Seat, second.Former);
        Assert.Null(await world.FindSeatAsync(first));
        Assert.NotNull(await world.FindSeatAsync(second));
    }

    [Fact]
    public async Task Who_does_not_know_the_answer_does_not_learn_that_somebody_is_there()
    {
        await using var world = await World.CreateAsync();
        var code = await world.PatientLinkAsync();
        await world.ConfirmAsync(code, Birthday);

        Assert.IsType<ConfirmOutcome.Wrong>(await world.ConfirmAsync(code, new GuestAnswer(new DateOnly(2000, 1, 1), null), takeOver: true));
    }

    [Fact]
    public async Task A_guest_who_is_not_wanted_any_more_has_no_seat_and_no_way_in()
    {
        await using var world = await World.CreateAsync();
        var (code, secret) = await world.InterpreterAsync();
        var confirmed = Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(code, new GuestAnswer(null, secret)));
        var guest = await world.SeatAsync(confirmed);

        var revoked = await world.AskAsync(guests => guests.RevokeAsync(Actor.For(world.Patient), world.Appointment, guest.Id, Cancel));

        Assert.Equal(("Ana Costa", (Guid?)confirmed.Seat), (revoked?.Name, revoked?.Seat));
        Assert.Null(await world.FindSeatAsync(confirmed));
        Assert.Equal(LinkOver.Revoked, Assert.IsType<GuestLinkView.Over>(await world.FindAsync(code)).Why);
        Assert.IsType<JoinOutcome.NotFound>(await world.JoinAsync(guest));
        Assert.Null(await world.AskAsync(guests => guests.LinkAsync(world.Clinic.Staff, world.Appointment, guest.Id, Cancel)));
    }

    [Fact]
    public async Task A_link_is_over_when_the_appointment_is_and_says_when_it_moved()
    {
        await using var world = await World.CreateAsync();
        var code = await world.PatientLinkAsync();
        var confirmed = Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(code, Birthday));
        var start = (await world.Clinic.AppointmentAsync(world.Appointment)).Start;
        var later = (await world.Clinic.AddSlotsAsync(world.Clinic.Now.AddDays(1)))[0];

        await world.Clinic.MoveAsync(world.Appointment, later, world.Clinic.Staff);
        Assert.Equal((later.Start, start), Assert.IsType<GuestLinkView.Open>(await world.FindAsync(code)) is var open ? (open.Start, open.MovedFrom) : default);
        Assert.NotNull(Assert.IsType<GuestAtConsultation>(await world.FindSeatAsync(confirmed)).JoinsFrom);
        await world.Clinic.CancelAsync(world.Appointment, world.Clinic.Staff);

        Assert.Equal(LinkOver.Cancelled, Assert.IsType<GuestLinkView.Over>(await world.FindAsync(code)).Why);
        Assert.Null(await world.FindSeatAsync(confirmed));
        Assert.IsType<InviteOutcome.Closed>(await world.InviteAsync(world.Clinic.Staff, new GuestRequest(GuestRole.Interpreter, "Ana Costa", null, null)));
    }

    [Fact]
    public async Task Four_hours_after_the_start_the_link_has_ended()
    {
        await using var world = await World.CreateAsync();
        var code = await world.PatientLinkAsync();
        var confirmed = Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(code, Birthday));

        world.Clinic.Clock.Advance(TimeSpan.FromHours(5));

        Assert.Equal(LinkOver.Closed, Assert.IsType<GuestLinkView.Over>(await world.FindAsync(code)).Why);
        Assert.Null(await world.FindSeatAsync(confirmed));
    }

    [Fact]
    public async Task Only_the_patient_their_practice_and_its_clinician_invite_and_a_patient_only_family_and_interpreters()
    {
        await using var world = await World.CreateAsync();
        await using var neighbour = await world.Clinic.NeighbourAsync();
        var request = new GuestRequest(GuestRole.Family, "Grace Hughes", null, null);
        var stranger = Actor.For(await world.Clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var colleague = Actor.For(await world.Clinic.AddClinicianAsync());

        foreach (var actor in new[] { stranger, colleague, neighbour.Staff, neighbour.Clinician })
        {
            Assert.IsType<InviteOutcome.NotFound>(await world.InviteAsync(actor, request));
            Assert.Null(await world.AskAsync(guests => guests.OfAppointmentAsync(actor, world.Appointment, Cancel)));
        }
        foreach (var role in new[] { GuestRole.Student, GuestRole.Colleague, GuestRole.Patient })
            Assert.IsType<InviteOutcome.WrongRole>(await world.InviteAsync(Actor.For(world.Patient), request with { Role = role }));
        foreach (var actor in new[] { Actor.For(world.Patient), world.Clinic.Clinician, world.Clinic.Staff })
            Assert.IsType<InviteOutcome.Invited>(await world.InviteAsync(actor, request));
        var list = await world.AskAsync(guests => guests.OfAppointmentAsync(world.Clinic.Clinician, world.Appointment, Cancel));
        Assert.Equal(3, list?.Guests.Count);
        foreach (var actor in new[] { stranger, colleague, neighbour.Staff })
        {
            Assert.Null(await world.AskAsync(guests => guests.RevokeAsync(actor, world.Appointment, list?.Guests[0].Id ?? default, Cancel)));
            Assert.Null(await world.AskAsync(guests => guests.LinkAsync(actor, world.Appointment, list?.Guests[0].Id ?? default, Cancel)));
        }
    }

    [Fact]
    public async Task What_is_typed_wrong_is_said_and_there_is_an_end_to_guests()
    {
        await using var world = await World.CreateAsync();
        var request = new GuestRequest(GuestRole.Family, "Grace Hughes", null, null);

        Assert.IsType<InviteOutcome.NameMissing>(await world.InviteAsync(world.Clinic.Staff, request with { Name = "  " }));
        Assert.IsType<InviteOutcome.NameMissing>(await world.InviteAsync(world.Clinic.Staff, request with { Name = new string('a', 101) }));
        Assert.IsType<InviteOutcome.WrongEmail>(await world.InviteAsync(world.Clinic.Staff, request with { Email = "grace at home" }));
        Assert.IsType<InviteOutcome.WrongPhone>(await world.InviteAsync(world.Clinic.Staff, request with { Phone = new string('7', 31) }));
        for (var guest = 0; guest < GuestService.MostAtOnce; guest++)
            Assert.IsType<InviteOutcome.Invited>(await world.InviteAsync(world.Clinic.Staff, request));
        Assert.IsType<InviteOutcome.TooMany>(await world.InviteAsync(world.Clinic.Staff, request));
    }

    [Fact]
    public async Task A_message_of_a_video_appointment_carries_a_link_and_one_by_telephone_does_not()
    {
        await using var world = await World.CreateAsync();
        var topic = Assert.IsType<MessageTopic>(await world.Clinic.AskAsync<MessageQueries, MessageTopic?>(queries => queries.TopicAsync(world.Clinic.Staff, world.Appointment, null, Cancel)));

        var path = await world.AskAsync(guests => guests.LinkForMessageAsync(world.Clinic.Practice.Id, MessageKind.Booked, topic, Cancel));
        var spoken = await world.AskAsync(guests => guests.LinkForMessageAsync(
            world.Clinic.Practice.Id, MessageKind.Booked, topic with { Facts = topic.Facts with { Channel = Scheduling.DeliveryChannel.Telephone } }, Cancel));
        var cancelled = await world.AskAsync(guests => guests.LinkForMessageAsync(world.Clinic.Practice.Id, MessageKind.Cancelled, topic, Cancel));

        Assert.IsType<ConfirmOutcome.Confirmed>(await world.ConfirmAsync(path?.Split('/')[^1] ?? "", Birthday));
        Assert.Null(spoken);
        Assert.Null(cancelled);
    }

    private sealed class World(TestClinic clinic, Patient patient, AppointmentId appointment) : IAsyncDisposable
    {
        public TestClinic Clinic => clinic;

        public Patient Patient => patient;

        public AppointmentId Appointment => appointment;

        public static async Task<World> CreateAsync()
        {
            var clinic = await TestClinic.CreateAsync();
            var patient = await clinic.AddPatientAsync();
            var (appointment, _) = await clinic.BookedAsync(patient: patient);
            clinic.Clock.Advance(appointment.Start - TimeSpan.FromMinutes(10) - clinic.Now);
            return new World(clinic, patient, appointment.Id);
        }

        public Task<T> AskAsync<T>(Func<GuestService, Task<T>> question) => clinic.AskAsync(question);

        public Task<InviteOutcome> InviteAsync(Actor actor, GuestRequest request) => AskAsync(guests => guests.InviteAsync(actor, appointment, request, Cancel));

        public async Task<string> PatientLinkAsync()
        {
            var invited = Assert.IsType<InviteOutcome.Invited>(await InviteAsync(clinic.Staff, new GuestRequest(GuestRole.Patient, "", null, null)));
            return await CodeAsync(invited.Guest);
        }

        public async Task<(string Code, string? Secret)> InterpreterAsync()
        {
            var invited = Assert.IsType<InviteOutcome.Invited>(await InviteAsync(Actor.For(patient), new GuestRequest(GuestRole.Interpreter, " Ana Costa ", "ana@example.com", null)));
            return (await CodeAsync(invited.Guest), invited.Code);
        }

        public Task<GuestLinkView?> FindAsync(string code) => AskAsync(guests => guests.FindLinkAsync(code, Cancel));

        public Task<ConfirmOutcome> ConfirmAsync(string code, GuestAnswer answer, bool takeOver = false) => AskAsync(guests => guests.ConfirmAsync(code, answer, takeOver, Cancel));

        public Task<GuestAtConsultation?> FindSeatAsync(ConfirmOutcome.Confirmed confirmed) => AskAsync(guests => guests.FindSeatAsync(confirmed.Guest, confirmed.Seat, Cancel));

        public async Task<GuestAtConsultation> SeatAsync(ConfirmOutcome.Confirmed confirmed) => Assert.IsType<GuestAtConsultation>(await FindSeatAsync(confirmed));

        public Task<JoinOutcome> JoinAsync(GuestAtConsultation guest) => clinic.AskAsync<ConsultationService, JoinOutcome>(consultations => consultations.JoinAsync(guest.Actor, guest.Appointment, Cancel));

        /// <summary>Every guest, link and audit event as text.</summary>
        public Task<string> EverythingAsync() => clinic.ReadAsync(async db => string.Join('\n',
            (await db.Guests.ToListAsync(Cancel)).Select(row => $"{row.Id} {row.WrongAnswers} {row.Seat} {row.Version}")
                .Concat((await db.GuestLinks.ToListAsync(Cancel)).Select(row => row.CodeHash))
                .Concat((await db.Messages.ToListAsync(Cancel)).Select(row => $"{row.Body} {row.Facts}"))
                .Concat((await db.AuditEvents.ToListAsync(Cancel)).Select(row => $"{row.Action} {row.After}"))));

        public ValueTask DisposeAsync() => clinic.DisposeAsync();

        private async Task<string> CodeAsync(GuestId guest) => (await AskAsync(guests => guests.LinkAsync(clinic.Staff, appointment, guest, Cancel)))?.Split('/')[^1] ?? "";
    }
}
