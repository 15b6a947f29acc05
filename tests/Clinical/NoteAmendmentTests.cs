using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

/// <summary>Drafts from several windows, what a note is coded with, and changes after signing.</summary>
public sealed class NoteAmendmentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_whose_answer_was_lost_saves_on_and_another_window_does_not()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var (mine, other) = (Guid.NewGuid(), Guid.NewGuid());
        await SaveAsync(clinic, call, "One", 0, mine, 1);

        // The server saved, and died before it could say so: the window still has version 0.
        var again = await SaveAsync(clinic, call, "One two", 0, mine, 2);
        var foreign = await SaveAsync(clinic, call, "Mine is old", 0, other, 9);
        var late = await SaveAsync(clinic, call, "One", 0, mine, 1);

        Assert.Equal(2, Assert.IsType<SaveNoteOutcome.Saved>(again).Version);
        Assert.Equal(new SaveNoteOutcome.ChangedElsewhere("One two", 2), foreign);
        Assert.Equal(new SaveNoteOutcome.ChangedElsewhere("One two", 2), late);
        Assert.IsType<SaveNoteOutcome.Saved>(await SaveAsync(clinic, call, "Both", 2, other, 10));
        Assert.Equal(new SaveNoteOutcome.ChangedElsewhere("Both", 3), await SaveAsync(clinic, call, "One two three", 2, mine, 3));
    }

    [Fact]
    public async Task Two_windows_that_save_at_once_leave_one_text_whole_and_tell_the_other()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.DraftAsync("Begun.", 0);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(window => Task.Run(() => SaveAsync(clinic, call, $"Window {window}", 1, Guid.NewGuid(), 1), Cancel)));

        Assert.Single(outcomes.OfType<SaveNoteOutcome.Saved>());
        Assert.Equal(5, outcomes.OfType<SaveNoteOutcome.ChangedElsewhere>().Count());
        var stored = (await NoteAsync(clinic)).Text;
        Assert.All(outcomes.OfType<SaveNoteOutcome.ChangedElsewhere>(), told => Assert.Equal(stored, told.Text));
    }

    [Fact]
    public async Task Problem_and_outcome_are_kept_with_the_note_and_only_from_the_lists()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        await AskAsync(clinic, notes => notes.FinishAsync(clinic.Clinician, call.Appointment.Id, new NoteDraft("Inhaler explained.", 0, "asthma", EncounterOutcome.TreatmentChanged), Cancel));

        var opened = Assert.IsType<OpenOutcome.Ok>(await clinic.AskAsync<ConsultationService, OpenOutcome>(service => service.OpenAsync(clinic.Clinician, call.Appointment.Id, Cancel)));
        Assert.Equal(("asthma", EncounterOutcome.TreatmentChanged), (opened.Consultation.Problem, opened.Consultation.Outcome));
        await Assert.ThrowsAsync<ArgumentException>(() => AskAsync(clinic, notes =>
            notes.AmendAsync(clinic.Clinician, call.Appointment.Id, new NoteDraft("x", opened.Consultation.NoteVersion, "made-up"), "Because", Cancel)));
    }

    [Fact]
    public void Every_problem_has_a_code_and_a_term_of_its_own()
    {
        Assert.Equal(ProblemList.All.Count, ProblemList.All.Select(problem => problem.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(ProblemList.All.Count, ProblemList.All.Select(problem => problem.Term).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ProblemList.All, problem => Assert.True(problem.Code.Length <= ProblemList.CodeLength && ProblemList.Find(problem.Code) == problem));
    }

    [Fact]
    public async Task A_signed_note_is_amended_with_a_reason_and_keeps_what_it_was()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.FinishAsync("Take 5 mg.");
        var signed = (await NoteAsync(clinic)).SignedAt;
        clinic.Clock.Advance(TimeSpan.FromMinutes(20));

        Assert.IsType<AmendOutcome.Amended>(await AmendAsync(clinic, call, new NoteDraft("Take 50 mg.", 1, "hypertension", EncounterOutcome.TreatmentStarted), "Wrong dose"));
        var first = clinic.Now;
        clinic.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.IsType<AmendOutcome.Amended>(await AmendAsync(clinic, call, new NoteDraft("Take 50 mg in the morning.", 2, "hypertension", EncounterOutcome.TreatmentStarted), " When to take it "));

        var note = await NoteAsync(clinic);
        Assert.Equal(("Take 50 mg in the morning.", signed, "hypertension"), (note.Text, note.SignedAt, note.Problem));
        var history = await HistoryAsync(clinic, clinic.Clinician, call);
        Assert.Equal(
            [(clinic.Now, "When to take it", "Take 50 mg."), (first, "Wrong dose", "Take 5 mg.")],
            history.Select(change => (change.At, change.Reason, change.TextBefore)));
        Assert.Equal((null, null, "Dr Amara Okafor"), (history[1].ProblemBefore, history[1].OutcomeBefore, history[1].Author));
        Assert.Equal(EncounterOutcome.TreatmentStarted, history[0].OutcomeBefore);
    }

    [Fact]
    public async Task An_amendment_needs_a_signed_note_a_reason_a_text_and_a_change()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.DraftAsync("Take 5 mg.", 0);
        Assert.IsType<AmendOutcome.NotSigned>(await AmendAsync(clinic, call, new NoteDraft("x", 1), "Because"));
        await call.FinishAsync("Take 5 mg.", 1);

        Assert.IsType<AmendOutcome.ReasonMissing>(await AmendAsync(clinic, call, new NoteDraft("x", 2), "  "));
        Assert.IsType<AmendOutcome.ReasonMissing>(await AmendAsync(clinic, call, new NoteDraft("x", 2), new string('x', 501)));
        Assert.IsType<AmendOutcome.TextMissing>(await AmendAsync(clinic, call, new NoteDraft(" ", 2), "Because"));
        Assert.IsType<AmendOutcome.TooLong>(await AmendAsync(clinic, call, new NoteDraft(new string('x', EncounterNote.MaxLength + 1), 2), "Because"));
        Assert.IsType<AmendOutcome.NothingChanged>(await AmendAsync(clinic, call, new NoteDraft("Take 5 mg.", 2), "Because"));
        Assert.Equal(new AmendOutcome.ChangedElsewhere("Take 5 mg.", 2), await AmendAsync(clinic, call, new NoteDraft("x", 1), "Because"));
        Assert.Empty(await HistoryAsync(clinic, clinic.Clinician, call));
    }

    [Fact]
    public async Task Two_amendments_at_once_leave_one()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.FinishAsync("Take 5 mg.");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(window => Task.Run(() => AmendAsync(clinic, call, new NoteDraft($"Take {window} mg.", 1, "cough"), "Because"), Cancel)));

        Assert.Single(outcomes.OfType<AmendOutcome.Amended>());
        Assert.Equal(5, outcomes.OfType<AmendOutcome.ChangedElsewhere>().Count());
        Assert.Single(await HistoryAsync(clinic, clinic.Clinician, call));
    }

    [Fact]
    public async Task Only_the_clinician_of_the_consultation_amends_and_reads_the_history()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.FinishAsync("Take 5 mg.");
        await AmendAsync(clinic, call, new NoteDraft("Take 6 mg.", 1), "Because");
        var other = Actor.For(await clinic.AddClinicianAsync());

        Assert.IsType<AmendOutcome.NotFound>(await AmendAsync(clinic, call, new NoteDraft("x", 2), "Because", other));
        Assert.Empty(await HistoryAsync(clinic, other, call));
        foreach (var actor in new[] { clinic.Staff, Actor.For(call.Patient), await clinic.AddCarerAsync(call.Patient, CarerRights.SeeAppointments | CarerRights.JoinConsultations) })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => AmendAsync(clinic, call, new NoteDraft("x", 2), "Because", actor));
            await Assert.ThrowsAsync<NotAllowedException>(() => HistoryAsync(clinic, actor, call));
            await Assert.ThrowsAsync<NotAllowedException>(() => AskAsync(clinic, notes => notes.SaveDraftAsync(actor, call.Appointment.Id, new NoteDraft("x", 2), Cancel)));
        }
    }

    [Fact]
    public async Task The_audit_says_who_amended_and_holds_no_text()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.FinishAsync("Take five milligrams.");
        await AmendAsync(clinic, call, new NoteDraft("Take fifty milligrams.", 1, "hypertension"), "Wrong dosage");

        var events = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Action == "note.amend").ToListAsync(Cancel));

        Assert.Equal(2, events.Count);
        Assert.All(events, row => Assert.Equal(clinic.Practitioner.Id.Value, row.ActorId));
        Assert.DoesNotContain(events, row => $"{row.Before}{row.After}{row.Reason}" is var all && (all.Contains("milligrams", StringComparison.Ordinal) || all.Contains("hypertension", StringComparison.Ordinal) || all.Contains("dosage", StringComparison.Ordinal)));
    }

    private static Task<T> AskAsync<T>(TestClinic clinic, Func<ConsultationNotes, Task<T>> question) => clinic.AskAsync<ConsultationNotes, T>(question);

    private static Task<EncounterNote> NoteAsync(TestClinic clinic) => clinic.ReadAsync(db => db.EncounterNotes.AsNoTracking().SingleAsync(Cancel));

    private static Task<SaveNoteOutcome> SaveAsync(TestClinic clinic, TestCall call, string text, int version, Guid window, int number) => AskAsync(clinic, notes =>
        notes.SaveDraftAsync(clinic.Clinician, call.Appointment.Id, new NoteDraft(text, version) { Source = new DraftSource(window, number) }, Cancel));

    private static Task<AmendOutcome> AmendAsync(TestClinic clinic, TestCall call, NoteDraft draft, string reason, Actor? by = null) =>
        AskAsync(clinic, notes => notes.AmendAsync(by ?? clinic.Clinician, call.Appointment.Id, draft, reason, Cancel));

    private static Task<IReadOnlyList<AmendmentView>> HistoryAsync(TestClinic clinic, Actor by, TestCall call) => AskAsync(clinic, notes => notes.HistoryAsync(by, call.Appointment.Id, Cancel));
}
