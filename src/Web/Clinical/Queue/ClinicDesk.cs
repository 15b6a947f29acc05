using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Queue;

/// <summary>What a clinic's clinician and practice staff do together at its board. A clinician acts in their own clinics, staff in all of the practice.</summary>
public sealed class ClinicDesk(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Writes to one patient who waits, or to all who wait in a clinic.</summary>
    /// <param name="to">Null for all.</param>
    public async Task<SendOutcome> SendAsync(Actor actor, ScheduleId clinic, AppointmentId? to, string? text, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        var said = text?.Trim().ReplaceLineEndings("\n");
        if (string.IsNullOrEmpty(said))
            return new SendOutcome.Empty();
        if (said.Length > Communication.MaxLength || said.Any(character => char.IsControl(character) && character != '\n'))
            return new SendOutcome.NotPossible();
        return await db.WriteAsync<SendOutcome>(actor, "waiting.message", reason: null, async () =>
        {
            var appointments = await db.Appointments.VisibleTo(actor).Where(row => row.ScheduleId == clinic && (to == null || row.Id == to)).ToListAsync(cancellationToken);
            if (to is not null && appointments.Count == 0)
                return new SendOutcome.NotFound();
            if (to is null && !await db.Schedules.AnyAsync(row => row.Id == clinic && (actor.IsStaff || row.PractitionerId == new PractitionerId(actor.PersonId)), cancellationToken))
                return new SendOutcome.NotFound();
            var waiting = appointments.Where(row => row.Status == AppointmentStatus.Arrived).ToList();
            if (waiting.Count == 0)
                return new SendOutcome.NobodyWaits();
            var ids = waiting.ConvertAll(row => row.Id);
            var sent = await db.Communications.Where(row => ids.Contains(row.AppointmentId)).GroupBy(row => row.AppointmentId)
                .Select(row => new { Appointment = row.Key, Count = row.Count() }).ToDictionaryAsync(row => row.Appointment, row => row.Count, cancellationToken);
            waiting.RemoveAll(row => sent.GetValueOrDefault(row.Id) >= Communication.MaxOfAppointment);
            if (waiting.Count == 0)
                return new SendOutcome.TooMany();

            var name = actor.IsStaff ? await db.Practices.Where(row => row.Id == actor.Practice).Select(row => row.Name).SingleAsync(cancellationToken) : await NameAsync(actor, cancellationToken);
            var now = clock.GetUtcNow();
            db.Communications.AddRange(waiting.Select(row => new Communication
            {
                Id = Guid.CreateVersion7(now),
                PracticeId = row.PracticeId,
                AppointmentId = row.Id,
                Text = said,
                SentAt = now,
                SenderRole = actor.Role,
                SenderId = actor.PersonId,
                SenderName = name,
            }));
            return new SendOutcome.Sent(clinic, waiting.Count);
        }, cancellationToken);
    }

    /// <summary>Whoever presses first looks after the patient who asked for help.</summary>
    public async Task<SeeOutcome> SeeHelpAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        return await db.WriteAsync<SeeOutcome>(actor, "waiting.see-help", reason: null, async () =>
        {
            var row = await (
                from appointment in db.Appointments.VisibleTo(actor)
                join request in db.HelpRequests on appointment.Id equals request.AppointmentId
                where appointment.Id == id
                orderby request.AskedAt descending
                select new { appointment.ScheduleId, request }).FirstOrDefaultAsync(cancellationToken);
            if (row is null)
                return new SeeOutcome.NotFound();
            if (row.request is { SeenAt: { } at, SeenByName: { } by })
                return new SeeOutcome.SeenBefore(by, time.ToLocal(at));
            row.request.See(actor, await NameAsync(actor, cancellationToken), clock.GetUtcNow());
            return new SeeOutcome.Seen(row.ScheduleId);
        }, cancellationToken);
    }

    /// <summary>From now on the boards say that this person is calling the patient. Pressing again goes on with it.</summary>
    public async Task<ClaimOutcome> ClaimAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        return await db.WriteAsync<ClaimOutcome>(actor, "waiting.claim", reason: null, async () =>
        {
            if (await db.Appointments.VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
                return new ClaimOutcome.NotFound();
            if (appointment.Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived))
                return new ClaimOutcome.Over(await db.LastActAsync(id, time, cancellationToken));
            var now = clock.GetUtcNow();
            var claim = await db.Claims.SingleOrDefaultAsync(row => row.AppointmentId == id, cancellationToken);
            if (claim is not null && !claim.IsOf(actor) && claim.Until > now)
                return new ClaimOutcome.ClaimedBy(claim.Name, time.ToLocal(claim.Until));
            if (claim is null)
                db.Claims.Add(claim = new Claim { AppointmentId = id, PracticeId = appointment.PracticeId });
            claim.Take(actor, await NameAsync(actor, cancellationToken), now);
            return new ClaimOutcome.Claimed(appointment.ScheduleId);
        }, cancellationToken);
    }

    /// <summary>Done with the patient. Only one's own claim ends so; of another's, or one that ended by itself, nothing changes.</summary>
    public async Task<ClaimOutcome> ReleaseAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        return await db.WriteAsync<ClaimOutcome>(actor, "waiting.release", reason: null, async () =>
        {
            if (await db.Appointments.VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
                return new ClaimOutcome.NotFound();
            var now = clock.GetUtcNow();
            if (await db.Claims.SingleOrDefaultAsync(row => row.AppointmentId == id, cancellationToken) is { } claim && claim.IsOf(actor) && claim.Until > now)
                claim.Release(now);
            return new ClaimOutcome.Claimed(appointment.ScheduleId);
        }, cancellationToken);
    }

    /// <summary>Who did what to an appointment last; null if it is not theirs to see.</summary>
    public async Task<LastAct?> LastActAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        db.ActFor(actor);
        if (!await db.Appointments.VisibleTo(actor).AnyAsync(row => row.Id == id, cancellationToken))
            return null;
        return await db.LastActAsync(id, await db.TimeOfAsync(actor, cancellationToken), cancellationToken);
    }

    private async Task<string> NameAsync(Actor actor, CancellationToken cancellationToken) =>
        await db.NameAsync(actor.Role, actor.PersonId, cancellationToken) ?? throw new InvalidOperationException("The practice knows whoever acts.");

    private static void RequirePractice(Actor actor)
    {
        if (!actor.IsStaff && actor.AsPractitioner is null)
            throw new NotAllowedException("Only clinicians and practice staff work at the board.");
    }
}

internal static class LastActs
{
    public static async Task<LastAct?> LastActAsync(this ClinicalDbContext db, AppointmentId id, PracticeTime time, CancellationToken cancellationToken)
    {
        var last = await db.AuditEvents.AsNoTracking().Where(row => row.EntityId == id.Value && row.Entity == nameof(Appointment)).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return last is null ? null : new LastAct(await db.NameAsync(last.ActorRole, last.ActorId, cancellationToken), last.Action, time.ToLocal(last.At));
    }

    /// <summary>Null for the platform.</summary>
    public static async Task<string?> NameAsync(this ClinicalDbContext db, ActorRole role, Guid id, CancellationToken cancellationToken) => role switch
    {
        ActorRole.Practitioner => (await db.Practitioners.AsNoTracking().SingleOrDefaultAsync(row => row.Id == new PractitionerId(id), cancellationToken))?.DisplayName,
        ActorRole.Staff or ActorRole.Administrator => (await db.StaffMembers.AsNoTracking().SingleOrDefaultAsync(row => row.Id == new StaffMemberId(id), cancellationToken))?.DisplayName,
        ActorRole.Patient => (await db.Patients.AsNoTracking().SingleOrDefaultAsync(row => row.Id == new PatientId(id), cancellationToken))?.DisplayName,
        ActorRole.Carer => (await db.RelatedPersons.AsNoTracking().SingleOrDefaultAsync(row => row.Id == new RelatedPersonId(id), cancellationToken))?.Name,
        _ => null,
    };
}
