using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Tests;

/// <summary>The rules of a service bind whoever is not staff, wherever a time is shown, held, booked, moved to or offered.</summary>
public sealed class ServiceRuleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_for_staff_only_is_hidden_and_refused_and_staff_book_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(2));
        var patient = await clinic.AddPatientAsync();
        await clinic.RuleAsync(new ServiceRules(Bookers.StaffOnly));

        Assert.Empty(await ServicesAsync(clinic, Actor.For(patient), patient));
        Assert.Empty(await DaysAsync(clinic, Actor.For(patient), patient));
        Assert.Empty(await TimesAsync(clinic, Actor.For(patient), patient, slots[0].Day));
        Assert.Null(await clinic.AskAsync<AvailabilityService, AvailableSlot?>(availability => availability.FindSlotAsync(Actor.For(patient), slots[0].Id, patient.Id, Cancel)));
        Assert.Equal(new HoldOutcome.AgainstRule(BookingRule.StaffOnly), await clinic.HoldAsync(slots[0], patient));
        Assert.Equal(new BookOutcome.AgainstRule(BookingRule.StaffOnly), await clinic.BookAsync(slots[0], patient));
        Assert.IsType<WaitOutcome.NotFound>(await clinic.AskAsync<WaitingLists, WaitOutcome>(lists => lists.JoinAsync(Actor.For(patient), new WaitingRequest(patient.Id, clinic.Service.Id, DeliveryChannel.Video, null, null), Cancel)));
        Assert.Single(await ServicesAsync(clinic, clinic.Staff, patient));
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[0], patient, clinic.Staff));
    }

    [Fact]
    public async Task A_service_for_registered_patients_is_for_those_with_an_NHS_number()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(2));
        var visitor = await clinic.AddPatientAsync();
        var registered = Patient.Register(clinic.Practice.Id, "registered", "Mohammed", "Iqbal", new DateOnly(1978, 11, 2), null, null, "9991000747", clinic.Now);
        await clinic.WriteAsync(db => db.Patients.Add(registered));
        await clinic.RuleAsync(new ServiceRules(Bookers.RegisteredPatients));

        Assert.Empty(await ServicesAsync(clinic, Actor.For(visitor), visitor));
        Assert.Empty(await DaysAsync(clinic, Actor.For(visitor), visitor));
        Assert.Equal(new BookOutcome.AgainstRule(BookingRule.RegisteredPatientsOnly), await clinic.BookAsync(slots[0], visitor));
        Assert.Single(await ServicesAsync(clinic, Actor.For(registered), registered));
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[0], registered));
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[1], visitor, clinic.Staff));
    }

    [Fact]
    public async Task Minimum_notice_and_horizon_shape_what_a_patient_sees_and_books_but_not_what_staff_do()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var today = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 8);
        var soon = await clinic.AddSlotsAsync(clinic.Now.AddDays(3), slots: 1);
        var far = await clinic.AddSlotsAsync(clinic.Now.AddDays(4), slots: 1);
        var patient = await clinic.AddPatientAsync();
        await clinic.RuleAsync(new ServiceRules(MinimumNoticeHours: 2, HorizonDays: 3));

        Assert.Equal([new(today[0].Day, 4), new AvailableDay(soon[0].Day, 1)], await DaysAsync(clinic, Actor.For(patient), patient));
        Assert.Equal(today.Skip(4).Select(slot => slot.Id), (await TimesAsync(clinic, Actor.For(patient), patient, today[0].Day)).Select(slot => slot.Id));
        Assert.Equal(3, (await DaysAsync(clinic, clinic.Staff, patient)).Count);
        Assert.Equal(new HoldOutcome.AgainstRule(BookingRule.MinimumNotice), await clinic.HoldAsync(today[3], patient));
        Assert.Equal(new HoldOutcome.AgainstRule(BookingRule.Horizon), await clinic.HoldAsync(far[0], patient));
        Assert.Equal(new BookOutcome.AgainstRule(BookingRule.MinimumNotice), await clinic.BookAsync(today[3], patient));
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(today[4], patient));
        Assert.Equal(new MoveOutcome.AgainstRule(BookingRule.MinimumNotice), await clinic.MoveAsync(booked.Appointment, today[0], Actor.For(patient)));
        Assert.Equal(new MoveOutcome.AgainstRule(BookingRule.Horizon), await clinic.MoveAsync(booked.Appointment, far[0], Actor.For(patient)));
        Assert.IsType<MoveOutcome.Moved>(await clinic.MoveAsync(booked.Appointment, today[0], clinic.Staff));
    }

    [Fact]
    public async Task Whoever_took_a_time_soon_enough_may_finish_the_form()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(2), slots: 2);
        var patient = await clinic.AddPatientAsync();
        await clinic.RuleAsync(new ServiceRules(MinimumNoticeHours: 2));

        await clinic.HoldAsync(slots[0], patient);
        clinic.Clock.Advance(TimeSpan.FromMinutes(9));
        var found = await clinic.AskAsync<AvailabilityService, AvailableSlot?>(availability => availability.FindSlotAsync(Actor.For(patient), slots[0].Id, patient.Id, Cancel));
        var booked = await clinic.BookAsync(slots[0], patient);

        Assert.NotNull(found);
        Assert.IsType<BookOutcome.Booked>(booked);
    }

    [Fact]
    public async Task A_series_ends_where_the_horizon_does()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var first = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1);
        await clinic.AddSlotsAsync(clinic.Now.AddHours(1).AddDays(7), slots: 1);
        await clinic.AddSlotsAsync(clinic.Now.AddHours(1).AddDays(14), slots: 1);
        var patient = await clinic.AddPatientAsync();
        await clinic.RuleAsync(new ServiceRules(HorizonDays: 10));
        var request = new SeriesRequest(first[0].Id, patient.Id, DeliveryChannel.Video, 1, 3);

        var dates = await clinic.AskAsync<BookingService, IReadOnlyList<SeriesDate>>(booking => booking.SeriesDatesAsync(Actor.For(patient), request, Cancel));
        var byStaff = await clinic.AskAsync<BookingService, IReadOnlyList<SeriesDate>>(booking => booking.SeriesDatesAsync(clinic.Staff, request, Cancel));

        Assert.Equal([true, true, false], dates.Select(date => date.Slot is not null));
        Assert.All(byStaff, date => Assert.NotNull(date.Slot));
    }

    [Fact]
    public async Task The_waiting_list_offers_only_what_the_patient_may_book_and_how_they_want_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        await clinic.AskAsync<WaitingLists, WaitOutcome>(lists => lists.JoinAsync(Actor.For(patient), new WaitingRequest(patient.Id, clinic.Service.Id, DeliveryChannel.Video, null, null), Cancel));
        await clinic.RuleAsync(new ServiceRules(MinimumNoticeHours: 24, HorizonDays: 3));
        await clinic.AddSlotsAsync(clinic.Now.AddHours(5), slots: 1);
        await clinic.AddSlotsAsync(clinic.Now.AddDays(5), slots: 1);
        await clinic.AddTemplateAsync(details => details with { From = new DateOnly(2026, 6, 11), To = new DateOnly(2026, 6, 11), Channels = [DeliveryChannel.Telephone] });
        await clinic.AskAsync<ClinicPublisher, PublishOutcome>(publisher => publisher.PublishAsync(clinic.Staff, new PublishRequest(new DateOnly(2026, 6, 11), new DateOnly(2026, 6, 11), null), Cancel));

        await PassOnAsync(clinic);
        var none = await clinic.ReadAsync(db => db.WaitingListOffers.CountAsync(Cancel));
        var fitting = await clinic.AddSlotsAsync(clinic.Now.AddHours(54), slots: 1);
        await PassOnAsync(clinic);

        Assert.Equal(0, none);
        Assert.Equal(fitting[0].Id, (await clinic.ReadAsync(db => db.WaitingListOffers.SingleAsync(Cancel))).SlotId);
    }

    [Fact]
    public async Task Required_questions_are_answered_and_the_answers_are_kept_with_the_appointment()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(2));
        var patient = await clinic.AddPatientAsync();
        var questions = await AskAsync(clinic, ("Do you smoke?", true), ("Anything else?", false));

        var missing = await BookAsync(clinic, slots[0], patient, new GivenAnswer(questions[1].Id, "No"), new GivenAnswer(questions[0].Id, "  "));
        var tooLong = await BookAsync(clinic, slots[0], patient, new GivenAnswer(questions[0].Id, "No"), new GivenAnswer(questions[1].Id, new string('x', AppointmentAnswer.TextLength + 1)));
        var booked = Assert.IsType<BookOutcome.Booked>(await BookAsync(clinic, slots[0], patient, new GivenAnswer(questions[0].Id, " I gave up "), new GivenAnswer(ServiceQuestionId.New(), "Nobody asked")));
        await AskAsync(clinic, ("Do you smoke now?", false));

        Assert.Equal([questions[0].Id], Assert.IsType<BookOutcome.AnswersMissing>(missing).Questions);
        Assert.Equal([questions[1].Id], Assert.IsType<BookOutcome.AnswersMissing>(tooLong).Questions);
        foreach (var reader in new[] { Actor.For(patient), clinic.Clinician, clinic.Staff })
        {
            var view = await clinic.AskAsync<AppointmentQueries, AppointmentView?>(appointments => appointments.FindAsync(reader, booked.Appointment, Cancel));
            Assert.Equal([new AnswerView("Do you smoke?", "I gave up")], view?.Answers);
        }

        var audit = await clinic.ReadAsync(db => db.AuditEvents.SingleAsync(row => row.Entity == nameof(AppointmentAnswer), Cancel));
        Assert.DoesNotContain("I gave up", audit.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offer_of_a_service_that_asks_questions_leads_to_them()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        await clinic.AskAsync<WaitingLists, WaitOutcome>(lists => lists.JoinAsync(Actor.For(patient), new WaitingRequest(patient.Id, clinic.Service.Id, DeliveryChannel.Video, null, null), Cancel));
        var question = (await AskAsync(clinic, ("Do you smoke?", true)))[0];
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(30), slots: 1);
        await PassOnAsync(clinic);
        var offer = await clinic.ReadAsync(db => db.WaitingListOffers.SingleAsync(Cancel));

        var accepted = await clinic.AskAsync<BookingService, AcceptOutcome>(booking => booking.AcceptAsync(Actor.For(patient), offer.Id, Cancel));
        var booked = await BookAsync(clinic, slots[0], patient, new GivenAnswer(question.Id, "No"));

        Assert.Equal(new AcceptOutcome.AnswersNeeded(clinic.Service.Id, slots[0].Day, slots[0].Id), accepted);
        Assert.IsType<BookOutcome.Booked>(booked);
        Assert.Equal(OfferStatus.Accepted, (await clinic.ReadAsync(db => db.WaitingListOffers.AsNoTracking().SingleAsync(Cancel))).Status);
    }

    [Fact]
    public async Task The_price_stays_what_it_was_when_the_appointment_was_booked()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(2));
        var patient = await clinic.AddPatientAsync();
        await clinic.RuleAsync(new ServiceRules(PricePence: 4550));

        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[0], patient));
        await clinic.RuleAsync(new ServiceRules(PricePence: 6000));

        Assert.Equal(4550, (await clinic.AppointmentAsync(booked.Appointment)).PricePence);
    }

    [Fact]
    public async Task Two_hundred_who_want_one_time_of_a_group_of_five_at_once_get_five_places()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.WriteAsync(async db =>
        {
            var service = await db.Services.SingleAsync(row => row.Id == clinic.Service.Id, Cancel);
            service.BookBy(new ServiceRules(GroupSize: 5));
            var (schedule, slots) = Schedule.Publish(clinic.Practitioner, service, clinic.Now.AddHours(1), clinic.Now.AddHours(1) + service.Duration, clinic.Practice.Time);
            db.Schedules.Add(schedule);
            db.Slots.AddRange(slots);
        });
        var patients = Enumerable.Range(0, 200).Select(number => Patient.Register(clinic.Practice.Id, $"patient-{number}", "Patient", $"Number{number}", new DateOnly(1980, 1, 1), null, null, null, clinic.Now)).ToList();
        await clinic.WriteAsync(db => db.Patients.AddRange(patients));
        var first = await clinic.ReadAsync(db => db.Slots.SingleAsync(slot => slot.Seat == 0, Cancel));

        var outcomes = await Task.WhenAll(patients.Select(patient => Task.Run(() => clinic.BookAsync(first, patient), Cancel)));

        Assert.Equal(5, outcomes.OfType<BookOutcome.Booked>().Count());
        Assert.Equal(195, outcomes.OfType<BookOutcome.Taken>().Count());
        Assert.Equal(5, await clinic.ReadAsync(db => db.Appointments.Select(row => row.SlotId).Distinct().CountAsync(Cancel)));
    }

    /// <summary>Whatever the buffers, lengths, breaks and hours: every time lies within the session with its buffers, none in a break, and the clinician is free around each.</summary>
    [Fact]
    public void Buffers_keep_the_clinician_free_around_every_time()
    {
        var practice = new Practice { Id = PracticeId.New(), Name = "Riverside", TimeZone = "Europe/London" };
        var clinician = new Practitioner { Id = PractitionerId.New(), PracticeId = practice.Id, GivenName = "Amara", FamilyName = "Okafor" };
        var numbers = Gen.ArrayOf(Gen.Choose(0, 10_000), 7).ToArbitrary();

        Prop.ForAll(numbers, numbers =>
        {
            var service = TestClinic.NewService(practice, "Service", 5 + numbers[0] % 60);
            var (before, after, group) = (numbers[1] % 30, numbers[2] % 30, 1 + numbers[3] % 4);
            service.BookBy(new ServiceRules(BufferBeforeMinutes: before, BufferAfterMinutes: after, GroupSize: group));
            var start = TestClinic.Morning;
            var end = start.AddMinutes(1 + numbers[4] % 600);
            var pause = (Start: start.AddMinutes(numbers[5] % 300), End: start.AddMinutes(numbers[5] % 300 + 1 + numbers[6] % 90));

            var (_, slots) = Schedule.Publish(clinician, service, start, end, practice.Time, shape: new SessionShape(Breaks: [pause]));

            var busy = slots.Where(slot => slot.Seat == 0).Select(slot => (Start: slot.Start.AddMinutes(-before), End: slot.End.AddMinutes(after))).ToList();
            return slots.Count == busy.Count * group
                && busy.TrueForAll(time => time.Start >= start && time.End <= end && (time.End <= pause.Start || time.Start >= pause.End))
                && busy.Zip(busy.Skip(1)).All(pair => pair.First.End <= pair.Second.Start);
        }).QuickCheckThrowOnFailure();
    }

    private static async Task<IReadOnlyList<QuestionView>> AskAsync(TestClinic clinic, params (string Text, bool IsRequired)[] questions)
    {
        var listed = (await clinic.AskAsync<ServiceAdministration, IReadOnlyList<ServiceListing>>(services => services.ListAsync(clinic.Administrator, Cancel))).Single();
        Assert.IsType<SaveServiceOutcome.Saved>(await clinic.AskAsync<ServiceAdministration, SaveServiceOutcome>(services => services.SaveAsync(
            clinic.Administrator, listed.Id, listed.Details with { Questions = [.. questions.Select(question => new QuestionDetails(null, question.Text, question.IsRequired))] }, Cancel)));
        return await clinic.ReadAsync(db => db.QuestionsOfAsync(listed.Id, Cancel));
    }

    private static Task<BookOutcome> BookAsync(TestClinic clinic, Slot slot, Patient patient, params GivenAnswer[] answers) =>
        clinic.AskAsync<BookingService, BookOutcome>(booking => booking.BookAsync(Actor.For(patient), new BookingRequest(slot.Id, patient.Id, DeliveryChannel.Video, null, answers), Cancel));

    private static async Task PassOnAsync(TestClinic clinic) => await clinic.AskAsync<WaitingLists, bool>(async lists =>
    {
        await lists.PassOnAsync(Cancel);
        return true;
    });

    private static Task<IReadOnlyList<ServiceView>> ServicesAsync(TestClinic clinic, Actor actor, Patient patient) =>
        clinic.AskAsync<AvailabilityService, IReadOnlyList<ServiceView>>(availability => availability.ServicesAsync(actor, patient.Id, Cancel));

    private static Task<IReadOnlyList<AvailableDay>> DaysAsync(TestClinic clinic, Actor actor, Patient patient) =>
        clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableDay>>(availability => availability.DaysAsync(actor, clinic.Service.Id, patient.Id, null, 28, Cancel));

    private static Task<IReadOnlyList<AvailableSlot>> TimesAsync(TestClinic clinic, Actor actor, Patient patient, DateOnly day) =>
        clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableSlot>>(availability => availability.SlotsAsync(actor, clinic.Service.Id, patient.Id, day, Cancel));
}
