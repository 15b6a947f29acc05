using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Tests;

public sealed class WaitingListTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_freed_slot_is_kept_for_who_has_waited_longest_and_they_are_told()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        var first = await WaitAsync(clinic, "First");
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await WaitAsync(clinic, "Second");

        await clinic.CancelAsync(early.Id, clinic.Staff);

        var offer = Assert.Single(await OffersAsync(clinic));
        var slot = await clinic.SlotAsync(taken.Id);
        Assert.Equal((first.Patient.Id, taken.Id, OfferStatus.Open, clinic.Now + OfferTime.ToAnswer), (offer.PatientId, offer.SlotId, offer.Status, offer.Until));
        Assert.Equal((SlotStatus.BusyTentative, first.Patient.Id, offer.Until + OfferTime.ToPassOn), (slot.Status, slot.HeldFor, slot.HeldUntil));
        var told = await clinic.ReadAsync(db => db.Messages.Where(row => row.Kind == MessageKind.WaitingListOffer).ToListAsync(Cancel));
        Assert.Equal([MessageChannel.Email, MessageChannel.Text], told.Select(row => row.Channel).Order());
        Assert.All(told, row => Assert.Equal((first.Patient.Id, offer.Until, $"/waiting-list/offers/{offer.Id}"), (row.PatientId, row.Facts.Details.Until, row.Facts.Details.Path)));
    }

    [Fact]
    public async Task Accepting_moves_the_appointment_in_one_step_and_offers_its_old_time_to_the_next()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        var first = await WaitAsync(clinic, "First");
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await WaitAsync(clinic, "Second", days: 9);
        await clinic.CancelAsync(early.Id, clinic.Staff);
        var offer = Assert.Single(await OffersAsync(clinic));

        var accepted = Assert.IsType<AcceptOutcome.Accepted>(await AcceptAsync(clinic, offer.Id, Actor.For(first.Patient)));

        var after = await clinic.AppointmentAsync(first.Appointment.Id);
        Assert.Equal((first.Appointment.Id, taken.Id, AppointmentStatus.Booked), (accepted.Appointment, after.SlotId, after.Status));
        Assert.Equal(WaitingStatus.Accepted, (await EntryAsync(clinic, first.Entry)).Status);
        var next = Assert.Single(await OffersAsync(clinic), row => row.Status == OfferStatus.Open);
        Assert.Equal((second.Patient.Id, first.Appointment.SlotId), (next.PatientId, next.SlotId));
        // Sent twice it says the same.
        Assert.Equal(after.Id, Assert.IsType<AcceptOutcome.Accepted>(await AcceptAsync(clinic, offer.Id, Actor.For(first.Patient))).Appointment);
    }

    [Fact]
    public async Task Who_has_no_appointment_yet_is_offered_any_time_and_gets_one_booked()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        var patient = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var joined = Assert.IsType<WaitOutcome.Joined>(await JoinAsync(clinic, patient, null));
        await clinic.CancelAsync(early.Id, clinic.Staff);

        var accepted = Assert.IsType<AcceptOutcome.Accepted>(await AcceptAsync(clinic, Assert.Single(await OffersAsync(clinic)).Id, Actor.For(patient)));

        Assert.Equal((taken.Id, patient.Id), ((await clinic.AppointmentAsync(accepted.Appointment)).SlotId, (await clinic.AppointmentAsync(accepted.Appointment)).PatientId));
        Assert.Equal(WaitingStatus.Accepted, (await EntryAsync(clinic, joined.Entry)).Status);
    }

    [Fact]
    public async Task An_offer_that_nobody_answers_goes_to_the_next_and_never_back_to_the_same()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        var first = await WaitAsync(clinic, "First");
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await WaitAsync(clinic, "Second");
        await clinic.CancelAsync(early.Id, clinic.Staff);
        var offer = Assert.Single(await OffersAsync(clinic));

        clinic.Clock.Advance(OfferTime.ToAnswer - TimeSpan.FromSeconds(1));
        await PassOnAsync(clinic);
        var before = await OffersAsync(clinic);
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        await PassOnAsync(clinic);
        var after = await OffersAsync(clinic);
        var tooLate = await AcceptAsync(clinic, offer.Id, Actor.For(first.Patient));
        clinic.Clock.Advance(OfferTime.ToAnswer);
        await PassOnAsync(clinic);
        await PassOnAsync(clinic);

        Assert.Equal(OfferStatus.Open, Assert.Single(before).Status);
        Assert.Equal([(first.Patient.Id, OfferStatus.Expired), (second.Patient.Id, OfferStatus.Open)], after.Select(row => (row.PatientId, row.Status)));
        Assert.IsType<AcceptOutcome.Over>(tooLate);
        // Both have had it: it is free to everybody.
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(taken.Id)).Status);
        Assert.Equal(2, (await OffersAsync(clinic)).Count(row => row.SlotId == taken.Id));
        Assert.Equal(WaitingStatus.Waiting, (await EntryAsync(clinic, first.Entry)).Status);
    }

    [Fact]
    public async Task An_offer_that_has_run_out_is_sold_to_nobody_until_it_is_passed_on_unless_nobody_passes_it_on()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        await WaitAsync(clinic, "First");
        await clinic.CancelAsync(early.Id, clinic.Staff);
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        clinic.Clock.Advance(OfferTime.ToAnswer);
        var meanwhile = await clinic.BookAsync(taken, other);
        clinic.Clock.Advance(OfferTime.ToPassOn);
        var later = await clinic.BookAsync(taken, other);

        Assert.IsType<BookOutcome.Taken>(meanwhile);
        Assert.IsType<BookOutcome.Booked>(later);
    }

    [Fact]
    public async Task Declining_passes_it_on_at_once_and_keeps_the_place_leaving_gives_it_up()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        var first = await WaitAsync(clinic, "First");
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await WaitAsync(clinic, "Second");
        await clinic.CancelAsync(early.Id, clinic.Staff);

        var declined = await clinic.AskAsync<WaitingLists, bool>(async lists => await lists.DeclineAsync(Actor.For(first.Patient), (await OffersAsync(clinic))[0].Id, Cancel));
        var next = Assert.Single(await OffersAsync(clinic), row => row.Status == OfferStatus.Open);
        var left = await clinic.AskAsync<WaitingLists, bool>(lists => lists.LeaveAsync(Actor.For(second.Patient), second.Entry, Cancel));

        Assert.True(declined && left);
        Assert.Equal(second.Patient.Id, next.PatientId);
        Assert.Equal((WaitingStatus.Waiting, WaitingStatus.Left), ((await EntryAsync(clinic, first.Entry)).Status, (await EntryAsync(clinic, second.Entry)).Status));
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(taken.Id)).Status);
        Assert.DoesNotContain(await OffersAsync(clinic), row => row.Status == OfferStatus.Open);
        Assert.False(await clinic.AskAsync<WaitingLists, bool>(lists => lists.LeaveAsync(Actor.For(second.Patient), second.Entry, Cancel)));
    }

    [Fact]
    public async Task An_offered_slot_is_sold_to_nobody_else_and_other_bookings_of_the_patient_do_not_lose_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        var first = await WaitAsync(clinic, "First");
        await clinic.CancelAsync(early.Id, clinic.Staff);
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var elsewhere = (await clinic.AddSlotsAsync(clinic.Now.AddDays(12)))[0];

        var booked = await clinic.BookAsync(taken, other);
        var held = await clinic.HoldAsync(taken, other);
        await clinic.HoldAsync(elsewhere, first.Patient);
        var begun = await clinic.AskAsync<AvailabilityService, AvailableSlot?>(availability => availability.HeldAsync(Actor.For(first.Patient), first.Patient.Id, Cancel));
        await clinic.BookAsync(elsewhere, first.Patient);

        Assert.IsType<BookOutcome.Taken>(booked);
        Assert.IsType<HoldOutcome.Taken>(held);
        Assert.Equal(elsewhere.Id, begun?.Id);
        Assert.Equal(first.Patient.Id, (await clinic.SlotAsync(taken.Id)).HeldFor);
        Assert.IsType<AcceptOutcome.Accepted>(await AcceptAsync(clinic, Assert.Single(await OffersAsync(clinic)).Id, Actor.For(first.Patient)));
    }

    [Fact]
    public async Task Many_acceptances_at_once_and_the_running_out_of_time_sell_a_slot_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var other = clinic.AnotherInstance();
        var (early, taken) = await SoldAsync(clinic);
        var waiting = new List<(Appointment Appointment, Patient Patient, WaitingListEntryId Entry)>();
        for (var index = 0; index < 6; index++)
        {
            waiting.Add(await WaitAsync(clinic, $"Number{index}", days: 5 + index));
            clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await clinic.CancelAsync(early.Id, clinic.Staff);
        var offer = Assert.Single(await OffersAsync(clinic));
        clinic.Clock.Advance(OfferTime.ToAnswer - TimeSpan.FromMilliseconds(1));
        // Some answer while others try to get it, and two instances look whether time is up.
        var answers = Enumerable.Range(0, 8).Select(_ => Task.Run<object>(async () => await AcceptAsync(clinic, offer.Id, Actor.For(waiting[0].Patient)), Cancel));
        var thieves = waiting.Skip(1).Select(row => Task.Run<object>(async () => await clinic.MoveAsync(row.Appointment.Id, taken, Actor.For(row.Patient)), Cancel));
        var workers = Enumerable.Range(0, 6).Select(index => Task.Run<object>(async () =>
        {
            if (index == 3)
                clinic.Clock.Advance(TimeSpan.FromMilliseconds(2));
            await PassOnAsync(index % 2 == 0 ? clinic.AskAsync<WaitingLists, bool> : AskOther(other));
            return "passed on";
        }, Cancel));
        await Task.WhenAll(answers.Concat(thieves).Concat(workers));

        var live = await clinic.ReadAsync(db => db.Appointments.Where(row => row.SlotId == taken.Id && row.Status != AppointmentStatus.Cancelled).ToListAsync(Cancel));
        var slot = await clinic.SlotAsync(taken.Id);
        var offers = (await OffersAsync(clinic)).Where(row => row.SlotId == taken.Id).ToList();
        Assert.True(live.Count <= 1, $"{live.Count} appointments");
        Assert.Equal(live.Count == 1, slot.Status == SlotStatus.Busy);
        Assert.Equal(live.Count, offers.Count(row => row.Status == OfferStatus.Accepted));
        Assert.True(offers.Count(row => row.Status == OfferStatus.Open) == (slot.Status == SlotStatus.BusyTentative ? 1 : 0));
        Assert.Equal(6, await clinic.ReadAsync(db => db.Appointments.Where(row => row.Status != AppointmentStatus.Cancelled).Select(row => row.SlotId).Distinct().CountAsync(Cancel)));
    }

    [Fact]
    public async Task Two_instances_that_look_at_once_make_one_offer_of_a_slot()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var other = clinic.AnotherInstance();
        for (var index = 0; index < 4; index++)
            await WaitAsync(clinic, $"Number{index}", days: 5 + index);
        // A new clinic, earlier than all of them.
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 2);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(index => Task.Run(() => PassOnAsync(index % 2 == 0 ? clinic.AskAsync<WaitingLists, bool> : AskOther(other)), Cancel)));

        var offers = (await OffersAsync(clinic)).Where(row => row.Status == OfferStatus.Open).ToList();
        Assert.Equal(slots.Select(slot => slot.Id).Order(SlotOrder), offers.Select(row => row.SlotId).Where(id => slots.Any(slot => slot.Id == id)).Order(SlotOrder));
        Assert.Equal(offers.Count, offers.DistinctBy(row => row.EntryId).Count());
    }

    [Fact]
    public async Task The_database_refuses_a_second_open_offer_of_a_slot()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        await WaitAsync(clinic, "First");
        var second = await WaitAsync(clinic, "Second");
        await clinic.CancelAsync(early.Id, clinic.Staff);

        var error = await Assert.ThrowsAsync<DbUpdateException>(() => clinic.WriteAsync(db => db.WaitingListOffers.Add(new WaitingListOffer
        {
            Id = WaitingListOfferId.New(),
            PracticeId = clinic.Practice.Id,
            EntryId = second.Entry,
            PatientId = second.Patient.Id,
            SlotId = taken.Id,
            OfferedAt = clinic.Now,
            Until = clinic.Now.AddHours(1),
        })));

        Assert.True(Data.DatabaseErrors.IsUniqueViolation(error));
    }

    [Fact]
    public async Task Only_a_time_that_is_earlier_with_the_clinician_asked_for_and_that_does_not_clash_is_offered()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var colleague = await clinic.AddClinicianAsync();
        var picky = await WaitAsync(clinic, "Picky", days: 5, only: clinic.Practitioner.Id);
        await clinic.AddSlotsAsync(clinic.Now.AddDays(3), slots: 1, practitioner: colleague);
        var clash = (await clinic.AddSlotsAsync(clinic.Now.AddDays(3), slots: 1, practitioner: await clinic.AddClinicianAsync("Grace", "Mensah")))[0];
        await clinic.BookAsync(clash, picky.Patient);
        await clinic.AddSlotsAsync(clinic.Now.AddDays(3).AddMinutes(5), slots: 1);
        await clinic.AddSlotsAsync(clinic.Now.AddDays(8), slots: 1);
        await clinic.AddSlotsAsync(clinic.Now.AddMinutes(30), slots: 1);

        await PassOnAsync(clinic);
        var none = await OffersAsync(clinic);
        var fits = (await clinic.AddSlotsAsync(clinic.Now.AddDays(4), slots: 1))[0];
        await clinic.CancelAsync((await clinic.ReadAsync(db => db.Appointments.SingleAsync(row => row.SlotId == clash.Id, Cancel))).Id, Actor.For(picky.Patient));
        await PassOnAsync(clinic);

        Assert.Empty(none);
        Assert.Contains(Assert.Single(await OffersAsync(clinic)).SlotId, new[] { fits.Id, await FreeAtAsync(clinic, clinic.Now.AddDays(3).AddMinutes(5)) });
    }

    [Fact]
    public async Task Cancelling_the_appointment_leaves_the_list_and_passes_on_what_was_offered()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, taken) = await SoldAsync(clinic);
        var first = await WaitAsync(clinic, "First");
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await WaitAsync(clinic, "Second");
        await clinic.CancelAsync(early.Id, clinic.Staff);

        await clinic.CancelAsync(first.Appointment.Id, Actor.For(first.Patient));

        Assert.Equal(WaitingStatus.Left, (await EntryAsync(clinic, first.Entry)).Status);
        var open = Assert.Single(await OffersAsync(clinic), row => row.Status == OfferStatus.Open);
        Assert.Equal((second.Patient.Id, taken.Id), (open.PatientId, open.SlotId));
        var cancelled = await clinic.ReadAsync(db => db.Messages.Where(row => row.AppointmentId == first.Appointment.Id && row.Kind == MessageKind.Cancelled).ToListAsync(Cancel));
        Assert.All(cancelled, row => Assert.Equal(2, row.Facts.Sequence));
    }

    [Fact]
    public async Task Who_moves_to_a_later_time_is_not_offered_the_time_they_gave_up_but_others_are()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var first = await WaitAsync(clinic, "First", days: 5);
        var given = await clinic.SlotAsync(first.Appointment.SlotId);
        var later = (await clinic.AddSlotsAsync(clinic.Now.AddDays(8), slots: 2))[1];

        Assert.IsType<MoveOutcome.Moved>(await clinic.MoveAsync(first.Appointment.Id, later, Actor.For(first.Patient)));
        await PassOnAsync(clinic);
        var none = await OffersAsync(clinic);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await WaitAsync(clinic, "Second", days: 9);
        await PassOnAsync(clinic);

        Assert.DoesNotContain(none, row => row.SlotId == given.Id);
        Assert.Contains(await OffersAsync(clinic), row => row.SlotId == given.Id && row.PatientId == second.Patient.Id);
    }

    [Fact]
    public async Task Whose_appointment_has_begun_waits_no_more()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var first = await WaitAsync(clinic, "First", days: 1);
        clinic.Clock.Advance(TimeSpan.FromDays(1));

        await PassOnAsync(clinic);

        Assert.Equal(WaitingStatus.Left, (await EntryAsync(clinic, first.Entry)).Status);
    }

    [Fact]
    public async Task Joining_twice_keeps_one_place_and_what_does_not_fit_is_refused()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromDays(5));
        var (begun, late) = await clinic.BookedAsync(TimeSpan.FromMinutes(1), await clinic.AddPatientAsync("Late", "Comer"));

        var joined = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => JoinAsync(clinic, patient, appointment.Id), Cancel)));
        clinic.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Single(joined.Select(outcome => Assert.IsType<WaitOutcome.Joined>(outcome).Entry).Distinct());
        Assert.IsType<WaitOutcome.TooLate>(await JoinAsync(clinic, late, begun.Id));
        Assert.IsType<WaitOutcome.NotFound>(await JoinAsync(clinic, late, appointment.Id));
        Assert.IsType<WaitOutcome.ChannelNotOffered>(await JoinAsync(clinic, late, null, DeliveryChannel.InPerson));
    }

    [Fact]
    public async Task Others_and_other_practices_see_and_do_nothing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var (early, _) = await SoldAsync(clinic);
        var first = await WaitAsync(clinic, "First");
        await clinic.CancelAsync(early.Id, clinic.Staff);
        var offer = Assert.Single(await OffersAsync(clinic));
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        foreach (var (place, actor) in new[] { (clinic, Actor.For(other)), (clinic, clinic.Clinician), (neighbour, neighbour.Staff) })
        {
            Assert.IsType<AcceptOutcome.NotFound>(await AcceptAsync(place, offer.Id, actor));
            Assert.False(await place.AskAsync<WaitingLists, bool>(lists => lists.DeclineAsync(actor, offer.Id, Cancel)));
            Assert.False(await place.AskAsync<WaitingLists, bool>(lists => lists.LeaveAsync(actor, first.Entry, Cancel)));
            Assert.Null(await place.AskAsync<WaitingLists, OfferView?>(lists => lists.FindOfferAsync(actor, offer.Id, Cancel)));
            Assert.Empty(await place.AskAsync<WaitingLists, IReadOnlyList<WaitingView>>(lists => lists.OfPatientAsync(actor, first.Patient.Id, Cancel)));
            Assert.IsType<WaitOutcome.NotFound>(await place.AskAsync<WaitingLists, WaitOutcome>(lists => lists.JoinAsync(actor, new WaitingRequest(first.Patient.Id, clinic.Service.Id, DeliveryChannel.Video, Reason: "Because"), Cancel)));
        }

        Assert.Equal(OfferStatus.Open, Assert.Single(await OffersAsync(clinic)).Status);
    }

    [Fact]
    public async Task Each_step_leaves_an_event_with_its_actor()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (early, _) = await SoldAsync(clinic);
        var first = await WaitAsync(clinic, "First");
        await clinic.CancelAsync(early.Id, clinic.Staff);
        await AcceptAsync(clinic, Assert.Single(await OffersAsync(clinic)).Id, Actor.For(first.Patient));

        var events = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Entity == nameof(WaitingListEntry)).OrderBy(row => row.Id).ToListAsync(Cancel));

        Assert.Equal(
            [("waiting-list.join", first.Patient.Id.Value), ("appointment.cancel", clinic.Staff.PersonId), ("waiting-list.accept", first.Patient.Id.Value)],
            events.Select(row => (row.Action, row.ActorId)));
    }

    [Theory]
    [InlineData("09:00", 48, "11:00")]
    [InlineData("17:59", 48, "19:59")]
    [InlineData("18:30", 48, "10:00+1")]
    [InlineData("23:00", 48, "10:00+1")]
    [InlineData("06:00", 48, "10:00")]
    [InlineData("07:59", 48, "10:00")]
    [InlineData("09:00", 1.5, "10:00")]
    [InlineData("23:00", 8, "06:30+1")]
    public void An_offer_stands_two_hours_by_day_and_until_the_morning_over_night(string now, double startsInHours, string until)
    {
        var time = PracticeTime.For("Europe/London");
        var at = time.At(new DateOnly(2026, 6, 9), TimeOnly.Parse(now, null));
        var expected = time.At(new DateOnly(2026, 6, until.EndsWith("+1", StringComparison.Ordinal) ? 10 : 9), TimeOnly.Parse(until[..5], null));

        Assert.Equal(expected, OfferTime.Until(at, at.AddHours(startsInHours), time));
    }

    [Fact]
    public void The_tables_name_each_step()
    {
        Assert.True(WaitingStates.Table.Allows(WaitingStatus.Waiting, WaitingStatus.Offered));
        Assert.False(WaitingStates.Table.Allows(WaitingStatus.Waiting, WaitingStatus.Accepted));
        Assert.All(Enum.GetValues<WaitingStatus>(), to => Assert.False(WaitingStates.Table.Allows(WaitingStatus.Left, to) || WaitingStates.Table.Allows(WaitingStatus.Accepted, to)));
        Assert.All(Enum.GetValues<OfferStatus>().Where(from => from != OfferStatus.Open), from => Assert.All(Enum.GetValues<OfferStatus>(), to => Assert.False(OfferStates.Table.Allows(from, to))));
    }

    private static readonly Comparer<SlotId> SlotOrder = Comparer<SlotId>.Create((a, b) => a.Value.CompareTo(b.Value));

    /// <summary>An appointment in two days, for the waiting to hope for.</summary>
    private static async Task<(Appointment Appointment, Slot Slot)> SoldAsync(TestClinic clinic)
    {
        var (appointment, _) = await clinic.BookedAsync(TimeSpan.FromDays(2));
        return (appointment, await clinic.SlotAsync(appointment.SlotId));
    }

    /// <summary>Someone with an appointment later on who waits for an earlier time.</summary>
    private static async Task<(Appointment Appointment, Patient Patient, WaitingListEntryId Entry)> WaitAsync(TestClinic clinic, string name, int days = 5, PractitionerId? only = null)
    {
        var patient = await clinic.AddPatientAsync("Patient", name);
        var count = await clinic.ReadAsync(db => db.Schedules.CountAsync(Cancel));
        var (appointment, _) = await clinic.BookedAsync(TimeSpan.FromDays(days) + TimeSpan.FromMinutes(20 * count), patient);
        var joined = Assert.IsType<WaitOutcome.Joined>(await JoinAsync(clinic, patient, appointment.Id, only: only));
        return (appointment, patient, joined.Entry);
    }

    private static Task<WaitOutcome> JoinAsync(TestClinic clinic, Patient patient, AppointmentId? appointment, DeliveryChannel channel = DeliveryChannel.Video, PractitionerId? only = null) =>
        clinic.AskAsync<WaitingLists, WaitOutcome>(lists => lists.JoinAsync(Actor.For(patient), new WaitingRequest(patient.Id, clinic.Service.Id, channel, appointment, only), Cancel));

    private static Task<AcceptOutcome> AcceptAsync(TestClinic clinic, WaitingListOfferId offer, Actor actor) =>
        clinic.AskAsync<BookingService, AcceptOutcome>(booking => booking.AcceptAsync(actor, offer, Cancel));

    private static Task PassOnAsync(TestClinic clinic) => PassOnAsync(clinic.AskAsync<WaitingLists, bool>);

    private static Task PassOnAsync(Func<Func<WaitingLists, Task<bool>>, Task<bool>> ask) => ask(async lists =>
    {
        await lists.PassOnAsync(Cancel);
        return true;
    });

    private static Func<Func<WaitingLists, Task<bool>>, Task<bool>> AskOther(ServiceProvider other) => async question =>
    {
        await using var scope = other.CreateAsyncScope();
        return await question(scope.ServiceProvider.GetRequiredService<WaitingLists>());
    };

    private static Task<List<WaitingListOffer>> OffersAsync(TestClinic clinic) =>
        clinic.ReadAsync(db => db.WaitingListOffers.AsNoTracking().OrderBy(row => row.OfferedAt).ThenBy(row => row.Id).ToListAsync(Cancel));

    private static Task<WaitingListEntry> EntryAsync(TestClinic clinic, WaitingListEntryId id) =>
        clinic.ReadAsync(db => db.WaitingList.AsNoTracking().SingleAsync(row => row.Id == id, Cancel));

    private static Task<SlotId> FreeAtAsync(TestClinic clinic, DateTimeOffset start) =>
        clinic.ReadAsync(db => db.Slots.Where(row => row.Start == start).Select(row => row.Id).FirstAsync(Cancel));
}
