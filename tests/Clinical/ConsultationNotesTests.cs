using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

public sealed class ConsultationNotesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Finishing_signs_the_note_ends_the_encounter_and_fulfils_the_appointment()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var admitted = clinic.Now;
        await clinic.ApplyAsync(call.Connected(ConsultationRole.Patient), call.Connected(ConsultationRole.Clinician));
        clinic.Clock.Advance(TimeSpan.FromMinutes(9));

        var outcome = await call.FinishAsync("Advice given.");

        Assert.Equal(new FinishOutcome.Finished(call.Appointment.ScheduleId), outcome);
        Assert.Equal(AppointmentStatus.Fulfilled, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
        var encounter = await clinic.EncounterAsync(call.Appointment.Id);
        Assert.Equal((EncounterStatus.Finished, admitted, clinic.Now), (encounter?.Status, encounter?.Start, encounter?.End));
        Assert.Equal(2, encounter?.Participants.Count(participant => participant.Start == admitted && participant.End == clinic.Now));
        var note = await clinic.ReadAsync(db => db.EncounterNotes.SingleAsync(Cancel));
        Assert.Equal(("Advice given.", clinic.Practitioner.Id, clinic.Now, clinic.Now), (note.Text, note.AuthorId, note.SavedAt, note.SignedAt));
    }

    [Fact]
    public async Task The_patient_reads_how_it_went_and_nobody_else_does()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var admitted = clinic.Now;
        clinic.Clock.Advance(TimeSpan.FromMinutes(9));
        await call.FinishAsync();
        Task<ConsultationResult?> ResultAsync(Actor actor) => clinic.AskAsync<ConsultationService, ConsultationResult?>(service => service.ResultAsync(actor, call.Appointment.Id, Cancel));

        var result = await ResultAsync(Actor.For(call.Patient));

        Assert.Equal((BoardStatus.Done, "Dr Amara Okafor", "Riverside Health Centre", admitted, clinic.Now), (result?.Status, result?.PractitionerName, result?.PracticeName, result?.StartedAt, result?.EndedAt));
        Assert.Null(await ResultAsync(Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal"))));
        Assert.Null(await ResultAsync(clinic.Staff));
    }

    [Fact]
    public async Task A_room_that_closed_earlier_fixes_the_end()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        await clinic.ApplyAsync(call.Ended());
        var ended = clinic.Now;
        clinic.Clock.Advance(TimeSpan.FromMinutes(20));

        await call.FinishAsync();

        Assert.Equal(ended, (await clinic.EncounterAsync(call.Appointment.Id))?.End);
    }

    [Fact]
    public async Task Nothing_that_has_not_begun_can_be_finished_and_the_text_is_kept()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var call = new TestCall(clinic, appointment, patient);

        var booked = await call.FinishAsync("Called in vain.");
        await clinic.JoinAsync(appointment.Id, patient);
        await clinic.ApplyAsync(call.Waiting());
        var waiting = await call.FinishAsync("Called in vain.", version: 1);

        Assert.Equal(new FinishOutcome.NotStarted(1), booked);
        Assert.Equal(new FinishOutcome.NotStarted(1), waiting);
        Assert.Equal("Called in vain.", (await clinic.ReadAsync(db => db.EncounterNotes.SingleAsync(Cancel))).Text);
        Assert.Equal(AppointmentStatus.Arrived, (await clinic.AppointmentAsync(appointment.Id)).Status);
    }

    [Fact]
    public async Task A_consultation_is_finished_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => call.FinishAsync(), Cancel)));

        Assert.Single(outcomes.OfType<FinishOutcome.Finished>());
        Assert.Equal(7, outcomes.OfType<FinishOutcome.AlreadyFinished>().Count());
    }

    [Fact]
    public async Task Finishing_needs_a_note_of_reasonable_length_by_the_clinician_of_the_appointment()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var other = Actor.For(await clinic.AddClinicianAsync());

        Assert.IsType<FinishOutcome.NoteMissing>(await call.FinishAsync("  \n "));
        Assert.IsType<FinishOutcome.NoteTooLong>(await call.FinishAsync(new string('x', EncounterNote.MaxLength + 1)));
        Assert.IsType<FinishOutcome.NotFound>(await clinic.AskAsync<ConsultationNotes, FinishOutcome>(notes => notes.FinishAsync(other, call.Appointment.Id, new NoteDraft("x", 0), Cancel)));
        Assert.Equal(EncounterStatus.InProgress, (await clinic.EncounterAsync(call.Appointment.Id))?.Status);
    }

    [Fact]
    public async Task Cancelled_and_missed_appointments_cannot_be_finished()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (cancelled, patient) = await clinic.BookedAsync();
        await clinic.CancelAsync(cancelled.Id, clinic.Staff);

        Assert.IsType<FinishOutcome.Cancelled>(await new TestCall(clinic, cancelled, patient).FinishAsync());
        Assert.IsType<SaveNoteOutcome.Closed>(await new TestCall(clinic, cancelled, patient).DraftAsync("x", 0));
    }

    [Fact]
    public async Task A_draft_is_kept_before_the_patient_comes_and_goes_on_growing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var call = new TestCall(clinic, appointment, patient);

        var first = Assert.IsType<SaveNoteOutcome.Saved>(await call.DraftAsync("Read the record.", 0));
        var second = Assert.IsType<SaveNoteOutcome.Saved>(await call.DraftAsync("Read the record. To ask: sleep.", first.Version));
        await clinic.JoinAsync(appointment.Id, patient);

        Assert.Equal((1, 2), (first.Version, second.Version));
        var opened = Assert.IsType<OpenOutcome.Ok>(await clinic.AskAsync<ConsultationService, OpenOutcome>(service => service.OpenAsync(clinic.Clinician, appointment.Id, Cancel)));
        Assert.Equal(("Read the record. To ask: sleep.", 2, null), (opened.Consultation.Note, opened.Consultation.NoteVersion, opened.Consultation.NoteSignedAt));
        Assert.Equal(EncounterStatus.Arrived, (await clinic.EncounterAsync(appointment.Id))?.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_save_on_another_version_overwrites_nothing(int staleVersion)
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.DraftAsync("One.", 0);
        await call.DraftAsync("Two.", 1);

        Assert.Equal(new SaveNoteOutcome.ChangedElsewhere("Two.", 2), await call.DraftAsync("From an old window.", staleVersion));
        Assert.Equal(new FinishOutcome.NoteChangedElsewhere("Two.", 2), await call.FinishAsync("From an old window.", staleVersion));
        Assert.IsType<FinishOutcome.Finished>(await call.FinishAsync("Three.", 2));
        Assert.IsType<SaveNoteOutcome.Closed>(await call.DraftAsync("Four.", 3));
        Assert.Equal("Three.", (await clinic.ReadAsync(db => db.EncounterNotes.SingleAsync(Cancel))).Text);
    }

    [Fact]
    public async Task Another_clinician_cannot_write_in_this_note()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var other = Actor.For(await clinic.AddClinicianAsync());

        Assert.IsType<SaveNoteOutcome.NotFound>(await clinic.AskAsync<ConsultationNotes, SaveNoteOutcome>(notes => notes.SaveDraftAsync(other, appointment.Id, new NoteDraft("x", 0), Cancel)));
        Assert.IsType<SaveNoteOutcome.TooLong>(await clinic.AskAsync<ConsultationNotes, SaveNoteOutcome>(notes =>
            notes.SaveDraftAsync(clinic.Clinician, appointment.Id, new NoteDraft(new string('x', EncounterNote.MaxLength + 1), 0), Cancel)));
        Assert.Equal(0, await clinic.ReadAsync(db => db.EncounterNotes.CountAsync(Cancel)));
    }

    [Fact]
    public void A_signed_note_never_changes()
    {
        var note = new EncounterNote { Id = Guid.NewGuid(), PracticeId = PracticeId.New(), EncounterId = EncounterId.New(), AuthorId = PractitionerId.New() };

        Assert.Throws<IllegalTransitionException>(() => note.Sign(TestClinic.Morning));
        note.Write(new NoteDraft("Advice given.", 0), TestClinic.Morning);
        note.Sign(TestClinic.Morning);

        Assert.Throws<IllegalTransitionException>(() => note.Write(new NoteDraft("Something else.", 0), TestClinic.Morning));
        Assert.Throws<IllegalTransitionException>(() => note.Sign(TestClinic.Morning));
    }
}
