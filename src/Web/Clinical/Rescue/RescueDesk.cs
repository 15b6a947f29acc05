using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Queue;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Rescue;

/// <summary>Everybody who fails to take part in a video consultation now: of the whole practice for its staff, of their own clinics for clinicians.</summary>
public sealed class RescueDesk(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>How far back the graph reaches, and how long what is over is still shown.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    /// <summary>Whose check has failed is shown from so long before the start; until then it stands with the appointments at risk.</summary>
    public static readonly TimeSpan ChecksAhead = TimeSpan.FromHours(2);

    private static readonly AppointmentStatus[] Open = [AppointmentStatus.Booked, AppointmentStatus.Arrived, AppointmentStatus.CheckedIn];

    /// <summary>Those whom nobody looks after first, then the others with trouble, then those whose trouble is over; the longest trouble first.</summary>
    public async Task<IReadOnlyList<RescueCase>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        db.ActFor(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var now = clock.GetUtcNow();
        var cases = new List<RescueCase>();
        foreach (var (appointment, troubles) in await TroublesAsync(actor, null, now, cancellationToken))
            cases.AddRange(await CasesAsync(appointment, troubles, time, now, cancellationToken));
        return [.. cases.OrderBy(one => one.IsUnseen ? 0 : one.IsOpen ? 1 : 2).ThenBy(one => one.Troubles[0].Since).ThenBy(one => one.Role)];
    }

    /// <summary>This person looks after everything that goes wrong for somebody now. What goes wrong later is for whoever sees it then.</summary>
    public async Task<AcknowledgeOutcome> AcknowledgeAsync(Actor actor, AppointmentId id, Guid person, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        try
        {
            return await db.WriteAsync(actor, "rescue.acknowledge", reason: null, async () =>
            {
                var now = clock.GetUtcNow();
                if (!await db.Appointments.VisibleTo(actor).AnyAsync(row => row.Id == id, cancellationToken))
                    return AcknowledgeOutcome.NotFound;
                var found = await TroublesAsync(actor, id, now, cancellationToken);
                var open = found.SelectMany(one => one.Troubles).Where(trouble => trouble.Person == person && trouble.Until is null).Select(trouble => trouble.Id).ToList();
                var seen = await db.RescueAcknowledgements.Where(row => row.AppointmentId == id).Select(row => row.Id).ToListAsync(cancellationToken);
                var name = await db.NameAsync(actor.Role, actor.PersonId, cancellationToken) ?? throw new InvalidOperationException("The practice knows whoever acts.");
                var left = open.Except(seen).ToList();
                db.RescueAcknowledgements.AddRange(left.Select(trouble => new RescueAcknowledgement
                {
                    Id = trouble,
                    PracticeId = actor.Practice,
                    AppointmentId = id,
                    At = now,
                    ByRole = actor.Role,
                    ById = actor.PersonId,
                    ByName = name,
                }));
                return left.Count > 0 ? AcknowledgeOutcome.Done : AcknowledgeOutcome.NothingLeft;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            // Two people pressed at the same time: the other one looks after it.
            return AcknowledgeOutcome.NothingLeft;
        }
    }

    private static void RequirePractice(Actor actor)
    {
        if (!actor.IsStaff && actor.AsPractitioner is null)
            throw new NotAllowedException("Only clinicians and practice staff work at the rescue desk.");
    }

    /// <summary>The appointments of now with what goes wrong in them, or did a short time ago.</summary>
    private async Task<List<(Appointment Appointment, List<Trouble> Troubles)>> TroublesAsync(Actor actor, AppointmentId? id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (from, until, recent) = (now - JoinWindow.After, now + ChecksAhead, now - Recent);
        var appointments = await db.Appointments.AsNoTracking().VisibleTo(actor)
            .Where(row => row.Channel == DeliveryChannel.Video && row.Start >= from && row.Start <= until && Open.Contains(row.Status) && (id == null || row.Id == id))
            .ToListAsync(cancellationToken);
        var ids = appointments.ConvertAll(row => row.Id);
        var events = (await db.ReceivedEvents.AsNoTracking().Where(row => row.Applied && ids.Contains(row.ConsultationId)).ToListAsync(cancellationToken)).ToLookup(row => row.ConsultationId);
        var checks = (await db.DeviceChecks.AsNoTracking().Where(row => ids.Contains(row.AppointmentId)).ToListAsync(cancellationToken)).ToLookup(row => row.AppointmentId);
        var found = new List<(Appointment, List<Trouble>)>();
        foreach (var appointment in appointments)
        {
            var troubles = TroubleSpan.Of(events[appointment.Id]).Where(span => span.Until is null || span.Until >= recent)
                .Select(span => new Trouble(span.Id, span.PersonId, span.Role, span.Trouble, span.Since, span.Until)).ToList();
            // Whoever came although the check had failed has proved it wrong.
            if (appointment.Status == AppointmentStatus.Booked && checks[appointment.Id].MaxBy(check => check.At) is { Score: CheckScore.NotWorking } failed)
                troubles.Add(new Trouble(failed.Id.Value, appointment.PatientId.Value, ConsultationRole.Patient, null, failed.At, null));
            if (troubles.Count > 0)
                found.Add((appointment, troubles));
        }

        return found;
    }

    private async Task<List<RescueCase>> CasesAsync(Appointment appointment, List<Trouble> troubles, PracticeTime time, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = appointment.Id;
        var recent = now - Recent;
        var names = await db.NamesInCallAsync(appointment, cancellationToken);
        var samples = (await db.CallSamples.AsNoTracking().Where(row => row.ConsultationId == id && row.At >= recent).OrderBy(row => row.At).ToListAsync(cancellationToken)).ToLookup(row => row.PersonId);
        var seen = await db.RescueAcknowledgements.AsNoTracking().Where(row => row.AppointmentId == id).ToDictionaryAsync(row => row.Id, cancellationToken);
        var callBack = await db.Arrivals.AsNoTracking().Where(row => row.AppointmentId == id && row.CallBack != null).ToDictionaryAsync(row => row.PersonId, row => row.CallBack, cancellationToken);
        var known = await db.Patients.AsNoTracking().Where(row => row.Id == appointment.PatientId).Select(row => row.Phone).SingleAsync(cancellationToken);
        var byTelephone = await db.Encounters.Live().AnyAsync(row => row.AppointmentId == id && row.SwitchedTo == DeliveryChannel.Telephone, cancellationToken);
        return [.. troubles.GroupBy(trouble => (trouble.Person, trouble.Role)).Select(person => new RescueCase(
            id,
            appointment.ScheduleId,
            person.Key.Person,
            person.Key.Role,
            names.GetValueOrDefault(person.Key.Person, "A guest"),
            names[appointment.PatientId.Value],
            names[appointment.PractitionerId.Value],
            time.ToLocal(appointment.Start),
            person.Key.Role is ConsultationRole.Patient or ConsultationRole.Carer
                ? callBack.GetValueOrDefault(person.Key.Person) ?? callBack.GetValueOrDefault(appointment.PatientId.Value) ?? known
                : null,
            appointment.Status == AppointmentStatus.Arrived,
            byTelephone,
            [.. person.OrderBy(trouble => trouble.Until is not null).ThenBy(trouble => trouble.Since).Select(trouble => new RescueTrouble(
                trouble.Id,
                trouble.Kind,
                time.ToLocal(trouble.Since),
                time.ToLocal(trouble.Until),
                seen.GetValueOrDefault(trouble.Id)?.ByName,
                time.ToLocal(seen.GetValueOrDefault(trouble.Id)?.At)))],
            [.. samples[person.Key.Person].Select(sample => new LinkPoint(time.ToLocal(sample.At), sample.Loss, sample.RoundTripMs))]))];
    }

    private sealed record Trouble(Guid Id, Guid Person, ConsultationRole Role, CallTrouble? Kind, DateTimeOffset Since, DateTimeOffset? Until);
}
