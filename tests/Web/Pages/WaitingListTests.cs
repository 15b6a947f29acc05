using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;
using Telemedicine.Web.Tests.Host;
using Telemedicine.Web.WaitingList;

namespace Telemedicine.Web.Tests.Pages;

public sealed class WaitingListTests : WebTest
{
    [Fact]
    public async Task A_patient_joins_is_told_of_an_earlier_time_and_takes_it_with_one_press()
    {
        // The whole of today's clinic of Tomasz is sold: nothing earlier is free.
        var (mine, early) = await SoldOutAsync();
        using var browser = await Web.SignInAsync(People.Margaret);
        var details = await browser.GetAsync($"/appointments/{mine}");
        var form = await browser.GetAsync(details.Link("Tell me if something earlier comes up"));
        var joined = await browser.SubmitAsync(form, "Join the waiting list", ("Channel", "Video"));

        await Web.WithAsync<BookingService, CancelOutcome>(booking => booking.CancelAsync(Actor.For(Seed.Mohammed), early, "Better", Cancelled));
        var message = await MessageAsync();
        // The link of the message, in a browser where nobody is signed in yet.
        using var phone = Web.Browser(People.Margaret);
        var offer = await phone.GetAsync(message.Facts.Details.Path ?? "");
        var taken = await phone.SubmitAsync(offer, "Take this time");

        Assert.Contains("You are on the waiting list", joined.Main, StringComparison.Ordinal);
        Assert.Equal("An earlier time for you", offer.Heading);
        Assert.Contains("In place of", offer.Main, StringComparison.Ordinal);
        Assert.Equal("Appointment booked", taken.Heading);
        Assert.Equal(Seed.TomaszsMorning.Slots[0].Start.AddHours(1), (await Web.FindAsync(Actor.For(Seed.Margaret), mine)).Start);
        Assert.Equal("You took this time", (await phone.GetAsync(offer.Address.PathAndQuery)).Heading);
        Assert.Contains("on no waiting list", (await phone.GetAsync("/waiting-list")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_the_offer_takes_nothing_and_declining_keeps_the_place()
    {
        var (mine, early) = await SoldOutAsync();
        await JoinAsync(mine);
        await Web.WithAsync<BookingService, CancelOutcome>(booking => booking.CancelAsync(Actor.For(Seed.Mohammed), early, "Better", Cancelled));
        using var browser = await Web.SignInAsync(People.Margaret);

        var appointments = await browser.GetAsync("/appointments");
        var offer = await browser.GetAsync(appointments.Link("See and take this time"));
        var still = (await Web.FindAsync(Actor.For(Seed.Margaret), mine)).Start;
        var declined = await browser.SubmitAsync(offer, "I do not want it");

        Assert.DoesNotContain("You have not finished booking", appointments.Main, StringComparison.Ordinal);
        Assert.Equal(still, (await Web.FindAsync(Actor.For(Seed.Margaret), mine)).Start);
        Assert.Contains("You stay on the waiting list", declined.Main, StringComparison.Ordinal);
        Assert.NotNull(declined.Document.QuerySelector("form[action*='Leave']"));
    }

    [Fact]
    public async Task After_its_time_the_worker_passes_the_offer_on_and_the_page_says_so()
    {
        var (mine, early) = await SoldOutAsync();
        await JoinAsync(mine);
        await Web.WithAsync<BookingService, CancelOutcome>(booking => booking.CancelAsync(Actor.For(Seed.Mohammed), early, "Better", Cancelled));
        using var browser = await Web.SignInAsync(People.Margaret);
        var message = await MessageAsync();
        var offer = await browser.GetAsync(message.Facts.Details.Path ?? "");
        Web.Time.SetUtcNow(message.Facts.Details.Until ?? throw new InvalidOperationException("No time."));
        await Web.Services.GetRequiredService<WaitingListWorker>().PassOnAsync(Cancelled);
        using var again = await Web.SignInAsync(People.Margaret);

        var late = await again.GetAsync(offer.Address.PathAndQuery);

        Assert.Equal("This time is not kept for you any more", late.Heading);
        Assert.Empty(late.Document.QuerySelectorAll("main form"));
        var view = await Web.WithAsync<WaitingLists, IReadOnlyList<WaitingView>>(lists => lists.OfPatientAsync(Actor.For(Seed.Margaret), Seed.Margaret.Id, Cancelled));
        Assert.Null(Assert.Single(view).Offer);
    }

    [Fact]
    public async Task A_patient_leaves_the_list()
    {
        var (mine, _) = await SoldOutAsync();
        await JoinAsync(mine);
        using var browser = await Web.SignInAsync(People.Margaret);

        var left = await browser.SubmitAsync(await browser.GetAsync("/waiting-list"), "Leave this list: Physiotherapy");

        Assert.Contains("You are not on the waiting list any more", left.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("See your waiting list", left.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offer_and_a_place_of_another_are_not_found()
    {
        var (mine, early) = await SoldOutAsync();
        var entry = await JoinAsync(mine);
        await Web.WithAsync<BookingService, CancelOutcome>(booking => booking.CancelAsync(Actor.For(Seed.Mohammed), early, "Better", Cancelled));
        var path = (await MessageAsync()).Facts.Details.Path ?? "";

        foreach (var account in new[] { People.Mohammed, People.Wilma })
        {
            using var other = await Web.SignInAsync(account);
            var token = (await other.GetAsync("/account/sign-out")).RequestToken ?? "";
            KeyValuePair<string, string>[] form = [new("__RequestVerificationToken", token)];
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(path)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync(path, form)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"{path}?handler=Decline", form)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"/waiting-list?handler=Leave&entry={entry}", form)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/waiting-list/join/{Seed.Physiotherapy.Id}?appointment={mine}")).Status);
        }

        using var staff = await Web.SignInAsync(People.Helen);
        Assert.Equal(HttpStatusCode.Forbidden, (await staff.GetAsync(path)).Status);
        var view = Assert.Single(await Web.WithAsync<WaitingLists, IReadOnlyList<WaitingView>>(lists => lists.OfPatientAsync(Actor.For(Seed.Margaret), Seed.Margaret.Id, Cancelled)));
        Assert.True(view.Offer?.IsOpen);
    }

    [Fact]
    public async Task Staff_see_who_waits_offer_a_time_by_hand_and_take_somebody_off()
    {
        var (mine, _) = await SoldOutAsync();
        await JoinAsync(mine);
        using var helen = await Web.SignInAsync(People.Helen);
        var entry = await helen.GetAsync((await helen.GetAsync("/practice/waiting-list")).Link("Margaret Hughes"));
        // Whoever cancels now would be offered on by itself: this time was free before anybody waited.
        var (schedule, slots) = Schedule.Publish(Seed.Tomasz, Seed.Physiotherapy, Seed.Today(14), Seed.Today(15), PracticeTime.For("Europe/London"));
        await Web.WithAsync<Clinical.Data.ClinicalDbContext, bool>(db => db.WriteAsync(Actor.System(Seed.Riverside.Id), "test.arrange", null, () =>
        {
            db.Schedules.Add(schedule);
            db.Slots.AddRange(slots);
            return Task.FromResult(true);
        }, Cancelled));
        entry = await helen.GetAsync(entry.Address.PathAndQuery);

        var none = await helen.SubmitAsync(entry, "Offer this time");
        await Web.BookAsync(Seed.Mohammed, slots[0]);
        var gone = await helen.SubmitAsync(entry, "Offer this time", ("Slot", slots[0].Id.ToString()));
        var offered = await helen.SubmitAsync(gone, "Offer this time", ("Slot", slots[1].Id.ToString()));
        var list = await helen.GetAsync("/practice/waiting-list");
        var shown = await helen.GetAsync(list.Link("Margaret Hughes"));
        using var margaret = await Web.SignInAsync(People.Margaret);
        var offer = await margaret.GetAsync((await margaret.GetAsync("/appointments")).Link("See and take this time"));
        var silent = await helen.SubmitAsync(shown, "Take off the list");
        var removed = await helen.SubmitAsync(silent, "Take off the list", ("Reason", "Does not need it any more"));

        Assert.Equal([("Select a time", "#Slot")], none.Errors);
        Assert.Equal("Someone else has just taken this time. Select another time", Assert.Single(gone.Errors).Text);
        Assert.Contains("The time is kept for Margaret Hughes until Monday 2 March 2026 at 10:30am", offered.Main, StringComparison.Ordinal);
        Assert.Contains("Monday 2 March 2026 at 2:30pm, until Monday 2 March 2026 at 10:30am", list.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Offer this time", shown.Main, StringComparison.Ordinal);
        Assert.Equal("An earlier time for you", offer.Heading);
        Assert.Equal([("Enter why they are taken off", "#Reason")], silent.Errors);
        Assert.Contains("Margaret Hughes is not on the waiting list any more", removed.Main, StringComparison.Ordinal);
        Assert.Contains("Nobody waits", removed.Main, StringComparison.Ordinal);
        Assert.Equal("This time is not kept for you any more", (await margaret.GetAsync(offer.Address.PathAndQuery)).Heading);
    }

    [Fact]
    public async Task Staff_put_a_patient_on_the_list_with_a_reason()
    {
        using var helen = await Web.SignInAsync(People.Helen);
        var patient = await helen.GetAsync($"/practice/patients/{Seed.Margaret.Id}");
        var form = await helen.GetAsync(patient.Link("Put on a waiting list"));

        var empty = await helen.SubmitAsync(form, "Put on the list");
        var wrongWay = await helen.SubmitAsync(form, "Put on the list", ("Service", Seed.Gp.Id.ToString()), ("Channel", "InPerson"), ("Reason", "Asked on the phone"));
        var added = await helen.SubmitAsync(wrongWay, "Put on the list", ("Channel", "Video"));

        Assert.Equal(["#Service", "#Channel", "#Reason"], empty.Errors.Select(error => error.Field));
        Assert.Equal("#Channel", Assert.Single(wrongWay.Errors).Field);
        Assert.Contains("Margaret Hughes is on the waiting list", added.Main, StringComparison.Ordinal);
        Assert.Contains("Any time", added.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_of_another_practice_see_nobody_and_change_nothing()
    {
        var (mine, _) = await SoldOutAsync();
        var entry = await JoinAsync(mine);
        using var imran = await Web.SignInAsync(People.Imran);
        var token = (await imran.GetAsync("/account/sign-out")).RequestToken ?? "";
        KeyValuePair<string, string>[] form = [new("__RequestVerificationToken", token), new("Reason", "Because"), new("Slot", Seed.TomaszsMorning.Slots[1].Id.ToString())];

        Assert.Contains("Nobody waits", (await imran.GetAsync("/practice/waiting-list")).Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await imran.GetAsync($"/practice/waiting-list/{entry}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await imran.PostAsync($"/practice/waiting-list/{entry}?handler=Offer", form)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await imran.PostAsync($"/practice/waiting-list/{entry}?handler=Remove", form)).Status);
        Assert.Single(await Web.WithAsync<WaitingLists, IReadOnlyList<WaitingView>>(lists => lists.OfPatientAsync(Actor.For(Seed.Margaret), Seed.Margaret.Id, Cancelled)));
    }

    [Fact]
    public async Task What_a_patient_needs_is_asked_once_and_seen_by_staff_and_clinician()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var patient = await Web.SignInAsync(People.Margaret);
        using var staff = await Web.SignInAsync(People.Helen);
        using var clinician = await Web.SignInAsync(People.Amara);
        var booked = await patient.GetAsync($"/appointments/{appointment}/booked");

        var form = await patient.GetAsync(booked.Link("Tell us once"));
        var unanswered = await patient.SubmitAsync(form, "Save", ("Language", "Polish"));
        var tooLong = await patient.SubmitAsync(form, "Save", ("Confidence", "Unsure"), ("Language", new string('x', 61)));
        var saved = await patient.SubmitAsync(unanswered, "Save", ("Confidence", "NeedsHelp"), ("Captions", "true"), ("Other", "Speak <slowly>"));

        Assert.Equal([("Select how sure you are of video calls", "#Confidence")], unanswered.Errors);
        Assert.Equal("Polish", unanswered.Document.QuerySelector("input#Language")?.GetAttribute("value"));
        Assert.Equal([("The language must be 60 characters or fewer", "#Language")], tooLong.Errors);
        Assert.Contains("Saved.", saved.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Tell us once", (await patient.GetAsync($"/appointments/{appointment}/booked")).Main, StringComparison.Ordinal);
        foreach (var page in new[]
        {
            await staff.GetAsync($"/practice/patients/{Seed.Margaret.Id}"),
            await clinician.GetAsync($"/clinics/consultations/{appointment}"),
            await clinician.GetAsync($"/clinics/{Seed.AmarasMorning.Schedule.Id}"),
        })
        {
            foreach (var need in new[] { "Interpreter: Polish", "Captions", "Needs help with video calls", "Speak <slowly>" })
                Assert.Contains(need, page.Main, StringComparison.Ordinal);
        }
        Assert.NotNull((await patient.GetAsync("/appointments/needs")).Document.QuerySelector("input#Captions[checked]"));
        Assert.Contains("Margaret Hughes", (await staff.GetAsync($"/practice/patients/{Seed.Margaret.Id}/appointments/needs")).Main, StringComparison.Ordinal);
    }

    /// <summary>Tomasz is booked up today from 10am on by others and tomorrow for Margaret; who goes at 10am can free an earlier time for her.</summary>
    private async Task<(AppointmentId Mine, AppointmentId Early)> SoldOutAsync()
    {
        var time = PracticeTime.For("Europe/London");
        var (today, early) = Schedule.Publish(Seed.Tomasz, Seed.Physiotherapy, Seed.Today(10), Seed.Today(10, 30), time);
        var (tomorrow, late) = Schedule.Publish(Seed.Tomasz, Seed.Physiotherapy, Seed.Today(10).AddDays(1), Seed.Today(10, 30).AddDays(1), time);
        await Web.WithAsync<Clinical.Data.ClinicalDbContext, bool>(db => db.WriteAsync(Actor.System(Seed.Riverside.Id), "test.arrange", null, () =>
        {
            db.Schedules.AddRange(today, tomorrow);
            db.Slots.AddRange([.. early, .. late]);
            return Task.FromResult(true);
        }, Cancelled));
        // 9am and 9:30am start too soon to be offered.
        var mine = await Web.BookAsync(Seed.Margaret, late[0]);
        return (mine, await Web.BookAsync(Seed.Mohammed, early[0]));
    }

    private async Task<WaitingListEntryId> JoinAsync(AppointmentId mine) => Assert.IsType<WaitOutcome.Joined>(await Web.WithAsync<WaitingLists, WaitOutcome>(
        lists => lists.JoinAsync(Actor.For(Seed.Margaret), new WaitingRequest(Seed.Margaret.Id, Seed.Physiotherapy.Id, DeliveryChannel.Video, mine), Cancelled))).Entry;

    private Task<Message> MessageAsync() => Web.WithAsync<Clinical.Data.ClinicalDbContext, Message>(db =>
    {
        db.ActFor(Actor.System(Seed.Riverside.Id));
        return Task.FromResult(db.Messages.Single(row => row.Kind == MessageKind.WaitingListOffer && row.Channel == MessageChannel.Email));
    });
}
