using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using static Telemedicine.Clinical.DeviceChecks.CheckOutcome;

namespace Telemedicine.Clinical.Tests;

public sealed class DeviceCheckTests
{
    private static readonly CheckFigures Fine = new(CheckRoute.Udp, 0, 0.001, 5, 1_400_000, 1_300_000, 30);

    private static readonly CheckResult Ready = new(Good, Good, Good, Good, Good, BrowserFamily.Chrome, DeviceKind.AndroidPhone, Fine, 140);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, CheckScore> Scores => new()
    {
        { "everything works", CheckScore.Ready },
        { "unsupported browser", CheckScore.NotWorking },
        { "insecure page", CheckScore.NotWorking },
        { "in an app", CheckScore.Limited },
        { "old browser", CheckScore.Limited },
        { "camera denied", CheckScore.Limited },
        { "camera dark", CheckScore.Limited },
        { "camera frozen", CheckScore.Limited },
        { "camera left out", CheckScore.Limited },
        { "microphone denied", CheckScore.NotWorking },
        { "microphone in use", CheckScore.NotWorking },
        { "microphone silent", CheckScore.NotWorking },
        { "notes not heard", CheckScore.NotWorking },
        { "no sound by choice", CheckScore.Ready },
        { "neither sound nor picture", CheckScore.NotWorking },
        { "network blocked", CheckScore.NotWorking },
        { "network failed", CheckScore.NotWorking },
        { "service busy", CheckScore.Limited },
        { "network left out", CheckScore.Limited },
    };

    [Theory]
    [MemberData(nameof(Scores))]
    public void A_score_follows_from_the_parts(string what, CheckScore score)
    {
        var result = what switch
        {
            "unsupported browser" => Ready with { Browser = Unsupported },
            "insecure page" => Ready with { Browser = Insecure },
            "in an app" => Ready with { Browser = InApp },
            "old browser" => Ready with { Browser = TooOld },
            "camera denied" => Ready with { Camera = Denied },
            "camera dark" => Ready with { Camera = Black },
            "camera frozen" => Ready with { Camera = Frozen },
            "camera left out" => Ready with { Camera = Skipped },
            "microphone denied" => Ready with { Microphone = Denied },
            "microphone in use" => Ready with { Microphone = InUse },
            "microphone silent" => Ready with { Microphone = Silent },
            "notes not heard" => Ready with { Speaker = NotHeard },
            "no sound by choice" => Ready with { Microphone = Skipped, Speaker = Skipped },
            "neither sound nor picture" => Ready with { Camera = Denied, Microphone = Skipped, Speaker = Skipped },
            "network blocked" => Ready with { Network = Blocked, Figures = null },
            "network failed" => Ready with { Network = Failed, Figures = null },
            "service busy" => Ready with { Network = Busy, Figures = null },
            "network left out" => Ready with { Network = Skipped, Figures = null },
            _ => Ready,
        };

        Assert.True(CheckRules.IsSound(result));
        Assert.Equal(score, CheckRules.ScoreOf(result));
        Assert.Equal(score == CheckScore.Ready, CheckRules.ProblemsOf(result).Count == 0);
    }

    [Theory]
    [InlineData(300, 0.03, 50, 300_000, NetworkLevel.Good)]
    [InlineData(301, 0.0, 5, 1_000_000, NetworkLevel.Poor)]
    [InlineData(30, 0.031, 5, 1_000_000, NetworkLevel.Poor)]
    [InlineData(30, 0.0, 51, 1_000_000, NetworkLevel.Poor)]
    [InlineData(30, 0.0, 5, 299_999, NetworkLevel.Poor)]
    [InlineData(1_501, 0.0, 5, 1_000_000, NetworkLevel.Unusable)]
    [InlineData(30, 0.21, 5, 1_000_000, NetworkLevel.Unusable)]
    [InlineData(30, 0.0, 5, 49_999, NetworkLevel.Unusable)]
    public void A_network_is_as_good_as_its_worse_way(int roundTrip, double loss, int jitter, int bitrate, NetworkLevel level)
    {
        Assert.Equal(level, CheckRules.LevelOf(new(CheckRoute.Udp, loss, 0, jitter, bitrate, 2_000_000, roundTrip)));
        Assert.Equal(level, CheckRules.LevelOf(new(CheckRoute.Tcp, 0, loss, jitter, 2_000_000, bitrate, roundTrip)));
    }

    [Fact]
    public void What_no_page_can_have_found_is_unsound()
    {
        CheckResult[] unsound =
        [
            Ready with { Browser = Denied },
            Ready with { Camera = Silent },
            Ready with { Microphone = Black },
            Ready with { Speaker = InUse },
            Ready with { Network = NotFound, Figures = null },
            Ready with { Camera = (CheckOutcome)99 },
            Ready with { Figures = null },
            Ready with { Network = Blocked },
            Ready with { BrowserFamily = (BrowserFamily)99 },
            Ready with { DeviceKind = (DeviceKind)(-1) },
            Ready with { BrowserVersion = 0 },
            Ready with { BrowserVersion = 10_000 },
            .. new CheckFigures[]
            {
                Fine with { Route = (CheckRoute)9 }, Fine with { RoundTripMs = -1 }, Fine with { RoundTripMs = CheckRules.MaxRoundTripMs + 1 }, Fine with { LossUp = 1.01 }, Fine with { LossDown = -0.1 },
                Fine with { LossUp = double.NaN }, Fine with { JitterMs = -1 }, Fine with { JitterMs = CheckRules.MaxJitterMs + 1 }, Fine with { UpBitrate = -1 }, Fine with { DownBitrate = CheckRules.MaxBitrate + 1 },
            }.Select(figures => Ready with { Figures = figures }),
        ];

        Assert.All(unsound, result => Assert.False(CheckRules.IsSound(result), result.ToString()));
        Assert.True(CheckRules.IsSound(Ready with { BrowserVersion = null, Figures = Fine with { RoundTripMs = null } }));
    }

    [Fact]
    public async Task A_check_is_kept_with_its_score_and_audited_and_the_latest_is_shown()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromDays(5));

        Assert.Equal(SaveCheckOutcome.Saved, await SaveAsync(clinic, Actor.For(patient), appointment.Id, Ready with { Camera = Denied }));
        clinic.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(SaveCheckOutcome.Saved, await SaveAsync(clinic, Actor.For(patient), appointment.Id, Ready));

        var found = await FindAsync(clinic, Actor.For(patient), appointment.Id);
        Assert.Equal((CheckScore.Ready, Ready, false), (found?.Latest?.Score, found?.Latest?.Result, found?.Latest?.ByCarer));
        Assert.Equal(TimeSpan.FromHours(1), found?.Latest?.At.Offset);
        Assert.Equal((appointment.ScheduleId, patient.Id.Value), (found?.Clinic, found?.Person));
        var audit = await clinic.ReadAsync(db => db.AuditEvents.AsNoTracking().Where(row => row.Action == "device-check.save").ToListAsync(Cancel));
        Assert.Equal([nameof(DeviceCheck), nameof(DeviceCheck)], audit.Select(row => row.Entity));
        Assert.All(audit, row => Assert.Equal((ActorRole.Patient, patient.Id.Value), (row.ActorRole, row.ActorId)));
    }

    [Fact]
    public async Task Only_who_joins_with_the_device_checks_it_and_only_while_there_is_a_video_appointment()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(3));
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var joins = await clinic.AddCarerAsync(patient, CarerRights.JoinConsultations);
        var sees = await clinic.AddCarerAsync(patient, CarerRights.SeeAppointments | CarerRights.ChangeAppointments);
        var elsewhere = await clinic.AddCarerAsync(other, CarerRights.JoinConsultations);

        foreach (var actor in new[] { Actor.For(other), sees, elsewhere, clinic.Staff, clinic.Administrator, clinic.Clinician })
        {
            Assert.Null(await FindAsync(clinic, actor, appointment.Id));
            Assert.Equal(SaveCheckOutcome.NotFound, await SaveAsync(clinic, actor, appointment.Id, Ready));
        }
        Assert.Equal(SaveCheckOutcome.Saved, await SaveAsync(clinic, joins, appointment.Id, Ready));
        Assert.True((await FindAsync(clinic, Actor.For(patient), appointment.Id))?.Latest?.ByCarer);
        Assert.Equal(SaveCheckOutcome.Unsound, await SaveAsync(clinic, Actor.For(patient), appointment.Id, Ready with { Browser = Silent }));
        Assert.Equal(SaveCheckOutcome.NotFound, await SaveAsync(clinic, Actor.For(patient), AppointmentId.New(), Ready));

        await clinic.AskAsync<BookingService, SwitchOutcome>(booking => booking.SwitchChannelAsync(Actor.For(patient), appointment.Id, DeliveryChannel.Telephone, Cancel));
        Assert.Null(await FindAsync(clinic, Actor.For(patient), appointment.Id));
        await clinic.AskAsync<BookingService, SwitchOutcome>(booking => booking.SwitchChannelAsync(Actor.For(patient), appointment.Id, DeliveryChannel.Video, Cancel));
        Assert.NotNull(await FindAsync(clinic, Actor.For(patient), appointment.Id));
        await clinic.CancelAsync(appointment.Id, Actor.For(patient));
        Assert.Null(await FindAsync(clinic, Actor.For(patient), appointment.Id));
        Assert.Equal(SaveCheckOutcome.NotFound, await SaveAsync(clinic, Actor.For(patient), appointment.Id, Ready));
    }

    [Fact]
    public async Task So_many_checks_of_an_appointment_are_enough()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.WriteAsync(db => db.DeviceChecks.AddRange(Enumerable.Range(0, DeviceCheckService.MaxChecks).Select(_ => DeviceCheck.Of(appointment, Ready, false, clinic.Now))));

        Assert.Equal(SaveCheckOutcome.TooMany, await SaveAsync(clinic, Actor.For(patient), appointment.Id, Ready));
    }

    [Fact]
    public async Task The_desk_shows_who_is_at_risk_in_two_days_the_most_pressing_first()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var experienced = await clinic.AddPatientAsync("Ewa", "Experienced");
        var (past, _) = await clinic.BookedAsync(TimeSpan.FromMinutes(10), experienced);
        await clinic.WriteAsync(async db => db.Entry(await db.Appointments.SingleAsync(row => row.Id == past.Id, Cancel)).Property(row => row.Status).CurrentValue = AppointmentStatus.Fulfilled);
        var unchecked_ = await AtAsync(clinic, TimeSpan.FromHours(1), experienced);
        var limited = await AtAsync(clinic, TimeSpan.FromHours(2), await clinic.AddPatientAsync("Lena", "Limited"));
        var newcomer = await AtAsync(clinic, TimeSpan.FromHours(3), await clinic.AddPatientAsync("Noor", "New"));
        var broken = await AtAsync(clinic, TimeSpan.FromHours(47), await clinic.AddPatientAsync("Bela", "Broken"));
        var ready = await AtAsync(clinic, TimeSpan.FromHours(5), await clinic.AddPatientAsync("Rita", "Ready"));
        await AtAsync(clinic, TimeSpan.FromHours(49), await clinic.AddPatientAsync("Lothar", "Later"));
        var phone = await AtAsync(clinic, TimeSpan.FromHours(6), await clinic.AddPatientAsync("Pia", "Phone"));
        await clinic.AskAsync<BookingService, SwitchOutcome>(booking => booking.SwitchChannelAsync(clinic.Staff, phone.Appointment.Id, DeliveryChannel.Telephone, Cancel));
        await SaveAsync(clinic, Actor.For(limited.Patient), limited.Appointment.Id, Ready with { Camera = Black });
        await SaveAsync(clinic, Actor.For(broken.Patient), broken.Appointment.Id, Ready);
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        await SaveAsync(clinic, Actor.For(broken.Patient), broken.Appointment.Id, Ready with { Microphone = Denied });
        await SaveAsync(clinic, Actor.For(ready.Patient), ready.Appointment.Id, Ready);

        var list = await ListAsync(clinic, clinic.Staff);

        Assert.Equal(
            [(broken.Appointment.Id, Risk.NotWorking, true), (newcomer.Appointment.Id, Risk.NewToVideo, true), (limited.Appointment.Id, Risk.Limited, true), (unchecked_.Appointment.Id, Risk.NotChecked, false)],
            list.Select(row => (row.Appointment, row.Risk, row.IsNewToVideo)));
        Assert.Equal(("Bela Broken", "07700 900100", Denied), (list[0].PatientName, list[0].Phone, list[0].Check?.Result.Microphone));
        Assert.Empty(await ListAsync(clinic, Actor.For(newcomer.Patient)));
        Assert.Empty(await ListAsync(clinic, clinic.Clinician));
    }

    [Fact]
    public async Task Staff_note_a_call_and_ask_for_a_check_once_in_a_while()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync(TimeSpan.FromHours(40));

        Assert.IsType<FollowUpOutcome.NoteMissing>(await NoteAsync(clinic, clinic.Staff, appointment.Id, "  "));
        Assert.IsType<FollowUpOutcome.NoteMissing>(await NoteAsync(clinic, clinic.Staff, appointment.Id, new string('x', DeviceCheckFollowUp.NoteLength + 1)));
        Assert.IsType<FollowUpOutcome.Done>(await NoteAsync(clinic, clinic.Staff, appointment.Id, " Will borrow a tablet. "));
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<FollowUpOutcome.Done>(await AskAsync(clinic, appointment.Id));
        clinic.Clock.Advance(TimeSpan.FromHours(11));
        Assert.IsType<FollowUpOutcome.AskedAlready>(await AskAsync(clinic, appointment.Id));
        clinic.Clock.Advance(TimeSpan.FromHours(2));
        Assert.IsType<FollowUpOutcome.Done>(await AskAsync(clinic, appointment.Id));

        var row = Assert.Single(await ListAsync(clinic, clinic.Staff));
        Assert.Equal([(FollowUpKind.Asked, null), (FollowUpKind.Asked, null), (FollowUpKind.Called, "Will borrow a tablet.")], row.FollowUps.Select(act => (act.Kind, act.Note)));
        Assert.All(row.FollowUps, act => Assert.Equal("Helen Brooks", act.By));
        var messages = await clinic.ReadAsync(db => db.Messages.AsNoTracking().Where(message => message.Kind == MessageKind.DeviceCheck).ToListAsync(Cancel));
        Assert.Equal(4, messages.Count);
        Assert.All(messages, message => Assert.Equal($"/appointments/{appointment.Id}/device-check", message.Facts.Details.Path));
        Assert.DoesNotContain("tablet", string.Concat(await clinic.ReadAsync(db => db.AuditEvents.Select(audit => audit.After).ToListAsync(Cancel))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_for_does_not_take_the_place_of_other_messages_and_lapses_with_the_appointment()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(40));
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(clinic, appointment.Id);

        var before = await ToWriteAsync(clinic);
        await clinic.CancelAsync(appointment.Id, Actor.For(patient));
        var after = await ToWriteAsync(clinic);

        Assert.All(before, message => Assert.Null(message.Obsolete));
        Assert.Equal([MessageKind.Booked, MessageKind.Booked, MessageKind.DeviceCheck, MessageKind.DeviceCheck], before.Select(message => message.Kind).Order());
        Assert.All(after.Where(message => message.Kind == MessageKind.DeviceCheck), message => Assert.NotNull(message.Obsolete));
    }

    [Fact]
    public async Task Only_staff_of_the_practice_follow_up()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(4));
        var (later, _) = await clinic.BookedAsync(TimeSpan.FromHours(60));

        Assert.IsType<FollowUpOutcome.NotFound>(await NoteAsync(neighbour, neighbour.Staff, appointment.Id, "Intruder"));
        Assert.Null(await neighbour.AskAsync<CheckDesk, RiskView?>(desk => desk.FindAsync(neighbour.Staff, appointment.Id, Cancel)));
        Assert.IsType<FollowUpOutcome.NotFound>(await NoteAsync(clinic, clinic.Staff, later.Id, "Too far ahead"));
        foreach (var actor in new[] { Actor.For(patient), clinic.Clinician })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => NoteAsync(clinic, actor, appointment.Id, "Not staff"));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<CheckDesk, FollowUpOutcome>(desk => desk.AskAsync(actor, appointment.Id, Cancel)));
        }
        Assert.Empty(await clinic.ReadAsync(db => db.DeviceCheckFollowUps.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task What_is_older_than_it_may_be_is_deleted_in_every_practice()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        foreach (var each in new[] { clinic, neighbour })
        {
            var (appointment, patient) = await each.BookedAsync(TimeSpan.FromHours(4));
            await SaveAsync(each, Actor.For(patient), appointment.Id, Ready);
            await NoteAsync(each, each.Staff, appointment.Id, "Phoned.");
        }
        clinic.Clock.Advance(DeviceCheckService.KeptFor);

        Assert.Equal(0, await clinic.AskAsync<DeviceCheckService, int>(checks => checks.DeleteOldAsync(Cancel)));
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, await clinic.AskAsync<DeviceCheckService, int>(checks => checks.DeleteOldAsync(Cancel)));
        Assert.Equal(0, await clinic.ReadAsync(db => db.DeviceChecks.CountAsync(Cancel)) + await neighbour.ReadAsync(db => db.DeviceCheckFollowUps.CountAsync(Cancel)));
    }

    private static async Task<(Appointment Appointment, Patient Patient)> AtAsync(TestClinic clinic, TimeSpan startsIn, Patient patient) => await clinic.BookedAsync(startsIn, patient);

    private static Task<SaveCheckOutcome> SaveAsync(TestClinic clinic, Actor actor, AppointmentId id, CheckResult result) =>
        clinic.AskAsync<DeviceCheckService, SaveCheckOutcome>(checks => checks.SaveAsync(actor, id, result, Cancel));

    private static Task<CheckableAppointment?> FindAsync(TestClinic clinic, Actor actor, AppointmentId id) =>
        clinic.AskAsync<DeviceCheckService, CheckableAppointment?>(checks => checks.FindAsync(actor, id, Cancel));

    private static Task<IReadOnlyList<RiskView>> ListAsync(TestClinic clinic, Actor actor) =>
        clinic.AskAsync<CheckDesk, IReadOnlyList<RiskView>>(desk => desk.ListAsync(actor, Cancel));

    private static Task<FollowUpOutcome> NoteAsync(TestClinic clinic, Actor actor, AppointmentId id, string note) =>
        clinic.AskAsync<CheckDesk, FollowUpOutcome>(desk => desk.NoteCallAsync(actor, id, note, Cancel));

    private static Task<FollowUpOutcome> AskAsync(TestClinic clinic, AppointmentId id) =>
        clinic.AskAsync<CheckDesk, FollowUpOutcome>(desk => desk.AskAsync(clinic.Staff, id, Cancel));

    /// <summary>Every waiting message as whoever sends it would find it.</summary>
    private static async Task<List<MessageToWrite>> ToWriteAsync(TestClinic clinic)
    {
        var written = new List<MessageToWrite>();
        foreach (var due in await clinic.AskAsync<MessageQueue, IReadOnlyList<DueMessage>>(queue => queue.DueAsync(100, Cancel)))
        {
            if (await clinic.AskAsync<MessageQueue, MessageClaim?>(queue => queue.ClaimAsync(due, Cancel)) is not { } claim)
                continue;
            written.Add(await clinic.AskAsync<MessageQueries, MessageToWrite>(queries => queries.ToWriteAsync(claim, Cancel)));
            await clinic.AskAsync<MessageQueue, bool>(queue => queue.TryLaterAsync(claim, 1, "Try again"));
        }
        clinic.Clock.Advance(TimeSpan.FromMinutes(2));
        return written;
    }
}
