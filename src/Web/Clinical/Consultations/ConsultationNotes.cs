using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>The clinician's note, and the end of the consultation that it closes.</summary>
public sealed class ConsultationNotes(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Keeps a draft; possible before the patient comes.</summary>
    public Task<SaveNoteOutcome> SaveDraftAsync(Actor clinician, AppointmentId id, NoteDraft draft, CancellationToken cancellationToken) =>
        db.WriteAsync<SaveNoteOutcome>(clinician, "note.draft", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment)
                return new SaveNoteOutcome.NotFound();
            if (draft.Text.Length > EncounterNote.MaxLength)
                return new SaveNoteOutcome.TooLong();
            if (appointment.Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived or AppointmentStatus.CheckedIn))
                return new SaveNoteOutcome.Closed();
            var (_, note) = await NoteAsync(appointment, now, cancellationToken);
            if (Changed(note, draft))
                return new SaveNoteOutcome.ChangedElsewhere(note.Text, note.Version);
            note.Write(draft, now);
            await db.SaveChangesAsync(cancellationToken);
            return new SaveNoteOutcome.Saved(note.Version, now);
        }, cancellationToken);

    /// <summary>Signs the note, ends the encounter and fulfils the appointment.</summary>
    public Task<FinishOutcome> FinishAsync(Actor clinician, AppointmentId id, NoteDraft draft, CancellationToken cancellationToken) =>
        db.WriteAsync<FinishOutcome>(clinician, "consultation.finish", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment)
                return new FinishOutcome.NotFound();
            if (appointment.Status == AppointmentStatus.Fulfilled)
                return new FinishOutcome.AlreadyFinished();
            if (appointment.Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived or AppointmentStatus.CheckedIn))
                return new FinishOutcome.Cancelled();
            if (string.IsNullOrWhiteSpace(draft.Text))
                return new FinishOutcome.NoteMissing();
            if (draft.Text.Length > EncounterNote.MaxLength)
                return new FinishOutcome.NoteTooLong();
            var (encounter, note) = await NoteAsync(appointment, now, cancellationToken);
            if (Changed(note, draft))
                return new FinishOutcome.NoteChangedElsewhere(note.Text, note.Version);
            note.Write(draft, now);
            if (appointment.Status != AppointmentStatus.CheckedIn || encounter.Status != EncounterStatus.InProgress)
            {
                await db.SaveChangesAsync(cancellationToken);
                return new FinishOutcome.NotStarted(note.Version);
            }

            note.Sign(now);
            var timeline = await db.TimelineAsync(id, cancellationToken);
            encounter.Finish(timeline.EndedAt < now ? timeline.EndedAt.Value : now);
            encounter.Show(timeline);
            appointment.Fulfil();
            return new FinishOutcome.Finished(appointment.ScheduleId);
        }, cancellationToken);

    /// <summary>Changes a signed note, for a reason; what it was before is kept.</summary>
    public Task<AmendOutcome> AmendAsync(Actor clinician, AppointmentId id, NoteDraft draft, string reason, CancellationToken cancellationToken)
    {
        var why = reason.Trim();
        return db.WriteAsync<AmendOutcome>(clinician, "note.amend", reason: null, async () =>
        {
            if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment)
                return new AmendOutcome.NotFound();
            if (await SignedAsync(id, cancellationToken) is not { } note)
                return new AmendOutcome.NotSigned();
            if (why.Length is 0 or > Appointment.ReasonLength)
                return new AmendOutcome.ReasonMissing();
            if (string.IsNullOrWhiteSpace(draft.Text))
                return new AmendOutcome.TextMissing();
            if (draft.Text.Length > EncounterNote.MaxLength)
                return new AmendOutcome.TooLong();
            if (note.Version != draft.Version)
                return new AmendOutcome.ChangedElsewhere(note.Text, note.Version);
            if ((note.Text, note.Problem, note.Outcome) == (draft.Text, draft.Problem, draft.Outcome))
                return new AmendOutcome.NothingChanged();
            var earlier = await db.NoteAmendments.CountAsync(row => row.NoteId == note.Id, cancellationToken);
            db.NoteAmendments.Add(note.Amend(draft, why, appointment.PractitionerId, earlier + 1, clock.GetUtcNow()));
            return new AmendOutcome.Amended();
        }, cancellationToken);
    }

    /// <summary>What the signed note was before each amendment, the latest first; empty for a note that never changed or is not the clinician's. Times carry the practice's offset.</summary>
    public async Task<IReadOnlyList<AmendmentView>> HistoryAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(clinician);
        if (await OwnAsync(clinician, id, cancellationToken) is null || await SignedAsync(id, cancellationToken) is not { } note)
            return [];
        var time = await db.TimeOfAsync(clinician, cancellationToken);
        var rows = await (
            from amendment in db.NoteAmendments.AsNoTracking()
            join author in db.Practitioners on amendment.AuthorId equals author.Id
            where amendment.NoteId == note.Id
            orderby amendment.Sequence descending
            select new { amendment, author }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new AmendmentView(
            time.ToLocal(row.amendment.At), row.author.DisplayName, row.amendment.Reason, row.amendment.TextBefore, row.amendment.ProblemBefore, row.amendment.OutcomeBefore));
    }

    private async Task<EncounterNote?> SignedAsync(AppointmentId id, CancellationToken cancellationToken) =>
        await db.Encounters.Live().Where(row => row.AppointmentId == id).Join(db.EncounterNotes, row => row.Id, row => row.EncounterId, (_, note) => note)
            .SingleOrDefaultAsync(note => note.SignedAt != null, cancellationToken);

    /// <summary>The stored text is another one than the writer started from; a note that is new here was nowhere else.</summary>
    private bool Changed(EncounterNote note, NoteDraft draft) =>
        db.Entry(note).State != EntityState.Added && !note.Continues(draft.Version, draft.Source);

    private Task<Appointment?> OwnAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken)
    {
        if (clinician.AsPractitioner is not { } self)
            throw new NotAllowedException("Only a clinician writes notes.");
        return db.Appointments.SingleOrDefaultAsync(row => row.Id == id && row.PractitionerId == self, cancellationToken);
    }

    private async Task<(Encounter Encounter, EncounterNote Note)> NoteAsync(Appointment appointment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var encounter = await db.LiveEncounterAsync(appointment.Id, cancellationToken);
        if (encounter is null)
            db.Encounters.Add(encounter = Encounter.Plan(appointment, now));
        var note = await db.EncounterNotes.SingleOrDefaultAsync(row => row.EncounterId == encounter.Id, cancellationToken);
        if (note is null)
            db.EncounterNotes.Add(note = EncounterNote.Draft(encounter, appointment.PractitionerId));
        return (encounter, note);
    }
}
