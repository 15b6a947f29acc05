using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.DeviceChecks;

/// <summary>A check as pages show it.</summary>
/// <param name="At">With the practice's offset.</param>
public sealed record DeviceCheckView(DateTimeOffset At, CheckScore Score, CheckResult Result, bool ByCarer);

/// <summary>An appointment for which a device can be checked.</summary>
/// <param name="Person">The value of the Patient's or RelatedPerson's id.</param>
/// <param name="Latest">Null if none was made.</param>
public sealed record CheckableAppointment(AppointmentId Id, ScheduleId Clinic, Guid Person, DeviceCheckView? Latest);

public enum SaveCheckOutcome
{
    Saved,

    /// <summary>It is not theirs, or not to be held by video any more.</summary>
    NotFound,

    /// <summary>No page can have found this.</summary>
    Unsound,

    /// <summary>So many were made for this appointment that no more are kept.</summary>
    TooMany,
}

/// <summary>Keeps what a patient, or a carer who may join for them, finds out about their device before a video appointment.</summary>
public sealed class DeviceCheckService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Of one appointment.</summary>
    public const int MaxChecks = 50;

    /// <summary>How long checks and what staff did about them are kept: as long as how the calls were.</summary>
    public static readonly TimeSpan KeptFor = CallQualities.KeptFor;

    private static readonly AppointmentStatus[] Open = [AppointmentStatus.Booked, AppointmentStatus.Arrived];

    /// <summary>Null if it is not theirs, is held another way, or is over.</summary>
    public async Task<CheckableAppointment?> FindAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (await Checkable(actor, id).AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } appointment)
            return null;
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var latest = await db.DeviceChecks.AsNoTracking().Where(row => row.AppointmentId == id).OrderByDescending(row => row.At).FirstOrDefaultAsync(cancellationToken);
        return new(id, appointment.ScheduleId, actor.PersonId, latest is null ? null : new(time.ToLocal(latest.At), latest.Score, latest.Result, latest.ByCarer));
    }

    public async Task<SaveCheckOutcome> SaveAsync(Actor actor, AppointmentId id, CheckResult result, CancellationToken cancellationToken)
    {
        if (!CheckRules.IsSound(result))
            return SaveCheckOutcome.Unsound;
        return await db.WriteAsync(actor, "device-check.save", reason: null, async () =>
        {
            if (await Checkable(actor, id).SingleOrDefaultAsync(cancellationToken) is not { } appointment)
                return SaveCheckOutcome.NotFound;
            if (await db.DeviceChecks.CountAsync(row => row.AppointmentId == id, cancellationToken) >= MaxChecks)
                return SaveCheckOutcome.TooMany;
            db.DeviceChecks.Add(DeviceCheck.Of(appointment, result, actor.Role == ActorRole.Carer, clock.GetUtcNow()));
            return SaveCheckOutcome.Saved;
        }, cancellationToken);
    }

    /// <summary>Deletes, of all practices, what is older than <see cref="KeptFor"/>.</summary>
    /// <returns>How many rows that were.</returns>
    public async Task<int> DeleteOldAsync(CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - KeptFor;
        return await db.DeviceChecks.IgnoreQueryFilters(PracticeFilter.Only).Where(row => row.At < oldest).ExecuteDeleteAsync(cancellationToken)
            + await db.DeviceCheckFollowUps.IgnoreQueryFilters(PracticeFilter.Only).Where(row => row.At < oldest).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Nobody checks a device for somebody else, but a carer who joins with it.</summary>
    private IQueryable<Appointment> Checkable(Actor actor, AppointmentId id)
    {
        var over = clock.GetUtcNow() - JoinWindow.After;
        var self = actor.AsPatient;
        if (actor.ActsFor is { } granted && actor.MayAsCarer(CarerRights.JoinConsultations, granted))
            self = granted;
        return db.Appointments.Where(row => row.Id == id && row.PatientId == self && row.Channel == DeliveryChannel.Video && Open.Contains(row.Status) && row.Start >= over);
    }
}
