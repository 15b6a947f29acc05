using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Reports;

namespace Telemedicine.Clinical.Tests;

public sealed class ReportTests
{
    private static readonly DateOnly Today = new(2026, 6, 9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<int[], int?, int?> Times => new()
    {
        { [], null, null },
        { [7], 7, 7 },
        { [9, 1], 1, 9 },
        { [3, 1, 2], 2, 3 },
        { [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 5, 9 },
        { [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 6, 10 },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void Median_and_90th_percentile_are_by_nearest_rank(int[] minutes, int? median, int? ninetieth)
    {
        var spread = Spread.Of(minutes.Select(minute => TimeSpan.FromMinutes(minute)));

        Assert.Equal((median, ninetieth), ((int?)spread.Median?.TotalMinutes, (int?)spread.Ninetieth?.TotalMinutes));
    }

    [Fact]
    public async Task A_report_counts_what_was_held_missed_and_not_held_and_how_long_it_took()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var held = await HeldAsync(clinic, waited: 4, lasted: 12);
        await HeldAsync(clinic, waited: 10, lasted: 8);
        var (missed, _) = await clinic.BookedAsync();
        await clinic.ClinicianWaitsAsync(missed.Id);
        await clinic.MissAsync(missed.Id);
        var (child, _) = await clinic.BookedAsync(patient: await clinic.AddPatientAsync("Lily", "Hughes", born: new DateOnly(2020, 1, 1)));
        await clinic.ClinicianWaitsAsync(child.Id);
        await clinic.MissAsync(child.Id);
        var (failed, _) = await clinic.BookedAsync();
        clinic.Clock.SetUtcNow(failed.Start);
        await clinic.AskAsync<BookingService, NotHeldOutcome>(booking => booking.CloseNotHeldAsync(clinic.Staff, new NotHeldRequest(failed.Id, NotHeld.TechnicalFailure, null), Cancel));
        var (cancelled, _) = await clinic.BookedAsync();
        await clinic.CancelAsync(cancelled.Id, clinic.Staff);
        clinic.Clock.SetUtcNow(cancelled.End);
        await clinic.BookedAsync(TimeSpan.FromHours(2));

        var report = await AskAsync(clinic, clinic.Staff, new ReportQuestion(Today, Today, ReportBy.Week));

        var line = Assert.Single(report.Lines);
        Assert.Equal(new DateOnly(2026, 6, 8), line.Week);
        Assert.Equal(line with { Week = null }, report.Total);
        Assert.Equal((6, 2, 1, 1, 1, 0, 1, 0), (line.Appointments, line.Held, line.DidNotAttend, line.WasNotBrought, line.Cancelled, line.ClinicianDidNotCome, line.TechnicalFailure, line.LeftBeforeSeen));
        Assert.Equal(new Spread(TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(10)), line.Waiting);
        Assert.Equal(new Spread(TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(12)), line.Duration);
        Assert.NotEqual(default, held);
    }

    [Fact]
    public async Task Whoever_comes_early_waits_from_the_booked_time_on()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromMinutes(20));
        var call = new TestCall(clinic, appointment, patient);
        await clinic.ApplyAsync(call.Waiting());
        clinic.Clock.SetUtcNow(appointment.Start.AddMinutes(3));
        await clinic.ApplyAsync(call.Admitted());

        var report = await AskAsync(clinic, clinic.Staff, new ReportQuestion(Today, Today, ReportBy.Clinic));

        var line = Assert.Single(report.Lines);
        Assert.Equal(TimeSpan.FromMinutes(3), line.Waiting.Median);
        Assert.Null(line.Duration.Median);
        Assert.Equal((appointment.Start, "Dr Amara Okafor", "GP consultation"), (line.ClinicStart, line.Clinician, line.Service));
    }

    [Fact]
    public async Task A_report_is_asked_by_clinician_service_and_days()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var other = await clinic.AddClinicianAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddMinutes(10), slots: 2);
        var others = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1, practitioner: other);
        var tomorrow = await clinic.AddSlotsAsync(clinic.Now.AddDays(1), slots: 1);
        foreach (var slot in new[] { slots[0], slots[1], others[0], tomorrow[0] })
            Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slot, patient));
        clinic.Clock.Advance(TimeSpan.FromDays(2));

        var byClinician = await AskAsync(clinic, clinic.Staff, new ReportQuestion(Today, Today, ReportBy.Clinician));
        var onlyOther = await AskAsync(clinic, clinic.Administrator, new ReportQuestion(Today, Today.AddDays(1), ReportBy.Service, Clinician: other.Id));
        var noService = await AskAsync(clinic, clinic.Staff, new ReportQuestion(Today, Today, ReportBy.Week, Service: HealthcareServiceId.New()));

        Assert.Equal([("Dr Amara Okafor", 2), ("Dr Tomasz Nowak", 1)], byClinician.Lines.Select(line => (line.Clinician ?? "", line.Appointments)));
        Assert.Equal([("GP consultation", 1)], onlyOther.Lines.Select(line => (line.Service ?? "", line.Appointments)));
        Assert.Empty(noService.Lines);
        Assert.Equal(0, noService.Total.Appointments);
    }

    [Fact]
    public async Task Reports_are_for_the_practices_own_staff_and_for_at_most_a_season()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        clinic.Clock.Advance(TimeSpan.FromHours(1));
        var question = new ReportQuestion(Today, Today, ReportBy.Week);

        Assert.Single((await AskAsync(clinic, clinic.Staff, question)).Lines);
        Assert.Empty((await AskAsync(neighbour, neighbour.Staff, question)).Lines);
        await Assert.ThrowsAsync<NotAllowedException>(() => AskAsync(clinic, clinic.Clinician, question));
        await Assert.ThrowsAsync<NotAllowedException>(() => AskAsync(clinic, Actor.For(call.Patient), question));
        await Assert.ThrowsAsync<ArgumentException>(() => AskAsync(clinic, clinic.Staff, question with { To = Today.AddDays(ReportQuestion.LongestDays) }));
        await Assert.ThrowsAsync<ArgumentException>(() => AskAsync(clinic, clinic.Staff, question with { To = Today.AddDays(-1) }));
    }

    [Fact]
    public async Task The_timeline_of_an_appointment_has_everything_in_it_and_is_for_its_clinician_and_staff()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Connected(ConsultationRole.Clinician), call.Connected(ConsultationRole.Patient));
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        await clinic.ApplyAsync(call.Disconnected(ConsultationRole.Patient));
        await call.FinishAsync();

        var timeline = await TimelineAsync(clinic, clinic.Clinician, call.Appointment.Id);

        Assert.NotNull(timeline);
        Assert.Equal([EncounterStatus.Planned, EncounterStatus.Arrived, EncounterStatus.InProgress, EncounterStatus.Finished], timeline.Statuses.Select(status => status.Status));
        Assert.Equal(["Dr Amara Okafor", "Margaret Hughes"], timeline.Participants.Select(person => person.Name).Order());
        Assert.Contains(timeline.Evidence.Facts, fact => fact.Type == AttendanceFactType.PatientConnected);
        Assert.Contains(timeline.Steps, step => step.Action == "appointment.book");
        Assert.Null(await TimelineAsync(clinic, Actor.For(await clinic.AddClinicianAsync()), call.Appointment.Id));
        Assert.Null(await TimelineAsync(neighbour, neighbour.Staff, call.Appointment.Id));
        await Assert.ThrowsAsync<NotAllowedException>(() => TimelineAsync(clinic, Actor.For(call.Patient), call.Appointment.Id));
    }

    private static Task<EncounterTimeline?> TimelineAsync(TestClinic clinic, Actor actor, AppointmentId id) =>
        clinic.AskAsync<EncounterTimelines, EncounterTimeline?>(timelines => timelines.OfAsync(actor, id, Cancel));

    private static Task<Report> AskAsync(TestClinic clinic, Actor actor, ReportQuestion question) =>
        clinic.AskAsync<ConsultationReports, Report>(reports => reports.AskAsync(actor, question, Cancel));

    /// <summary>Comes at the start, waits, is seen. Minutes.</summary>
    private static async Task<AppointmentId> HeldAsync(TestClinic clinic, int waited, int lasted)
    {
        var (appointment, patient) = await clinic.BookedAsync();
        var call = new TestCall(clinic, appointment, patient);
        clinic.Clock.SetUtcNow(appointment.Start);
        await clinic.ApplyAsync(call.Waiting());
        clinic.Clock.Advance(TimeSpan.FromMinutes(waited));
        await clinic.ApplyAsync(call.Admitted());
        clinic.Clock.Advance(TimeSpan.FromMinutes(lasted));
        Assert.IsType<FinishOutcome.Finished>(await call.FinishAsync());
        return appointment.Id;
    }
}
