using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>The clinician's note, and the end of the consultation that it closes.</summary>
public sealed class ConsultationNotes(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Keeps a draft; possible before the patient comes.</summary>
    /// <param name="version">Of the note that the text was written on: <see cref="ConsultationView.NoteVersion"/> or the last <see cref="SaveNoteOutcome.Saved"/>.</param>
    public Task<SaveNoteOutcome> SaveDraftAsync(Actor clinician, AppointmentId id, string text, int version, CancellationToken cancellationToken) =>
        db.WriteAsync<SaveNoteOutcome>(clinician, "note.draft", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment)
                return new SaveNoteOutcome.NotFound();
            if (text.Length > EncounterNote.MaxLength)
                return new SaveNoteOutcome.TooLong();
            if (appointment.Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived or AppointmentStatus.CheckedIn))
                return new SaveNoteOutcome.Closed();
            var (_, note) = await NoteAsync(appointment, now, cancellationToken);
            if (Changed(note, version))
                return new SaveNoteOutcome.ChangedElsewhere(note.Text, note.Version);
            note.Write(text, now);
            await db.SaveChangesAsync(cancellationToken);
            return new SaveNoteOutcome.Saved(note.Version, now);
        }, cancellationToken);

    /// <summary>Signs the note, ends the encounter and fulfils the appointment.</summary>
    public Task<FinishOutcome> FinishAsync(Actor clinician, AppointmentId id, string text, int version, CancellationToken cancellationToken) =>
        db.WriteAsync<FinishOutcome>(clinician, "consultation.finish", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment)
                return new FinishOutcome.NotFound();
            if (appointment.Status == AppointmentStatus.Fulfilled)
                return new FinishOutcome.AlreadyFinished();
            if (appointment.Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived or AppointmentStatus.CheckedIn))
                return new FinishOutcome.Cancelled();
            if (string.IsNullOrWhiteSpace(text))
                return new FinishOutcome.NoteMissing();
            if (text.Length > EncounterNote.MaxLength)
                return new FinishOutcome.NoteTooLong();
            var (encounter, note) = await NoteAsync(appointment, now, cancellationToken);
            if (Changed(note, version))
                return new FinishOutcome.NoteChangedElsewhere(note.Text, note.Version);
            note.Write(text, now);
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

    /// <summary>The stored text is another one than the writer started from; a note that is new here was nowhere else.</summary>
    private bool Changed(EncounterNote note, int version) =>
        db.Entry(note).State != EntityState.Added && note.Version != version;

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
