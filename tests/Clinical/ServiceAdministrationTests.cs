using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class ServiceAdministrationTests
{
    private static readonly ServiceDetails Nurse = new("Nurse review", "A check of a long-term condition.", 20, [DeliveryChannel.Video, DeliveryChannel.InPerson], new ServiceRules(), []);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_adds_and_changes_a_service_and_the_audit_keeps_before_and_after()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var administrator = Administrator(clinic);

        var added = Assert.IsType<SaveServiceOutcome.Saved>(await SaveAsync(clinic, administrator, null, Nurse with { Name = "  Nurse review " }));
        var changed = await SaveAsync(clinic, administrator, added.Service, Nurse with { DurationMinutes = 30, Channels = [DeliveryChannel.Telephone, DeliveryChannel.Telephone] });

        Assert.Equal(added, changed);
        var listed = (await ListAsync(clinic, administrator)).Single(row => row.Id == added.Service);
        Assert.Equal(("Nurse review", 30, true, 0), (listed.Details.Name, listed.Details.DurationMinutes, listed.IsActive, listed.Coming));
        Assert.Equal([DeliveryChannel.Telephone], listed.Details.Channels);
        var audit = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.EntityId == added.Service.Value).OrderBy(row => row.Id).ToListAsync(Cancel));
        Assert.Equal(["service.add", "service.change"], audit.Select(row => row.Action));
        Assert.Contains("\"DurationMinutes\":20", audit[1].Before, StringComparison.Ordinal);
        Assert.Contains("\"DurationMinutes\":30", audit[1].After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_too_long_or_taken_is_refused()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var administrator = Administrator(clinic);
        ServiceDetails[] wrong =
        [
            Nurse with { Name = " " },
            Nurse with { Name = new string('x', HealthcareService.NameLength + 1) },
            Nurse with { Description = "" },
            Nurse with { DurationMinutes = ServiceAdministration.ShortestMinutes - 1 },
            Nurse with { DurationMinutes = ServiceAdministration.LongestMinutes + 1 },
            Nurse with { Channels = [] },
            Nurse with { Channels = [(DeliveryChannel)3] },
            Nurse with { Rules = new ServiceRules(BookedBy: (Bookers)9) },
            Nurse with { Rules = new ServiceRules(MinimumNoticeHours: HealthcareService.LongestNoticeHours + 1) },
            Nurse with { Rules = new ServiceRules(HorizonDays: 0) },
            Nurse with { Rules = new ServiceRules(BufferAfterMinutes: -1) },
            Nurse with { Rules = new ServiceRules(BufferBeforeMinutes: HealthcareService.LongestBufferMinutes + 1) },
            Nurse with { Rules = new ServiceRules(PricePence: -1) },
            Nurse with { Rules = new ServiceRules(GroupSize: 0) },
            // A video call is with one patient.
            Nurse with { Rules = new ServiceRules(GroupSize: 2) },
            Nurse with { Questions = [new QuestionDetails(null, " ", false)] },
            Nurse with { Questions = [.. Enumerable.Range(0, ServiceAdministration.MostQuestions + 1).Select(number => new QuestionDetails(null, $"Question {number}", false))] },
        ];

        foreach (var details in wrong)
            Assert.IsType<SaveServiceOutcome.Incomplete>(await SaveAsync(clinic, administrator, null, details));
        Assert.IsType<SaveServiceOutcome.NameTaken>(await SaveAsync(clinic, administrator, null, Nurse with { Name = clinic.Service.Name }));
        Assert.IsType<SaveServiceOutcome.NotFound>(await SaveAsync(clinic, administrator, HealthcareServiceId.New(), Nurse));
        Assert.Single(await ListAsync(clinic, administrator));
    }

    [Fact]
    public async Task A_service_that_is_withdrawn_takes_no_bookings_until_it_is_offered_again()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var administrator = Administrator(clinic);
        var (booked, patient) = await clinic.BookedAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(5), slots: 1))[0];

        await OfferAsync(clinic, administrator, false);
        var refused = await clinic.BookAsync(slot, patient);
        var listed = Assert.Single(await ListAsync(clinic, administrator));
        await OfferAsync(clinic, administrator, true);
        var sold = await clinic.BookAsync(slot, patient);

        Assert.IsType<Booking.BookOutcome.ServiceInactive>(refused);
        Assert.Equal((false, 1), (listed.IsActive, listed.Coming));
        Assert.IsType<Booking.BookOutcome.Booked>(sold);
        Assert.Equal(Booking.AppointmentStatus.Booked, (await clinic.AppointmentAsync(booked.Id)).Status);
    }

    [Fact]
    public async Task Only_administrators_decide_and_only_in_their_own_practice()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var patient = await clinic.AddPatientAsync();

        foreach (var actor in new[] { clinic.Staff, clinic.Clinician, Actor.For(patient) })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => ListAsync(clinic, actor));
            await Assert.ThrowsAsync<NotAllowedException>(() => SaveAsync(clinic, actor, null, Nurse));
            await Assert.ThrowsAsync<NotAllowedException>(() => OfferAsync(clinic, actor, false));
        }

        Assert.IsType<SaveServiceOutcome.NotFound>(await SaveAsync(clinic, Administrator(neighbour), clinic.Service.Id, Nurse));
        Assert.False(await OfferAsync(clinic, Administrator(neighbour), false));
        Assert.Equal([neighbour.Service.Id], (await ListAsync(clinic, Administrator(neighbour))).Select(row => row.Id));
    }

    private static Actor Administrator(TestClinic clinic) => clinic.Staff with { Role = ActorRole.Administrator };

    private static Task<IReadOnlyList<ServiceListing>> ListAsync(TestClinic clinic, Actor actor) =>
        clinic.AskAsync<ServiceAdministration, IReadOnlyList<ServiceListing>>(services => services.ListAsync(actor, Cancel));

    private static Task<SaveServiceOutcome> SaveAsync(TestClinic clinic, Actor actor, HealthcareServiceId? id, ServiceDetails details) =>
        clinic.AskAsync<ServiceAdministration, SaveServiceOutcome>(services => services.SaveAsync(actor, id, details, Cancel));

    private static Task<bool> OfferAsync(TestClinic clinic, Actor actor, bool offered) =>
        clinic.AskAsync<ServiceAdministration, bool>(services => services.OfferAsync(actor, clinic.Service.Id, offered, Cancel));
}
