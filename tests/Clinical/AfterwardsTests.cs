using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>What follows a consultation: the letter, the next appointment, tasks for staff, the survey.</summary>
public sealed class AfterwardsTests
{
    private static readonly LetterDraft Letter = new("You have had a cough. It is a cold.", "Rest. Phone us if it is not gone in 3 weeks.", 0);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_is_kept_during_the_consultation_and_sent_once_after_it_with_a_message()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        var early = await SendAsync(clinic, call, Letter);
        await call.FinishAsync();
        Assert.Null(await ReadAsync(clinic, Actor.For(call.Patient), call));
        var sent = await SendAsync(clinic, call, Letter with { Version = 1 });
        var again = await SendAsync(clinic, call, Letter with { Version = 2 });

        Assert.Equal(new LetterOutcome.NotFinished(1), early);
        Assert.IsType<LetterOutcome.Sent>(sent);
        Assert.IsType<LetterOutcome.Closed>(again);
        var read = await ReadAsync(clinic, Actor.For(call.Patient), call);
        Assert.Equal((Letter.Summary, Letter.Next, "Dr Amara Okafor", clinic.Now), (read?.Summary, read?.Next, read?.PractitionerName, read?.SentAt));
        var messages = await clinic.ReadAsync(db => db.Messages.AsNoTracking().Where(row => row.Kind == MessageKind.LetterReady).ToListAsync(Cancel));
        Assert.Equal([MessageChannel.Email, MessageChannel.Text], messages.Select(message => message.Channel).Order());
        Assert.All(messages, message => Assert.Equal($"/consultations/{call.Appointment.Id}/outcome", message.Facts.Details.Path));
    }

    [Fact]
    public async Task Only_the_clinician_writes_and_only_the_patient_reads_the_letter()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await FinishedAsync(clinic);
        var other = Actor.For(await clinic.AddClinicianAsync());
        var carer = await clinic.AddCarerAsync(call.Patient, CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations);

        Assert.IsType<LetterOutcome.NotFound>(await LettersAsync(clinic, letters => letters.SaveAsync(other, call.Appointment.Id, Letter, Cancel)));
        Assert.IsType<LetterOutcome.NotFound>(await LettersAsync(clinic, letters => letters.SendAsync(other, call.Appointment.Id, Letter with { Next = "" }, Cancel)));
        Assert.Null(await LettersAsync(clinic, letters => letters.OpenAsync(other, call.Appointment.Id, Cancel)));
        foreach (var actor in new[] { clinic.Staff, Actor.For(call.Patient), carer })
            await Assert.ThrowsAsync<NotAllowedException>(() => LettersAsync(clinic, letters => letters.SaveAsync(actor, call.Appointment.Id, Letter, Cancel)));
        await SendAsync(clinic, call, Letter);

        Assert.Null(await ReadAsync(clinic, carer, call));
        Assert.Null(await ReadAsync(clinic, clinic.Staff, call));
        Assert.Null(await ReadAsync(clinic, Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal")), call));
        await Assert.ThrowsAsync<NotAllowedException>(() => LettersAsync(clinic, letters => letters.CopyAsync(carer, call.Appointment.Id, Cancel)));
    }

    [Fact]
    public async Task Staff_take_a_copy_of_a_sent_letter_and_that_they_did_stands_in_the_audit()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await FinishedAsync(clinic);

        Assert.Null(await LettersAsync(clinic, letters => letters.CopyAsync(clinic.Staff, call.Appointment.Id, Cancel)));
        await SendAsync(clinic, call, Letter);
        var copy = await LettersAsync(clinic, letters => letters.CopyAsync(clinic.Staff, call.Appointment.Id, Cancel));

        Assert.Equal(Letter.Summary, copy?.Summary);
        var taken = Assert.Single(await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Action == "letter.copy").ToListAsync(Cancel)));
        Assert.Equal((clinic.Staff.PersonId, call.Appointment.Id.Value), (taken.ActorId, taken.EntityId));
    }

    [Fact]
    public async Task A_letter_needs_both_parts_fits_and_is_not_overwritten_by_another_window()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await FinishedAsync(clinic);
        var window = Guid.NewGuid();

        Assert.Equal(new LetterOutcome.PartMissing(Summary: true, Next: false), await SendAsync(clinic, call, Letter with { Summary = " " }));
        Assert.Equal(new LetterOutcome.PartMissing(Summary: false, Next: true), await SendAsync(clinic, call, Letter with { Next = "" }));
        Assert.Equal(new LetterOutcome.TooLong(Summary: true), await SaveAsync(clinic, call, Letter with { Summary = new string('x', PatientLetter.SummaryLength + 1) }));
        Assert.Equal(new LetterOutcome.TooLong(Summary: false), await SaveAsync(clinic, call, Letter with { Next = new string('x', PatientLetter.NextLength + 1) }));
        Assert.IsType<LetterOutcome.Saved>(await SaveAsync(clinic, call, Letter with { Source = new DraftSource(window, 1) }));
        Assert.IsType<LetterOutcome.Saved>(await SaveAsync(clinic, call, Letter with { Source = new DraftSource(window, 2) }));
        Assert.Equal(new LetterOutcome.ChangedElsewhere(Letter.Summary, Letter.Next, 2), await SaveAsync(clinic, call, Letter with { Summary = "Other", Source = new DraftSource(Guid.NewGuid(), 9) }));
    }

    [Fact]
    public async Task A_follow_up_is_booked_by_the_clinician_for_their_patient_and_both_see_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.RuleAsync(new ServiceRules { BookedBy = Bookers.StaffOnly });
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddDays(7)))[0];

        var choices = await FollowUpsAsync(clinic, followUps => followUps.ChoicesAsync(clinic.Clinician, call.Appointment.Id, slot.Day, ownOnly: true, Cancel));
        var booked = await FollowUpsAsync(clinic, followUps => followUps.BookAsync(clinic.Clinician, call.Appointment.Id, slot.Id, DeliveryChannel.Video, Cancel));
        var taken = await FollowUpsAsync(clinic, followUps => followUps.BookAsync(clinic.Clinician, call.Appointment.Id, slot.Id, DeliveryChannel.Video, Cancel));

        Assert.Contains(choices?.Times ?? [], time => time.Slot == slot.Id);
        var done = Assert.IsType<BookOutcome.Booked>(booked);
        Assert.Equal(booked, taken);
        Assert.Equal((call.Patient.Id, call.Appointment.Id), ((await clinic.AppointmentAsync(done.Appointment)).PatientId, (await clinic.AppointmentAsync(done.Appointment)).FollowUpOf));
        foreach (var actor in new[] { clinic.Clinician, Actor.For(call.Patient), clinic.Staff })
            Assert.Equal(done.Appointment, Assert.Single(await FollowUpsAsync(clinic, followUps => followUps.OfAsync(actor, call.Appointment.Id, Cancel))).Id);
        Assert.Empty(await FollowUpsAsync(clinic, followUps => followUps.OfAsync(Actor.For(call.Patient) with { PersonId = Guid.NewGuid() }, call.Appointment.Id, Cancel)));
    }

    [Fact]
    public async Task A_clinician_books_for_nobody_but_the_patient_of_their_own_consultation()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddDays(7)))[0];
        var other = Actor.For(await clinic.AddClinicianAsync());
        var stranger = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        Assert.IsType<BookOutcome.NotFound>(await FollowUpsAsync(clinic, followUps => followUps.BookAsync(other, call.Appointment.Id, slot.Id, DeliveryChannel.Video, Cancel)));
        Assert.Null(await FollowUpsAsync(clinic, followUps => followUps.ChoicesAsync(other, call.Appointment.Id, slot.Day, ownOnly: false, Cancel)));
        Assert.IsType<BookOutcome.NotFound>(await clinic.BookAsync(slot, call.Patient, clinic.Clinician));
        Assert.IsType<BookOutcome.NotFound>(await clinic.BookAsync(slot, stranger, clinic.Clinician with { Treats = call.Patient.Id }));
        foreach (var actor in new[] { clinic.Staff, Actor.For(call.Patient) })
            await Assert.ThrowsAsync<NotAllowedException>(() => FollowUpsAsync(clinic, followUps => followUps.BookAsync(actor, call.Appointment.Id, slot.Id, DeliveryChannel.Video, Cancel)));
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(slot.Id)).Status);
    }

    [Fact]
    public async Task Staff_do_what_a_clinician_asked_for_and_two_of_them_do_it_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await FinishedAsync(clinic);
        await AskAsync(clinic, call, "Send the blood test form", urgent: false);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await AskAsync(clinic, call, " Phone the chemist ", urgent: true);

        var list = await TasksAsync(clinic, tasks => tasks.ListAsync(clinic.Staff, Cancel));
        Assert.Equal(["Phone the chemist", "Send the blood test form"], list.Select(task => task.Text));
        Assert.Equal(("Dr Amara Okafor", "Margaret Hughes"), (list[0].Author, list[0].PatientName));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TasksAsync(clinic, tasks => tasks.MarkAsync(clinic.Staff, list[0].Id, done: true, Cancel)), Cancel)));

        Assert.Single(outcomes.OfType<StaffTaskOutcome.Changed>());
        Assert.All(outcomes.OfType<StaffTaskOutcome.AlreadySo>(), already => Assert.NotNull(already.By));
        Assert.Equal([false, true], (await TasksAsync(clinic, tasks => tasks.ListAsync(clinic.Staff, Cancel))).Select(task => task.DoneAt is not null));
        var seen = (await TasksAsync(clinic, tasks => tasks.OfAsync(clinic.Clinician, call.Appointment.Id, Cancel)))[1];
        Assert.Equal(clinic.Now, seen.DoneAt);
        Assert.NotNull(seen.DoneBy);
        Assert.IsType<StaffTaskOutcome.Changed>(await TasksAsync(clinic, tasks => tasks.MarkAsync(clinic.Staff, list[0].Id, done: false, Cancel)));
        Assert.Equal(new StaffTaskOutcome.AlreadySo(null), await TasksAsync(clinic, tasks => tasks.MarkAsync(clinic.Staff, list[0].Id, done: false, Cancel)));
    }

    [Fact]
    public async Task A_task_has_a_text_an_author_who_may_and_an_end_to_how_many_there_are()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await FinishedAsync(clinic);
        var other = Actor.For(await clinic.AddClinicianAsync());

        Assert.IsType<StaffTaskOutcome.TextMissing>(await AskAsync(clinic, call, "  "));
        Assert.IsType<StaffTaskOutcome.TextTooLong>(await AskAsync(clinic, call, new string('x', StaffTask.TextLength + 1)));
        Assert.IsType<StaffTaskOutcome.NotFound>(await AskAsync(clinic, call, "Do it", by: other));
        await Assert.ThrowsAsync<NotAllowedException>(() => AskAsync(clinic, call, "Do it", by: Actor.For(call.Patient)));
        await Assert.ThrowsAsync<NotAllowedException>(() => AskAsync(clinic, call, "Do it", by: clinic.Staff));
        await Assert.ThrowsAsync<NotAllowedException>(() => TasksAsync(clinic, tasks => tasks.ListAsync(clinic.Clinician, Cancel)));
        await Assert.ThrowsAsync<NotAllowedException>(() => TasksAsync(clinic, tasks => tasks.MarkAsync(clinic.Clinician, StaffTaskId.New(), done: true, Cancel)));
        for (var number = 0; number < StaffTasks.MaxOpen; number++)
            Assert.IsType<StaffTaskOutcome.Changed>(await AskAsync(clinic, call, $"Task {number}"));
        Assert.IsType<StaffTaskOutcome.TooMany>(await AskAsync(clinic, call, "One more"));
        Assert.Empty(await TasksAsync(clinic, tasks => tasks.OfAsync(other, call.Appointment.Id, Cancel)));
    }

    [Fact]
    public async Task Each_person_answers_the_survey_once_and_staff_see_how_often_each_answer_was_given()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await FinishedAsync(clinic);
        var patient = Actor.For(call.Patient);
        var joining = await clinic.AddCarerAsync(call.Patient, CarerRights.JoinConsultations);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(turn => Task.Run(() => AnswerAsync(clinic, patient, call, (Experience)turn), Cancel)));
        Assert.Equal(SurveyOutcome.Kept, await AnswerAsync(clinic, joining, call, Experience.Poor));

        Assert.Single(outcomes, SurveyOutcome.Kept);
        Assert.Equal(5, outcomes.Count(outcome => outcome == SurveyOutcome.AnsweredBefore));
        Assert.Equal(SurveyState.Answered, await StateAsync(clinic, patient, call));
        var day = DateOnly.FromDateTime(call.Appointment.Start.UtcDateTime);
        var results = await SurveysAsync(clinic, surveys => surveys.ResultsAsync(clinic.Staff, day, day, null, null, Cancel));
        Assert.Equal((2, 2, 2), (results.Answers, results.Experience.Values.Sum(), results.Call[CallWorked.Well]));
        Assert.Equal(0, (await SurveysAsync(clinic, surveys => surveys.ResultsAsync(clinic.Staff, day.AddDays(1), day.AddDays(1), null, null, Cancel))).Answers);
        Assert.Equal(0, (await SurveysAsync(clinic, surveys => surveys.ResultsAsync(clinic.Staff, day, day, PractitionerId.New(), null, Cancel))).Answers);
    }

    [Fact]
    public async Task Nobody_else_answers_and_nobody_before_the_end_or_long_after()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var patient = Actor.For(call.Patient);

        Assert.Equal(SurveyOutcome.Closed, await AnswerAsync(clinic, patient, call));
        await call.FinishAsync();
        Assert.Equal(SurveyState.Open, await StateAsync(clinic, patient, call));
        foreach (var actor in new[] { clinic.Staff, clinic.Clinician, Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal")), await clinic.AddCarerAsync(call.Patient, CarerRights.SeeAppointments) })
            Assert.Equal(SurveyOutcome.NotFound, await AnswerAsync(clinic, actor, call));
        foreach (var actor in new[] { patient, clinic.Clinician })
            await Assert.ThrowsAsync<NotAllowedException>(() => SurveysAsync(clinic, surveys => surveys.ResultsAsync(actor, new DateOnly(2026, 6, 9), new DateOnly(2026, 6, 9), null, null, Cancel)));
        clinic.Clock.Advance(Surveys.OpenFor + TimeSpan.FromHours(1));
        Assert.Equal(SurveyOutcome.Closed, await AnswerAsync(clinic, patient, call));
    }

    [Fact]
    public async Task The_way_back_into_the_call_is_open_until_the_appointment_closes()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        Task<ConsultationResult?> ResultAsync() => clinic.AskAsync<ConsultationService, ConsultationResult?>(service => service.ResultAsync(Actor.For(patient), appointment.Id, Cancel));
        await clinic.JoinAsync(appointment.Id, patient);

        var waiting = await ResultAsync();
        clinic.Clock.SetUtcNow(appointment.Start + JoinWindow.After + TimeSpan.FromMinutes(1));
        var late = await ResultAsync();

        Assert.Equal((true, appointment.Start + JoinWindow.After), (waiting?.CanRejoin, waiting?.RejoinUntil));
        Assert.False(late?.CanRejoin);
    }

    private static async Task<TestCall> FinishedAsync(TestClinic clinic)
    {
        var call = await TestCall.AdmittedAsync(clinic);
        await call.FinishAsync();
        return call;
    }

    private static Task<T> LettersAsync<T>(TestClinic clinic, Func<PatientLetters, Task<T>> question) => clinic.AskAsync<PatientLetters, T>(question);

    private static Task<LetterOutcome> SaveAsync(TestClinic clinic, TestCall call, LetterDraft draft) => LettersAsync(clinic, letters => letters.SaveAsync(clinic.Clinician, call.Appointment.Id, draft, Cancel));

    private static Task<LetterOutcome> SendAsync(TestClinic clinic, TestCall call, LetterDraft draft) => LettersAsync(clinic, letters => letters.SendAsync(clinic.Clinician, call.Appointment.Id, draft, Cancel));

    private static Task<LetterToRead?> ReadAsync(TestClinic clinic, Actor actor, TestCall call) => LettersAsync(clinic, letters => letters.ReadAsync(actor, call.Appointment.Id, Cancel));

    private static Task<T> FollowUpsAsync<T>(TestClinic clinic, Func<FollowUps, Task<T>> question) => clinic.AskAsync<FollowUps, T>(question);

    private static Task<T> TasksAsync<T>(TestClinic clinic, Func<StaffTasks, Task<T>> question) => clinic.AskAsync<StaffTasks, T>(question);

    private static Task<StaffTaskOutcome> AskAsync(TestClinic clinic, TestCall call, string text, bool urgent = false, Actor? by = null) =>
        TasksAsync(clinic, tasks => tasks.AskAsync(by ?? clinic.Clinician, call.Appointment.Id, text, urgent, Cancel));

    private static Task<T> SurveysAsync<T>(TestClinic clinic, Func<Surveys, Task<T>> question) => clinic.AskAsync<Surveys, T>(question);

    private static Task<SurveyOutcome> AnswerAsync(TestClinic clinic, Actor actor, TestCall call, Experience experience = Experience.Good) =>
        SurveysAsync(clinic, surveys => surveys.AnswerAsync(actor, call.Appointment.Id, experience, CallWorked.Well, Cancel));

    private static Task<SurveyState> StateAsync(TestClinic clinic, Actor actor, TestCall call) => SurveysAsync(clinic, surveys => surveys.StateAsync(actor, call.Appointment.Id, Cancel));
}
