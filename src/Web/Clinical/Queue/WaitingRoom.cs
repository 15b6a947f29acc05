using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Queue;

/// <summary>The waiting room as somebody on the patient's side sees it: their place, what the practice says, and help. All of it is read anew each time, so a restart loses nothing.</summary>
public sealed class WaitingRoom(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Null if it is not theirs.</summary>
    public async Task<QueueView?> ViewAsync(Actor patient, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(patient);
        var row = await (
            from appointment in Own(patient).AsNoTracking()
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            join practice in db.Practices on appointment.PracticeId equals practice.Id
            where appointment.Id == id
            select new { appointment, practitioner, practice }).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            return null;
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(patient, cancellationToken);
        var waiting = await db.Encounters.Live().AsNoTracking().AnyAsync(found => found.AppointmentId == id && found.WaitingSince != null, cancellationToken);
        var messages = await db.Communications.AsNoTracking().Where(sent => sent.AppointmentId == id).OrderByDescending(sent => sent.SentAt).ToListAsync(cancellationToken);
        var help = await db.HelpRequests.AsNoTracking().Where(request => request.AppointmentId == id).OrderByDescending(request => request.AskedAt).FirstOrDefaultAsync(cancellationToken);
        var queue = await db.ReadQueueAsync(row.appointment.ScheduleId, now, cancellationToken);
        var forecast = queue is var (clinic, past) && row.appointment.Status == AppointmentStatus.Arrived ? WaitForecasts.Of(clinic, past).GetValueOrDefault(id) : null;
        return new QueueView(
            id,
            BoardStatuses.Of(row.appointment.Status, waiting),
            time.ToLocal(row.appointment.Start),
            row.practitioner.DisplayName,
            row.practice.Name,
            row.practice.Phone,
            forecast,
            forecast is null ? TimeSpan.Zero : now + forecast.Median - row.appointment.Start,
            queue?.Now is { ClinicianHere: false } late && late.Entries.Any(entry => entry.Start <= now),
            messages.ConvertAll(sent => new CommunicationView(sent.Id, sent.SenderName, sent.Text, time.ToLocal(sent.SentAt))),
            help is null ? null : new HelpView(time.ToLocal(help.AskedAt), time.ToLocal(help.SeenAt), help.SeenByName));
    }

    /// <summary>Tells the practice that somebody who waits needs help now.</summary>
    public async Task<AskOutcome> AskForHelpAsync(Actor patient, AppointmentId id, CancellationToken cancellationToken)
    {
        try
        {
            return await db.WriteAsync<AskOutcome>(patient, "waiting.ask-for-help", reason: null, async () =>
            {
                if (await Own(patient).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
                    return new AskOutcome.NotFound();
                if (appointment.Status != AppointmentStatus.Arrived)
                    return new AskOutcome.NotWaiting(BoardStatuses.Of(appointment.Status, inWaitingRoom: false));
                if (!await db.HelpRequests.AnyAsync(row => row.AppointmentId == id && row.SeenAt == null, cancellationToken))
                    db.HelpRequests.Add(new HelpRequest { Id = Guid.CreateVersion7(), PracticeId = appointment.PracticeId, AppointmentId = id, AskedAt = clock.GetUtcNow() });
                return new AskOutcome.Asked(appointment.ScheduleId);
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            // Pressed twice at the same time: the other one asked.
            db.ChangeTracker.Clear();
            db.ActFor(patient);
            return new AskOutcome.Asked(await Own(patient).Where(row => row.Id == id).Select(row => row.ScheduleId).SingleAsync(cancellationToken));
        }
    }

    private IQueryable<Appointment> Own(Actor actor) =>
        actor.OwnPatient is { } self && (actor.AsPatient == self || actor.MayAsCarer(CarerRights.JoinConsultations, self))
            ? db.Appointments.Where(row => row.PatientId == self)
            : db.Appointments.Where(row => false);
}
