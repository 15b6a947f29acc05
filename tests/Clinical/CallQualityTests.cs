using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

public sealed class CallQualityTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_latest_report_of_a_page_is_kept_however_often_and_in_whatever_order_they_come()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var session = Guid.NewGuid();

        await ApplyAsync(clinic, Report(call, session, 1, packets: 10));
        await ApplyAsync(clinic, Report(call, session, 3, packets: 30), Report(call, session, 2, packets: 20), Report(call, session, 3, packets: 99));

        var row = Assert.Single(await RowsAsync(clinic));
        Assert.Equal((3, 30, clinic.Practice.Id, call.Appointment.Id), (row.Number, row.Figures.Packets, row.PracticeId, row.ConsultationId));
    }

    [Fact]
    public async Task Reports_of_one_page_at_the_same_time_leave_the_latest()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var session = Guid.NewGuid();

        await Task.WhenAll(Enumerable.Range(1, 12).Select(number => ApplyAsync(clinic, Report(call, session, number, packets: number))));
        await ApplyAsync(clinic, Report(call, session, 13, packets: 13));

        Assert.Equal(13, Assert.Single(await RowsAsync(clinic)).Figures.Packets);
    }

    [Theory]
    [InlineData("an appointment that is not there")]
    [InlineData("another clinic")]
    [InlineData("another patient")]
    [InlineData("the clinician as the patient")]
    [InlineData("staff")]
    public async Task A_report_that_fits_no_appointment_has_no_effect(string what)
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var right = Report(call, Guid.NewGuid(), 1);

        await ApplyAsync(clinic, what switch
        {
            "an appointment that is not there" => right with { Consultation = AppointmentId.New() },
            "another clinic" => right with { Clinic = ScheduleId.New() },
            "another patient" => right with { PersonId = Guid.NewGuid() },
            "the clinician as the patient" => right with { PersonId = call.Appointment.PractitionerId.Value },
            _ => right with { Role = ConsultationRole.Staff },
        });

        Assert.Empty(await RowsAsync(clinic));
    }

    [Fact]
    public async Task A_page_of_one_consultation_says_nothing_of_another()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        clinic.Clock.Advance(TimeSpan.FromMinutes(15));
        var other = await TestCall.AdmittedAsync(clinic);
        var session = Guid.NewGuid();

        await ApplyAsync(clinic, Report(call, session, 1), Report(other, session, 2));

        Assert.Equal(call.Appointment.Id, Assert.Single(await RowsAsync(clinic)).ConsultationId);
    }

    [Fact]
    public async Task What_is_kept_of_a_consultation_is_bounded_and_known_pages_go_on()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var first = Guid.NewGuid();

        await ApplyAsync(clinic, [Report(call, first, 1), .. Enumerable.Range(0, CallQualities.MaxRows + 5).Select(_ => Report(call, Guid.NewGuid(), 1))]);
        await ApplyAsync(clinic, Report(call, first, 2));

        var rows = await RowsAsync(clinic);
        Assert.Equal(CallQualities.MaxRows, rows.Count);
        Assert.Equal(2, Assert.Single(rows, row => row.Session == first).Number);
    }

    [Fact]
    public async Task It_is_no_clinical_fact_and_leaves_no_audit()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var before = await clinic.ReadAsync(db => db.AuditEvents.CountAsync(Cancel));

        await ApplyAsync(clinic, Report(call, Guid.NewGuid(), 1));

        Assert.Equal(before, await clinic.ReadAsync(db => db.AuditEvents.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_call_is_summed_up_for_each_person_over_all_their_pages()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        await ApplyAsync(
            clinic,
            Report(
                call,
                Guid.NewGuid(),
                1,
                ConsultationRole.Clinician,
                new(TrackDirection.Sent, TrackSource.Microphone, Figures(packets: 100)),
                new(TrackDirection.Received, TrackSource.Microphone, Figures(packets: 100, roundTrip: 40))),
            Report(
                call,
                Guid.NewGuid(),
                1,
                ConsultationRole.Patient,
                new(TrackDirection.Sent, TrackSource.Microphone, Figures(packets: 90, lost: 10)),
                new(TrackDirection.Received, TrackSource.Microphone, Figures(packets: 100, lost: 5, roundTrip: 600)),
                new(TrackDirection.Received, TrackSource.Camera, Figures(paused: 25, freezes: 2, roundTrip: 600))),
            Report(
                call,
                Guid.NewGuid(),
                1,
                ConsultationRole.Patient,
                new(TrackDirection.Received, TrackSource.Camera, Figures(paused: 15, freezes: 1)),
                new(TrackDirection.Received, TrackSource.Screen, Figures(paused: 1))));

        var people = await OfAsync(clinic, clinic.Clinician, call);

        Assert.Equal(
            [
                new(ConsultationRole.Patient, 0.1, TimeSpan.FromSeconds(41), 3, TimeSpan.FromMilliseconds(600)),
                new(ConsultationRole.Clinician, 0, TimeSpan.Zero, 0, TimeSpan.FromMilliseconds(40)),
            ],
            people);
        Assert.Equal([false, true], people.Select(person => person.IsGood));
    }

    [Fact]
    public async Task After_ninety_days_the_figures_of_every_practice_are_deleted_and_no_others()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var (old, theirs) = (await TestCall.AdmittedAsync(clinic), await TestCall.AdmittedAsync(neighbour));
        await ApplyAsync(clinic, Report(old, Guid.NewGuid(), 1), Report(theirs, Guid.NewGuid(), 1));
        Task<int> DeleteAsync() => clinic.AskAsync<CallQualities, int>(qualities => qualities.DeleteOldAsync(Cancel));

        clinic.Clock.SetUtcNow(TestClinic.Morning + CallQualities.KeptFor);
        var inTime = await DeleteAsync();
        var late = await TestCall.AdmittedAsync(clinic);
        await ApplyAsync(clinic, Report(late, Guid.NewGuid(), 1) with { At = clinic.Now });
        clinic.Clock.Advance(TimeSpan.FromTicks(1));
        var deleted = await DeleteAsync();

        Assert.Equal((0, 2), (inTime, deleted));
        Assert.Equal(late.Appointment.Id, Assert.Single(await RowsAsync(clinic)).ConsultationId);
        Assert.Empty(await RowsAsync(neighbour));
    }

    [Theory]
    [InlineData(0.08, 9.9, 5, 500, true)]
    [InlineData(0.081, 0, 0, 0, false)]
    [InlineData(0, 10, 0, 0, false)]
    [InlineData(0, 0, 6, 0, false)]
    [InlineData(0, 0, 0, 501, false)]
    public void A_connection_is_good_until_something_is_amiss(double soundLost, double paused, int freezes, double roundTrip, bool good) =>
        Assert.Equal(good, new PersonCallQuality(ConsultationRole.Patient, soundLost, TimeSpan.FromSeconds(paused), freezes, TimeSpan.FromMilliseconds(roundTrip)).IsGood);

    [Fact]
    public async Task Nobody_of_another_practice_or_of_another_appointment_sees_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var stranger = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        await ApplyAsync(clinic, Report(call, Guid.NewGuid(), 1));

        Assert.NotEmpty(await OfAsync(clinic, clinic.Clinician, call));
        Assert.Empty(await OfAsync(neighbour, neighbour.Clinician, call));
        Assert.Empty(await OfAsync(neighbour, neighbour.Staff, call));
        Assert.Empty(await OfAsync(clinic, Actor.For(stranger), call));
    }

    private static Task<IReadOnlyList<PersonCallQuality>> OfAsync(TestClinic clinic, Actor actor, TestCall call) =>
        clinic.AskAsync<CallQualities, IReadOnlyList<PersonCallQuality>>(qualities => qualities.OfAsync(actor, call.Appointment.Id, Cancel));

    private static Task<bool> ApplyAsync(TestClinic clinic, params CallQualityFact[] facts) => clinic.AskAsync<CallQualities, bool>(async qualities =>
    {
        await qualities.ApplyAsync(facts, Cancel);
        return true;
    });

    private static Task<List<CallQuality>> RowsAsync(TestClinic clinic) => clinic.ReadAsync(db => db.CallQuality.AsNoTracking().ToListAsync(Cancel));

    private static CallQualityFact Report(TestCall call, Guid session, int number, long packets = 0) =>
        Report(call, session, number, ConsultationRole.Patient, new TrackFact(TrackDirection.Received, TrackSource.Camera, Figures(packets)));

    private static CallQualityFact Report(TestCall call, Guid session, int number, ConsultationRole role, params TrackFact[] tracks) => new(
        call.Appointment.ScheduleId,
        call.Appointment.Id,
        session,
        role == ConsultationRole.Patient ? call.Appointment.PatientId.Value : call.Appointment.PractitionerId.Value,
        role,
        number,
        TestClinic.Morning,
        tracks);

    private static TrackFigures Figures(long packets = 0, long lost = 0, double paused = 0, int freezes = 0, double? roundTrip = null) =>
        new(60, paused, packets, lost, 0, roundTrip, roundTrip, 3, 1_000_000, 1, freezes);
}
