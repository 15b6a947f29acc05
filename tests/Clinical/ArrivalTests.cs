using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

/// <summary>What people say before the waiting room: each for themself, and who reads it.</summary>
public sealed class ArrivalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_said_is_kept_with_the_wording_and_the_time_and_can_be_changed()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var (appointment, _) = await clinic.BookedAsync(patient: patient);
        var actor = Actor.For(patient);

        Assert.IsType<ArriveOutcome.NotAgreed>(await SayAsync(clinic, actor, appointment.Id));
        Assert.IsType<ArriveOutcome.Kept>(await AgreeAsync(clinic, actor, appointment.Id, " My son "));
        Assert.False((await FindAsync(clinic, actor, appointment.Id))?.IsComplete);
        Assert.IsType<ArriveOutcome.PlaceMissing>(await SayAsync(clinic, actor, appointment.Id, place: " "));
        Assert.IsType<ArriveOutcome.NoPhone>(await SayAsync(clinic, actor, appointment.Id, phone: "call me"));
        Assert.IsType<ArriveOutcome.TooLong>(await SayAsync(clinic, actor, appointment.Id, place: new string('a', 201)));
        Assert.IsType<ArriveOutcome.Kept>(await SayAsync(clinic, actor, appointment.Id));
        Assert.IsType<ArriveOutcome.Kept>(await AgreeAsync(clinic, actor, appointment.Id, null));

        var seen = Assert.Single(await clinic.AskAsync<ArrivalService, IReadOnlyList<ArrivalView>>(arrivals => arrivals.OfAppointmentAsync(clinic.Clinician, appointment.Id, Cancel)));
        Assert.Equal(("Margaret Hughes", Arrival.CurrentWording, null, "12 Mill Lane", "01632 960111"), (seen.Name, seen.Wording, seen.Companions, seen.Place, seen.CallBack));
        Assert.Equal(clinic.Now, seen.ConsentedAt);
        var audit = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Entity == nameof(Arrival)).ToListAsync(Cancel));
        Assert.NotEmpty(audit);
        Assert.DoesNotContain(audit, row => row.After?.Contains("Mill Lane", StringComparison.Ordinal) is true);
    }

    [Fact]
    public async Task Nobody_says_it_for_somebody_else_and_only_the_practice_reads_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var patient = await clinic.AddPatientAsync();
        var (appointment, _) = await clinic.BookedAsync(patient: patient);
        var stranger = Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var sees = await clinic.AddCarerAsync(patient, CarerRights.SeeAppointments);
        var other = Actor.For(await clinic.AddClinicianAsync());
        await AgreeAsync(clinic, Actor.For(patient), appointment.Id, null);

        foreach (var actor in new[] { stranger, sees, clinic.Staff, clinic.Clinician, neighbour.Staff })
        {
            Assert.Null(await FindAsync(clinic, actor, appointment.Id));
            Assert.IsType<ArriveOutcome.NotFound>(await AgreeAsync(clinic, actor, appointment.Id, null));
            Assert.IsType<ArriveOutcome.NotFound>(await SayAsync(clinic, actor, appointment.Id));
        }
        foreach (var actor in new[] { stranger, sees, other, neighbour.Staff, Actor.For(patient) })
            Assert.Empty(await clinic.AskAsync<ArrivalService, IReadOnlyList<ArrivalView>>(arrivals => arrivals.OfAppointmentAsync(actor, appointment.Id, Cancel)));
        Assert.Single(await clinic.AskAsync<ArrivalService, IReadOnlyList<ArrivalView>>(arrivals => arrivals.OfAppointmentAsync(clinic.Staff, appointment.Id, Cancel)));
    }

    [Fact]
    public async Task A_carer_who_may_join_speaks_for_themself_beside_the_patient()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var (appointment, _) = await clinic.BookedAsync(patient: patient);
        var carer = await clinic.AddCarerAsync(patient, CarerRights.JoinConsultations);

        await AgreeAsync(clinic, Actor.For(patient), appointment.Id, null);
        await AgreeAsync(clinic, carer, appointment.Id, null);

        Assert.Equal(["Margaret Hughes", "Grace Hughes (carer)"], (await clinic.AskAsync<ArrivalService, IReadOnlyList<ArrivalView>>(arrivals => arrivals.OfAppointmentAsync(clinic.Staff, appointment.Id, Cancel))).Select(one => one.Name));
    }

    [Fact]
    public async Task After_a_cancellation_there_is_nothing_to_say()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var (appointment, _) = await clinic.BookedAsync(patient: patient);
        await clinic.CancelAsync(appointment.Id, clinic.Staff);

        Assert.Null(await FindAsync(clinic, Actor.For(patient), appointment.Id));
    }

    private static Task<MyArrival?> FindAsync(TestClinic clinic, Actor actor, AppointmentId id) => clinic.AskAsync<ArrivalService, MyArrival?>(arrivals => arrivals.FindAsync(actor, id, Cancel));

    private static Task<ArriveOutcome> AgreeAsync(TestClinic clinic, Actor actor, AppointmentId id, string? companions) =>
        clinic.AskAsync<ArrivalService, ArriveOutcome>(arrivals => arrivals.AgreeAsync(actor, id, companions, Cancel));

    private static Task<ArriveOutcome> SayAsync(TestClinic clinic, Actor actor, AppointmentId id, string place = "12 Mill Lane", string phone = "01632 960111") =>
        clinic.AskAsync<ArrivalService, ArriveOutcome>(arrivals => arrivals.SayAsync(actor, id, place, phone, Cancel));
}
