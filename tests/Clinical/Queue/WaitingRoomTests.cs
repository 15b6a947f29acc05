using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Queue;
using Telemedicine.Clinical.Scheduling;
using PatientClaim = Telemedicine.Clinical.Queue.Claim;

namespace Telemedicine.Clinical.Tests.Queue;

public sealed class WaitingRoomTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_is_told_their_place_and_how_long_and_keeps_it_over_leaving_and_coming_back()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second) = await TwoWaitingAsync(clinic);

        var told = await ViewAsync(clinic, second);
        await clinic.ApplyAsync(first.Disconnected(ConsultationRole.Patient, clinic.Now.AddSeconds(31)));
        clinic.Clock.Advance(TimeSpan.FromMinutes(2));
        var meanwhile = await ViewAsync(clinic, second);
        await clinic.JoinAsync(first.Appointment.Id, first.Patient);
        await clinic.ApplyAsync(first.Waiting());
        var back = await ViewAsync(clinic, first);
        var after = await ViewAsync(clinic, second);

        Assert.Equal((BoardStatus.Waiting, 1), (told?.Status, told?.Forecast?.Before));
        Assert.True(told?.Forecast?.High > TimeSpan.FromMinutes(10), told?.Forecast?.ToString());
        // Whoever is away for a moment may still come: they keep their place.
        Assert.Equal(1, meanwhile?.Forecast?.Before);
        Assert.Equal(0, back?.Forecast?.Before);
        Assert.Equal(1, after?.Forecast?.Before);
        Assert.False(told?.ClinicianLate);
        clinic.Clock.SetUtcNow(first.Appointment.Start.AddMinutes(20));
        var late = await ViewAsync(clinic, first);
        Assert.True(late?.ClinicianLate);
        Assert.True(late?.Late >= TimeSpan.FromMinutes(20), late?.Late.ToString());
    }

    [Fact]
    public async Task The_forecast_moves_on_when_the_one_before_is_seen()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second) = await TwoWaitingAsync(clinic);

        clinic.Clock.SetUtcNow(first.Appointment.Start);
        await clinic.ApplyAsync(first.Admitted());
        var inCall = await ViewAsync(clinic, second);
        clinic.Clock.Advance(TimeSpan.FromMinutes(12));
        Assert.IsType<FinishOutcome.Finished>(await first.FinishAsync());
        clinic.Clock.SetUtcNow(second.Appointment.Start);
        var free = await ViewAsync(clinic, second);
        await clinic.ApplyAsync(second.Admitted());
        var seen = await ViewAsync(clinic, second);

        Assert.Equal((0, false), (inCall?.Forecast?.Before, inCall?.ClinicianLate));
        Assert.True(free?.Forecast?.High < inCall?.Forecast?.High);
        Assert.Equal((BoardStatus.InCall, null), (seen?.Status, seen?.Forecast));
    }

    [Fact]
    public async Task Nobody_else_looks_into_the_waiting_room_or_asks_for_help_there()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, _) = await TwoWaitingAsync(clinic);
        var stranger = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var mayJoin = await clinic.AddCarerAsync(first.Patient, CarerRights.JoinConsultations);
        var mayLook = await clinic.AddCarerAsync(await clinic.AddPatientAsync("Sofia", "Almeida"), CarerRights.JoinConsultations);
        var onlySees = Actor.For(stranger) with { Role = ActorRole.Carer, ActsFor = first.Patient.Id, Rights = CarerRights.SeeAppointments };

        foreach (var actor in new[] { Actor.For(stranger), mayLook, onlySees, clinic.Staff, clinic.Clinician })
            Assert.Null(await ViewAsync(clinic, first, actor));
        Assert.NotNull(await ViewAsync(clinic, first, mayJoin));
        foreach (var actor in new[] { Actor.For(stranger), mayLook, clinic.Staff, clinic.Clinician })
            Assert.IsType<AskOutcome.NotFound>(await AskAsync(clinic, first, actor));
        Assert.Equal(new AskOutcome.Asked(first.Appointment.ScheduleId), await AskAsync(clinic, first, mayJoin));
    }

    [Fact]
    public async Task Asking_for_help_stands_on_the_board_until_somebody_has_seen_it_and_tells_who()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second) = await TwoWaitingAsync(clinic);
        var asked = clinic.Now;

        Assert.IsType<AskOutcome.Asked>(await AskAsync(clinic, second));
        Assert.IsType<AskOutcome.Asked>(await AskAsync(clinic, second));
        var board = await BoardAsync(clinic);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var seen = await SeeAsync(clinic, second, clinic.Staff);
        var again = await SeeAsync(clinic, second, clinic.Clinician);
        var told = await ViewAsync(clinic, second);
        await AskAsync(clinic, second);
        var anew = await ViewAsync(clinic, second);

        Assert.Equal(asked, board.Rows.Single(row => row.Appointment == second.Appointment.Id).Help?.AskedAt);
        Assert.Equal(new NextPatient(second.Appointment.Id, NextReason.AskedForHelp), board.Next);
        Assert.IsType<SeeOutcome.Seen>(seen);
        Assert.Equal(new SeeOutcome.SeenBefore("Helen Brooks", asked.AddMinutes(1)), again);
        Assert.Equal(new HelpView(asked, asked.AddMinutes(1), "Helen Brooks"), told?.Help);
        Assert.Null(anew?.Help?.SeenAt);
        Assert.Null((await BoardAsync(clinic)).Rows.Single(row => row.Appointment == first.Appointment.Id).Help);
        Assert.Equal(2, await clinic.ReadAsync(db => db.HelpRequests.CountAsync(Cancel)));
    }

    [Fact]
    public async Task Help_is_asked_for_from_the_waiting_room_only()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var call = new TestCall(clinic, appointment, patient);

        var before = await AskAsync(clinic, call);
        await clinic.JoinAsync(appointment.Id, patient);
        await clinic.ApplyAsync(call.Waiting(), call.Admitted());
        var inCall = await AskAsync(clinic, call);

        Assert.Equal(new AskOutcome.NotWaiting(BoardStatus.Booked), before);
        Assert.Equal(new AskOutcome.NotWaiting(BoardStatus.InCall), inCall);
    }

    [Fact]
    public async Task Messages_reach_one_patient_or_all_who_wait_and_stay_with_the_appointment()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second) = await TwoWaitingAsync(clinic);

        var one = await SendAsync(clinic, clinic.Staff, first.Appointment.Id, "  Please have your\r\nmedicines ready.  ");
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var all = await SendAsync(clinic, clinic.Clinician, null, "I am running late. Sorry.");

        Assert.Equal(new SendOutcome.Sent(first.Appointment.ScheduleId, 1), one);
        Assert.Equal(new SendOutcome.Sent(first.Appointment.ScheduleId, 2), all);
        Assert.Equal([("Dr Amara Okafor", "I am running late. Sorry."), ("Riverside Health Centre", "Please have your\nmedicines ready.")], (await ViewAsync(clinic, first))?.Messages.Select(sent => (sent.From, sent.Text)));
        Assert.Equal(["I am running late. Sorry."], (await ViewAsync(clinic, second))?.Messages.Select(sent => sent.Text));
        // The audit says that something was said, and by whom, not what.
        var audit = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Action == "waiting.message").ToListAsync(Cancel));
        Assert.Equal(3, audit.Count);
        Assert.DoesNotContain(audit, row => row.After?.Contains("medicines", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Messages_that_nobody_would_see_or_that_say_nothing_are_refused()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, _) = await TwoWaitingAsync(clinic);
        var other = Actor.For(await clinic.AddClinicianAsync());

        Assert.IsType<SendOutcome.Empty>(await SendAsync(clinic, clinic.Staff, null, "  \n "));
        Assert.IsType<SendOutcome.NotPossible>(await SendAsync(clinic, clinic.Staff, null, new string('x', Communication.MaxLength + 1)));
        Assert.IsType<SendOutcome.NotPossible>(await SendAsync(clinic, clinic.Staff, null, "Bell \a"));
        Assert.IsType<SendOutcome.NotFound>(await SendAsync(clinic, other, null, "Hello", first.Appointment.ScheduleId));
        Assert.IsType<SendOutcome.NotFound>(await SendAsync(clinic, other, first.Appointment.Id, "Hello", first.Appointment.ScheduleId));
        await Assert.ThrowsAsync<NotAllowedException>(() => SendAsync(clinic, Actor.For(first.Patient), null, "Hello", first.Appointment.ScheduleId));
        await clinic.ApplyAsync(first.Admitted());
        Assert.IsType<SendOutcome.NobodyWaits>(await SendAsync(clinic, clinic.Staff, first.Appointment.Id, "Hello"));
        Assert.Equal(0, await clinic.ReadAsync(db => db.Communications.CountAsync(Cancel)));
    }

    [Fact]
    public async Task One_patient_gets_so_many_messages_and_no_more()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second) = await TwoWaitingAsync(clinic);
        await clinic.WriteAsync(db => db.Communications.AddRange(Enumerable.Range(0, Communication.MaxOfAppointment).Select(number => new Communication
        {
            Id = Guid.NewGuid(),
            PracticeId = clinic.Practice.Id,
            AppointmentId = first.Appointment.Id,
            Text = $"{number}",
            SentAt = clinic.Now,
            SenderRole = ActorRole.Staff,
            SenderId = clinic.Staff.PersonId,
            SenderName = "Riverside Health Centre",
        })));

        Assert.IsType<SendOutcome.TooMany>(await SendAsync(clinic, clinic.Staff, first.Appointment.Id, "One more"));
        Assert.Equal(new SendOutcome.Sent(second.Appointment.ScheduleId, 1), await SendAsync(clinic, clinic.Staff, null, "To the others"));
    }

    [Fact]
    public async Task Two_people_do_not_call_the_same_patient_and_a_claim_ends_by_itself()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, _) = await TwoWaitingAsync(clinic);
        Task<ClaimOutcome> Claim(Actor actor) => clinic.AskAsync<ClinicDesk, ClaimOutcome>(desk => desk.ClaimAsync(actor, first.Appointment.Id, Cancel));

        var mine = await Claim(clinic.Staff);
        var theirs = await Claim(clinic.Clinician);
        var board = await BoardAsync(clinic);
        clinic.Clock.Advance(PatientClaim.Life);
        var free = await BoardAsync(clinic);
        var later = await Claim(clinic.Clinician);
        await clinic.AskAsync<ClinicDesk, ClaimOutcome>(desk => desk.ReleaseAsync(clinic.Staff, first.Appointment.Id, Cancel));
        var stillTheirs = (await BoardAsync(clinic)).Rows[0].Claim;
        await clinic.AskAsync<ClinicDesk, ClaimOutcome>(desk => desk.ReleaseAsync(clinic.Clinician, first.Appointment.Id, Cancel));

        Assert.IsType<ClaimOutcome.Claimed>(mine);
        Assert.Equal("Helen Brooks", Assert.IsType<ClaimOutcome.ClaimedBy>(theirs).Name);
        Assert.Equal(("Helen Brooks", true), (board.Rows[0].Claim?.Name, board.Rows[0].Claim?.IsOwn));
        Assert.Null(free.Rows[0].Claim);
        Assert.IsType<ClaimOutcome.Claimed>(later);
        Assert.Equal("Dr Amara Okafor", stillTheirs?.Name);
        Assert.Null((await BoardAsync(clinic)).Rows[0].Claim);
    }

    [Fact]
    public async Task Acting_on_what_has_changed_tells_who_did_what()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, _) = await TwoWaitingAsync(clinic);
        var stranger = Actor.For(await clinic.AddClinicianAsync());
        clinic.Clock.SetUtcNow(first.Appointment.Start);
        Assert.IsType<CancelOutcome.Cancelled>(await clinic.CancelAsync(first.Appointment.Id, clinic.Staff, "Phoned: feels better"));

        var late = await clinic.AskAsync<ClinicDesk, ClaimOutcome>(desk => desk.ClaimAsync(clinic.Clinician, first.Appointment.Id, Cancel));
        var foreign = await clinic.AskAsync<ClinicDesk, ClaimOutcome>(desk => desk.ClaimAsync(stranger, first.Appointment.Id, Cancel));

        Assert.Equal(new ClaimOutcome.Over(new LastAct("Helen Brooks", "appointment.cancel", first.Appointment.Start)), late);
        Assert.IsType<ClaimOutcome.NotFound>(foreign);
        Assert.Null(await clinic.AskAsync<ClinicDesk, LastAct?>(desk => desk.LastActAsync(stranger, first.Appointment.Id, Cancel)));
        Assert.IsType<SeeOutcome.NotFound>(await SeeAsync(clinic, first, stranger));
    }

    /// <summary>Two patients in the waiting room of one clinic, which begins in ten minutes.</summary>
    private static async Task<(TestCall First, TestCall Second)> TwoWaitingAsync(TestClinic clinic)
    {
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddMinutes(10));
        var calls = new List<TestCall>();
        foreach (var (slot, given) in slots.Take(2).Zip(["Margaret", "Ines"]))
        {
            var patient = await clinic.AddPatientAsync(given, given == "Margaret" ? "Hughes" : "Costa");
            var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slot, patient));
            var call = new TestCall(clinic, await clinic.AppointmentAsync(booked.Appointment), patient);
            await clinic.JoinAsync(booked.Appointment, patient);
            await clinic.ApplyAsync(call.Waiting());
            calls.Add(call);
        }
        return (calls[0], calls[1]);
    }

    private static Task<QueueView?> ViewAsync(TestClinic clinic, TestCall call, Actor? actor = null) =>
        clinic.AskAsync<WaitingRoom, QueueView?>(room => room.ViewAsync(actor ?? Actor.For(call.Patient), call.Appointment.Id, Cancel));

    private static Task<AskOutcome> AskAsync(TestClinic clinic, TestCall call, Actor? actor = null) =>
        clinic.AskAsync<WaitingRoom, AskOutcome>(room => room.AskForHelpAsync(actor ?? Actor.For(call.Patient), call.Appointment.Id, Cancel));

    private static Task<SeeOutcome> SeeAsync(TestClinic clinic, TestCall call, Actor actor) =>
        clinic.AskAsync<ClinicDesk, SeeOutcome>(desk => desk.SeeHelpAsync(actor, call.Appointment.Id, Cancel));

    private static async Task<SendOutcome> SendAsync(TestClinic clinic, Actor actor, AppointmentId? to, string text, ScheduleId? schedule = null)
    {
        schedule ??= await clinic.ReadAsync(db => db.Schedules.Select(row => row.Id).SingleAsync(Cancel));
        return await clinic.AskAsync<ClinicDesk, SendOutcome>(desk => desk.SendAsync(actor, schedule.Value, to, text, Cancel));
    }

    private static async Task<ClinicBoard> BoardAsync(TestClinic clinic)
    {
        var schedule = await clinic.ReadAsync(db => db.Schedules.Select(row => row.Id).SingleAsync(Cancel));
        return await clinic.AskAsync<ClinicService, ClinicBoard?>(service => service.BoardAsync(clinic.Staff, schedule, Cancel)) ?? throw new InvalidOperationException("No board.");
    }
}
