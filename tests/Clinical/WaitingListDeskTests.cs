using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Tests;

/// <summary>The waiting list as staff work with it.</summary>
public sealed class WaitingListDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_see_who_waits_for_what_since_when_and_what_is_offered()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var first = await WaitAsync(clinic, "First");
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = await WaitAsync(clinic, "Second");
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 1))[0];
        Assert.IsType<HandOfferOutcome.Offered>(await OfferAsync(clinic, second.Entry, slot));

        var list = await clinic.AskAsync<WaitingListDesk, IReadOnlyList<DeskEntry>>(desk => desk.ListAsync(clinic.Staff, Cancel));

        Assert.Equal([first.Entry, second.Entry], list.Select(row => row.Id));
        Assert.Equal(clinic.Now.AddMinutes(-5), list[0].JoinedAt);
        Assert.Null(list[0].Offered);
        Assert.Equal((slot.Start, clinic.Now + OfferTime.ToAnswer), list[1].Offered is var (start, until) ? (start, until) : default);
    }

    [Fact]
    public async Task A_time_is_offered_out_of_turn_told_and_taken_like_any_other()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await WaitAsync(clinic, "First");
        var second = await WaitAsync(clinic, "Second");
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 1))[0];
        var free = await clinic.AskAsync<WaitingListDesk, IReadOnlyList<DeskSlot>>(desk => desk.FreeSlotsAsync(clinic.Staff, second.Entry, Cancel));

        Assert.IsType<HandOfferOutcome.Offered>(await OfferAsync(clinic, second.Entry, slot));
        var again = await OfferAsync(clinic, second.Entry, slot);
        var offer = await clinic.ReadAsync(db => db.WaitingListOffers.AsNoTracking().SingleAsync(Cancel));
        var accepted = await clinic.AskAsync<BookingService, AcceptOutcome>(booking => booking.AcceptAsync(Actor.For(second.Patient), offer.Id, Cancel));

        Assert.Equal(slot.Id, Assert.Single(free).Id);
        Assert.IsType<HandOfferOutcome.HasOffer>(again);
        Assert.Equal(2, await clinic.ReadAsync(db => db.Messages.CountAsync(row => row.Kind == MessageKind.WaitingListOffer && row.PatientId == second.Patient.Id, Cancel)));
        Assert.IsType<AcceptOutcome.Accepted>(accepted);
        Assert.Equal(clinic.Staff.PersonId, (await clinic.ReadAsync(db => db.AuditEvents.FirstAsync(row => row.Action == "waiting-list.offer-by-hand", Cancel))).ActorId);
    }

    [Fact]
    public async Task One_time_offered_by_hand_to_many_at_once_while_others_book_it_goes_to_one()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var waiting = new List<(Patient Patient, WaitingListEntryId Entry)>();
        for (var index = 0; index < 6; index++)
            waiting.Add(await WaitAsync(clinic, $"Number{index}"));
        var buyer = await clinic.AddPatientAsync("Buyer", "One");
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 1))[0];

        var offers = waiting.Select(row => Task.Run<object>(async () => await OfferAsync(clinic, row.Entry, slot), Cancel));
        var books = Enumerable.Range(0, 3).Select(_ => Task.Run<object>(async () => await clinic.BookAsync(slot, buyer), Cancel));
        var answers = await Task.WhenAll(offers.Concat(books));

        var after = await clinic.SlotAsync(slot.Id);
        var open = await clinic.ReadAsync(db => db.WaitingListOffers.CountAsync(row => row.SlotId == slot.Id && row.Status == OfferStatus.Open, Cancel));
        var sold = await clinic.ReadAsync(db => db.Appointments.CountAsync(row => row.SlotId == slot.Id, Cancel));
        Assert.Equal(1, open + sold);
        Assert.Equal(open, answers.OfType<HandOfferOutcome.Offered>().Count());
        Assert.Equal(sold == 1 ? SlotStatus.Busy : SlotStatus.BusyTentative, after.Status);
        Assert.Equal(6 - open, answers.OfType<HandOfferOutcome.Taken>().Count());
    }

    [Fact]
    public async Task What_does_not_fit_begins_too_soon_or_is_gone_is_refused()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var entry = await WaitAsync(clinic, "First");
        var soon = (await clinic.AddSlotsAsync(clinic.Now.AddMinutes(30), slots: 1))[0];
        var later = (await clinic.AddSlotsAsync(clinic.Now.AddDays(20), slots: 1))[0];
        var sold = (await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 1))[0];
        await clinic.BookAsync(sold, await clinic.AddPatientAsync("Mohammed", "Iqbal"));

        Assert.IsType<HandOfferOutcome.TooSoon>(await OfferAsync(clinic, entry.Entry, soon));
        Assert.IsType<HandOfferOutcome.DoesNotFit>(await OfferAsync(clinic, entry.Entry, later));
        Assert.IsType<HandOfferOutcome.Taken>(await OfferAsync(clinic, entry.Entry, sold));
        Assert.IsType<HandOfferOutcome.NotFound>(await clinic.AskAsync<WaitingListDesk, HandOfferOutcome>(desk => desk.OfferAsync(clinic.Staff, WaitingListEntryId.New(), later.Id, Cancel)));
    }

    [Fact]
    public async Task Staff_add_and_take_off_with_a_reason_and_an_offer_goes_to_the_next()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var request = new WaitingRequest(patient.Id, clinic.Service.Id, DeliveryChannel.Video);
        Task<WaitOutcome> AddAsync(string? reason) => clinic.AskAsync<WaitingLists, WaitOutcome>(lists => lists.JoinAsync(clinic.Staff, request with { Reason = reason }, Cancel));

        Assert.IsType<WaitOutcome.ReasonMissing>(await AddAsync(" "));
        Assert.IsType<WaitOutcome.ReasonMissing>(await AddAsync(new string('x', 501)));
        var joined = Assert.IsType<WaitOutcome.Joined>(await AddAsync("Asked on the phone"));
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await WaitAsync(clinic, "Second");
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 1))[0];
        Assert.IsType<HandOfferOutcome.Offered>(await OfferAsync(clinic, joined.Entry, slot));

        Assert.Equal(RemoveOutcome.ReasonMissing, await RemoveAsync(clinic, joined.Entry, " "));
        Assert.Equal(RemoveOutcome.Removed, await RemoveAsync(clinic, joined.Entry, "Does not need it"));
        Assert.Equal(RemoveOutcome.NotFound, await RemoveAsync(clinic, joined.Entry, "Does not need it"));

        Assert.Equal(second.Entry, (await clinic.ReadAsync(db => db.WaitingListOffers.SingleAsync(row => row.Status == OfferStatus.Open, Cancel))).EntryId);
        Assert.Equal(
            ["Asked on the phone", "Does not need it"],
            await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.EntityId == joined.Entry.Value && row.Reason != null).OrderBy(row => row.Id).Select(row => row.Reason).ToListAsync(Cancel)));
    }

    [Fact]
    public async Task Nobody_but_staff_and_staff_of_no_other_practice()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var entry = await WaitAsync(clinic, "First");
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 1))[0];

        foreach (var actor in new[] { Actor.For(entry.Patient), clinic.Clinician })
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<WaitingListDesk, IReadOnlyList<DeskEntry>>(desk => desk.ListAsync(actor, Cancel)));
        Assert.Empty(await neighbour.AskAsync<WaitingListDesk, IReadOnlyList<DeskEntry>>(desk => desk.ListAsync(neighbour.Staff, Cancel)));
        Assert.Null(await neighbour.AskAsync<WaitingListDesk, DeskEntry?>(desk => desk.FindAsync(neighbour.Staff, entry.Entry, Cancel)));
        Assert.IsType<HandOfferOutcome.NotFound>(await neighbour.AskAsync<WaitingListDesk, HandOfferOutcome>(desk => desk.OfferAsync(neighbour.Staff, entry.Entry, slot.Id, Cancel)));
        Assert.Equal(RemoveOutcome.NotFound, await neighbour.AskAsync<WaitingListDesk, RemoveOutcome>(desk => desk.RemoveAsync(neighbour.Staff, entry.Entry, "Because", Cancel)));
    }

    private static async Task<(Patient Patient, WaitingListEntryId Entry)> WaitAsync(TestClinic clinic, string name)
    {
        var patient = await clinic.AddPatientAsync("Patient", name);
        var count = await clinic.ReadAsync(db => db.Schedules.CountAsync(Cancel));
        var (appointment, _) = await clinic.BookedAsync(TimeSpan.FromDays(9) + TimeSpan.FromMinutes(20 * count), patient);
        var joined = await clinic.AskAsync<WaitingLists, WaitOutcome>(lists => lists.JoinAsync(Actor.For(patient), new WaitingRequest(patient.Id, clinic.Service.Id, DeliveryChannel.Video, appointment.Id), Cancel));
        return (patient, Assert.IsType<WaitOutcome.Joined>(joined).Entry);
    }

    private static Task<HandOfferOutcome> OfferAsync(TestClinic clinic, WaitingListEntryId entry, Slot slot) =>
        clinic.AskAsync<WaitingListDesk, HandOfferOutcome>(desk => desk.OfferAsync(clinic.Staff, entry, slot.Id, Cancel));

    private static Task<RemoveOutcome> RemoveAsync(TestClinic clinic, WaitingListEntryId entry, string reason) =>
        clinic.AskAsync<WaitingListDesk, RemoveOutcome>(desk => desk.RemoveAsync(clinic.Staff, entry, reason, Cancel));
}
