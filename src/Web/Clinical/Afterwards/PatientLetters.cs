using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Afterwards;

/// <summary>Letters to patients: the clinician of the appointment writes, the patient reads once it is sent. No carer does, and no guest; staff take a copy to post it.</summary>
public sealed class PatientLetters(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Null if it is not the clinician's appointment, or was cancelled or missed.</summary>
    public async Task<LetterToWrite?> OpenAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(clinician);
        if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment || !IsHeld(appointment))
            return null;
        var time = await db.TimeOfAsync(clinician, cancellationToken);
        var patient = await db.Patients.AsNoTracking().SingleAsync(row => row.Id == appointment.PatientId, cancellationToken);
        var letter = await db.PatientLetters.AsNoTracking().SingleOrDefaultAsync(row => row.AppointmentId == id, cancellationToken);
        return new LetterToWrite(
            id,
            patient.DisplayName,
            time.ToLocal(appointment.Start),
            letter?.Summary ?? "",
            letter?.Next ?? "",
            letter?.Version ?? 0,
            time.ToLocal(letter?.SavedAt),
            time.ToLocal(letter?.SentAt),
            appointment.Status == AppointmentStatus.Fulfilled);
    }

    public Task<LetterOutcome> SaveAsync(Actor clinician, AppointmentId id, LetterDraft draft, CancellationToken cancellationToken) =>
        db.WriteAsync<LetterOutcome>(clinician, "letter.draft", reason: null, async () =>
        {
            var (letter, refusal) = await WrittenAsync(clinician, id, draft, cancellationToken);
            if (letter is null)
                return refusal;
            await db.SaveChangesAsync(cancellationToken);
            return new LetterOutcome.Saved(letter.Version, letter.SavedAt);
        }, cancellationToken);

    /// <summary>Gives the letter to the patient, with a message that it is there. Once, and after the consultation.</summary>
    public Task<LetterOutcome> SendAsync(Actor clinician, AppointmentId id, LetterDraft draft, CancellationToken cancellationToken) =>
        db.WriteAsync<LetterOutcome>(clinician, "letter.send", reason: null, async () =>
        {
            if (string.IsNullOrWhiteSpace(draft.Summary) || string.IsNullOrWhiteSpace(draft.Next))
                return await OwnAsync(clinician, id, cancellationToken) is null
                    ? new LetterOutcome.NotFound()
                    : new LetterOutcome.PartMissing(string.IsNullOrWhiteSpace(draft.Summary), string.IsNullOrWhiteSpace(draft.Next));
            var (letter, refusal) = await WrittenAsync(clinician, id, draft, cancellationToken);
            if (letter is null)
                return refusal;
            var appointment = await db.Appointments.SingleAsync(row => row.Id == id, cancellationToken);
            if (appointment.Status != AppointmentStatus.Fulfilled)
            {
                await db.SaveChangesAsync(cancellationToken);
                return new LetterOutcome.NotFinished(letter.Version);
            }

            var now = clock.GetUtcNow();
            letter.Send(now);
            db.Notify(appointment, MessageKind.LetterReady, now, new MessageDetails { Path = $"/consultations/{id}/outcome" });
            return new LetterOutcome.Sent();
        }, cancellationToken);

    /// <summary>For the patient; null if it is not theirs, or nothing was sent.</summary>
    public async Task<LetterToRead?> ReadAsync(Actor patient, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(patient);
        return patient.AsPatient is { } self ? await SentAsync(patient, id, db.PatientLetters.Where(row => row.PatientId == self), cancellationToken) : null;
    }

    /// <summary>For practice staff who post it to a patient; null if nothing was sent. That they took it stands in the audit.</summary>
    public Task<LetterToRead?> CopyAsync(Actor staff, AppointmentId id, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            throw new NotAllowedException("Only practice staff take a copy of a letter.");
        return db.WriteAsync(staff, "letter.copy", reason: null, async () =>
        {
            var letter = await SentAsync(staff, id, db.PatientLetters, cancellationToken);
            if (letter is not null)
                db.Audit(nameof(Appointment), id.Value, after: null);
            return letter;
        }, cancellationToken);
    }

    /// <summary>Whether there is a letter to take a copy of. For practice staff.</summary>
    public async Task<bool> IsSentAsync(Actor staff, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(staff);
        return staff.IsStaff && await db.PatientLetters.AnyAsync(row => row.AppointmentId == id && row.SentAt != null, cancellationToken);
    }

    private async Task<LetterToRead?> SentAsync(Actor actor, AppointmentId id, IQueryable<PatientLetter> letters, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var row = await (
            from letter in letters.AsNoTracking()
            join appointment in db.Appointments on letter.AppointmentId equals appointment.Id
            join service in db.Services on appointment.ServiceId equals service.Id
            join author in db.Practitioners on letter.AuthorId equals author.Id
            join reader in db.Patients on letter.PatientId equals reader.Id
            join practice in db.Practices on letter.PracticeId equals practice.Id
            where letter.AppointmentId == id && letter.SentAt != null
            select new { letter, appointment, service.Name, author, reader, practice }).SingleOrDefaultAsync(cancellationToken);
        return row is not { letter.SentAt: { } sent } ? null : new LetterToRead(
            id,
            row.appointment.Reference,
            row.reader.DisplayName,
            row.reader.DateOfBirth,
            row.author.DisplayName,
            row.practice.Name,
            row.practice.Phone,
            row.Name,
            time.ToLocal(row.appointment.Start),
            time.ToLocal(sent),
            row.letter.Summary,
            row.letter.Next);
    }

    private async Task<(PatientLetter? Letter, LetterOutcome Refusal)> WrittenAsync(Actor clinician, AppointmentId id, LetterDraft draft, CancellationToken cancellationToken)
    {
        if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment)
            return (null, new LetterOutcome.NotFound());
        if (draft.Summary.Length > PatientLetter.SummaryLength || draft.Next.Length > PatientLetter.NextLength)
            return (null, new LetterOutcome.TooLong(draft.Summary.Length > PatientLetter.SummaryLength));
        var letter = await db.PatientLetters.SingleOrDefaultAsync(row => row.AppointmentId == id, cancellationToken);
        if (letter is { SentAt: not null } || !IsHeld(appointment))
            return (null, new LetterOutcome.Closed());
        if (letter is null)
            db.PatientLetters.Add(letter = PatientLetter.For(appointment));
        else if (!letter.Continues(draft.Version, draft.Source))
            return (null, new LetterOutcome.ChangedElsewhere(letter.Summary, letter.Next, letter.Version));
        letter.Write(draft, clock.GetUtcNow());
        return (letter, new LetterOutcome.NotFound());
    }

    private static bool IsHeld(Appointment appointment) =>
        appointment.Status is AppointmentStatus.Booked or AppointmentStatus.Arrived or AppointmentStatus.CheckedIn or AppointmentStatus.Fulfilled;

    private Task<Appointment?> OwnAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken)
    {
        if (clinician.AsPractitioner is not { } self)
            throw new NotAllowedException("Only a clinician writes to a patient.");
        return db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.PractitionerId == self, cancellationToken);
    }
}
