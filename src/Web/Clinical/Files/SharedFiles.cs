using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Files;

/// <summary>A file that was looked at and encrypted.</summary>
/// <param name="Name">As the sender calls it.</param>
/// <param name="Size">Bytes before encryption.</param>
public sealed record NewFile(SharedFileId Id, string? Name, FileKind Kind, int Size, ScanResult Scan, byte[] Encrypted);

/// <summary>A file in a list. The time carries the practice's offset.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="By">Who sent it, as they are named in the call.</param>
/// <param name="MayRemove">The reader sent it, and the appointment is not over.</param>
public sealed record SharedFileView(SharedFileId Id, string Name, FileKind Kind, int Size, ScanResult Scan, string By, bool IsOwn, DateTimeOffset SentAt, bool MayRemove);

/// <summary>The files that somebody may see of an appointment, in the order they came.</summary>
/// <param name="MayAdd">The appointment is not over.</param>
/// <param name="Clinic">Where it is held.</param>
public sealed record SharedFileList(bool MayAdd, ScheduleId Clinic, IReadOnlyList<SharedFileView> Files);

/// <summary>One file with its content.</summary>
public sealed record SharedFileDownload(SharedFileId Id, string Name, FileKind Kind, byte[] Encrypted);

public abstract record AddFileOutcome
{
    public sealed record Added(SharedFileId File, ScheduleId Clinic) : AddFileOutcome;

    /// <summary>More than <see cref="SharedFile.MaxOfAppointment"/> at a time, or <see cref="SharedFile.MaxEver"/> in all.</summary>
    public sealed record TooMany : AddFileOutcome;

    /// <summary>The appointment is over.</summary>
    public sealed record Closed : AddFileOutcome;

    public sealed record NotFound : AddFileOutcome;
}

/// <summary>
/// Photos and documents that those in a consultation send each other, from the booking to its end, and that belong to its record afterwards. The clinician and the patient's side
/// see all of them; a guest sees their own, and what the clinician has shown to everybody.
/// </summary>
public sealed class SharedFiles(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Null if the actor has no part in this appointment.</summary>
    public async Task<SharedFileList?> ListAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (await PartAsync(actor, id, cancellationToken) is not { } part)
            return null;
        var open = part.IsOpenAt(clock.GetUtcNow());
        var rows = await Seen(part).OrderBy(row => row.SentAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        if (rows.Count == 0)
            return new SharedFileList(open, part.Appointment.ScheduleId, []);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var names = await db.NamesInCallAsync(part.Appointment, cancellationToken);
        return new SharedFileList(open, part.Appointment.ScheduleId, [.. rows.Select(row => new SharedFileView(
            row.Id, row.Name, row.Kind, row.Size, row.Scan, names.GetValueOrDefault(row.PersonId, "Somebody"), row.PersonId == part.Person, time.ToLocal(row.SentAt), open && row.PersonId == part.Person))]);
    }

    /// <summary>Whether the actor may send one now: asked before a file is read, so that nobody else's is looked at.</summary>
    public async Task<AddFileOutcome?> RefusalAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        return await RefusalAsync(await PartAsync(actor, id, cancellationToken), cancellationToken);
    }

    public Task<AddFileOutcome> AddAsync(Actor actor, AppointmentId id, NewFile file, CancellationToken cancellationToken) => db.WriteAsync(actor, "file.add", reason: null, async () =>
    {
        var part = await PartAsync(actor, id, cancellationToken);
        if (part is null || await RefusalAsync(part, cancellationToken) is not null)
            return await RefusalAsync(part, cancellationToken) ?? new AddFileOutcome.NotFound();
        db.SharedFiles.Add(new SharedFile
        {
            Id = file.Id,
            PracticeId = actor.Practice,
            AppointmentId = id,
            Name = SharedFile.SafeName(file.Name, file.Kind),
            Kind = file.Kind,
            Size = file.Size,
            Scan = file.Scan,
            PersonId = part.Person,
            Role = part.Role,
            SentAt = clock.GetUtcNow(),
        });
        db.SharedFileContents.Add(new SharedFileContent { FileId = file.Id, PracticeId = actor.Practice, Encrypted = file.Encrypted });
        return new AddFileOutcome.Added(file.Id, part.Appointment.ScheduleId);
    }, cancellationToken);

    /// <summary>Null if there is none that the actor may see.</summary>
    public async Task<SharedFileDownload?> OpenAsync(Actor actor, AppointmentId id, SharedFileId file, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (await PartAsync(actor, id, cancellationToken) is not { } part || await Seen(part).SingleOrDefaultAsync(row => row.Id == file, cancellationToken) is not { } row)
            return null;
        var content = await db.SharedFileContents.AsNoTracking().SingleAsync(found => found.FileId == file, cancellationToken);
        return new SharedFileDownload(row.Id, row.Name, row.Kind, content.Encrypted);
    }

    /// <summary>Takes back what the actor sent: its content is deleted, that it was there stays in the audit. Answers the clinic; null if that may not be done, or not any more.</summary>
    public Task<ScheduleId?> RemoveAsync(Actor actor, AppointmentId id, SharedFileId file, CancellationToken cancellationToken) => db.WriteAsync<ScheduleId?>(actor, "file.remove", reason: null, async () =>
    {
        var now = clock.GetUtcNow();
        if (await PartAsync(actor, id, cancellationToken) is not { } part || !part.IsOpenAt(now))
            return null;
        var row = await db.SharedFiles.SingleOrDefaultAsync(found => found.Id == file && found.AppointmentId == id && found.PersonId == part.Person && found.RemovedAt == null, cancellationToken);
        if (row is null)
            return null;
        row.Remove(now);
        await db.SharedFileContents.Where(content => content.FileId == file).ExecuteDeleteAsync(cancellationToken);
        return part.Appointment.ScheduleId;
    }, cancellationToken);

    /// <summary>The clinician shows an image to everybody in the call. False if it is none of theirs.</summary>
    public Task<bool> ShowAsync(Actor clinician, AppointmentId id, SharedFileId file, CancellationToken cancellationToken) => db.WriteAsync(clinician, "file.show", reason: null, async () =>
    {
        if (clinician.AsPractitioner is null || await PartAsync(clinician, id, cancellationToken) is not { } part || !part.IsOpenAt(clock.GetUtcNow()))
            return false;
        var row = await db.SharedFiles.SingleOrDefaultAsync(found => found.Id == file && found.AppointmentId == id && found.RemovedAt == null, cancellationToken);
        if (row?.Kind.IsImage() is not true)
            return false;
        row.Show(clock.GetUtcNow());
        return true;
    }, cancellationToken);

    /// <summary>
    /// Deletes the content of files whose appointment was not held: cancelled, missed, or never begun. Those of a consultation stay with its record. Answers how many.
    /// </summary>
    public async Task<int> DeleteOldAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - SharedFile.KeptWithoutEncounter;
        var over = db.Appointments.IgnoreQueryFilters(PracticeFilter.Only)
            .Where(row => row.End < before && row.Status != AppointmentStatus.Fulfilled && row.Status != AppointmentStatus.CheckedIn).Select(row => row.Id);
        var files = db.SharedFiles.IgnoreQueryFilters(PracticeFilter.Only).Where(row => over.Contains(row.AppointmentId)).Select(row => row.Id);
        return await db.SharedFileContents.IgnoreQueryFilters(PracticeFilter.Only).Where(row => files.Contains(row.FileId)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>What is there, has content, and this person may see.</summary>
    private IQueryable<SharedFile> Seen(Part part)
    {
        var there = db.SharedFiles.AsNoTracking().Where(row => row.AppointmentId == part.Appointment.Id && row.RemovedAt == null && db.SharedFileContents.Any(content => content.FileId == row.Id));
        return part.SeesAll ? there : there.Where(row => row.PersonId == part.Person || row.ShownAt != null);
    }

    private async Task<AddFileOutcome?> RefusalAsync(Part? part, CancellationToken cancellationToken)
    {
        if (part is null)
            return new AddFileOutcome.NotFound();
        if (!part.IsOpenAt(clock.GetUtcNow()))
            return new AddFileOutcome.Closed();
        var removed = await db.SharedFiles.Where(row => row.AppointmentId == part.Appointment.Id).Select(row => row.RemovedAt != null).ToListAsync(cancellationToken);
        return removed.Count >= SharedFile.MaxEver || removed.Count(gone => !gone) >= SharedFile.MaxOfAppointment ? new AddFileOutcome.TooMany() : null;
    }

    /// <summary>Who the actor is in this appointment; null if they are nobody there.</summary>
    private async Task<Part?> PartAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        if (await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.Status != AppointmentStatus.EnteredInError, cancellationToken) is not { } appointment)
            return null;
        if (actor.AsPractitioner is { } clinician)
            return clinician == appointment.PractitionerId ? new Part(appointment, clinician.Value, ConsultationRole.Clinician, SeesAll: true) : null;
        if (actor.AsPatient is { } patient)
            return patient == appointment.PatientId ? new Part(appointment, patient.Value, ConsultationRole.Patient, SeesAll: true) : null;
        if (actor.AsCarer is { } carer)
            return actor.MayAsCarer(CarerRights.JoinConsultations, appointment.PatientId) ? new Part(appointment, carer.Value, ConsultationRole.Carer, SeesAll: true) : null;
        if (actor.AsGuest is not { } invited || await db.Guests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == invited && row.AppointmentId == id && row.RevokedAt == null, cancellationToken) is not { } guest
            || (await db.RoomAsync(id, cancellationToken)).Removed.ContainsKey(guest.Id.Value))
            return null;
        // A patient who comes by a link is the patient.
        return guest.Role == GuestRole.Patient
            ? new Part(appointment, appointment.PatientId.Value, ConsultationRole.Patient, SeesAll: true)
            : new Part(appointment, guest.Id.Value, ConsultationRole.Guest, SeesAll: false);
    }

    private sealed record Part(Appointment Appointment, Guid Person, ConsultationRole Role, bool SeesAll)
    {
        /// <summary>From the booking until the join window closes, or as long as the call goes on.</summary>
        public bool IsOpenAt(DateTimeOffset now) => Appointment.Status == AppointmentStatus.CheckedIn
            || (Appointment.Status is AppointmentStatus.Booked or AppointmentStatus.Arrived && now <= JoinWindow.Of(Appointment).ClosesAt);
    }
}
