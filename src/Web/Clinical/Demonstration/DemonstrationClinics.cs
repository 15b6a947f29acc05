using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Demonstration;

/// <summary>A clinic at any hour, so that a call can be tried at once. For demonstration mode only.</summary>
public sealed class DemonstrationClinics(ClinicalDbContext db, TimeProvider clock)
{
    public static readonly TimeSpan Length = TimeSpan.FromHours(3);

    private static readonly TimeSpan Mark = TimeSpan.FromMinutes(5);

    /// <summary>What a patient needs to choose and confirm the first slot before it starts.</summary>
    private static readonly TimeSpan TimeToBook = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Opens a clinic of three hours for this clinician, from the last full five minutes; its first slot leaves time to book it. If one is on
    /// already with a slot that a patient can book and join at once, that one is the answer. Null if the clinician offers no service.
    /// </summary>
    public async Task<ScheduleId?> StartClinicNowAsync(Actor clinician, CancellationToken cancellationToken)
    {
        if (clinician.AsPractitioner is not { } self)
            throw new NotAllowedException("Only a clinician opens a clinic of their own.");
        var time = await db.TimeOfAsync(clinician, cancellationToken);
        return await db.WriteAsync<ScheduleId?>(clinician, "demonstration.clinic-now", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await RunningAsync(self, now, cancellationToken) is { } running)
                return running;
            var practitioner = await db.Practitioners.Include(row => row.Services).SingleAsync(row => row.Id == self, cancellationToken);
            if (practitioner.EndedAt is not null)
                return null;
            if (practitioner.Services.Where(service => service.IsActive).MinBy(service => service.Name, StringComparer.Ordinal) is not { } offered)
                return null;

            var mark = now - TimeSpan.FromTicks(now.Ticks % Mark.Ticks);
            var first = FirstMarkAfter(now + TimeToBook);
            var end = mark + Length;
            var (schedule, slots) = Schedule.Publish(practitioner, offered, await FreeStartAsync(self, mark, cancellationToken), end, time, first);
            var taken = await MakeRoomAsync(self, first, end, now, cancellationToken);
            db.Schedules.Add(schedule);
            db.Slots.AddRange(slots.Where(slot => !taken.Exists(other => other.Start < slot.End && other.End > slot.Start)));
            return schedule.Id;
        }, cancellationToken);
    }

    private static DateTimeOffset FirstMarkAfter(DateTimeOffset time) => time.AddTicks((Mark.Ticks - (time.Ticks % Mark.Ticks)) % Mark.Ticks);

    /// <summary>A clinic that is on, with an open slot that starts within the join window.</summary>
    private async Task<ScheduleId?> RunningAsync(PractitionerId practitioner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var soon = now + JoinWindow.Before;
        var earliest = now + TimeToBook;
        var open = db.Slots.Where(SlotBook.IsOpenTo(null, now)).Where(slot => slot.Start >= earliest && slot.Start <= soon);
        var running = await db.Schedules
            .Where(row => row.PractitionerId == practitioner && row.Start <= now && row.End > now && open.Any(slot => slot.ScheduleId == row.Id))
            .OrderBy(row => row.Start).Select(row => row.Id).Take(1).ToListAsync(cancellationToken);
        return running.Count == 0 ? null : running[0];
    }

    /// <summary>A clinician has one session for each start: a full one that began at the same mark moves this one on by a minute.</summary>
    private async Task<DateTimeOffset> FreeStartAsync(PractitionerId practitioner, DateTimeOffset mark, CancellationToken cancellationToken)
    {
        var until = mark + Mark;
        var starts = await db.Schedules.Where(row => row.PractitionerId == practitioner && row.Start >= mark && row.Start < until)
            .Select(row => row.Start).ToListAsync(cancellationToken);
        var start = mark;
        while (starts.Contains(start))
            start += TimeSpan.FromMinutes(1);
        return start;
    }

    /// <summary>Blocks what is open in the clinician's other clinics meanwhile; answers what is sold or held, which stays.</summary>
    private async Task<List<Slot>> MakeRoomAsync(PractitionerId practitioner, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var meanwhile = await db.Slots.Where(slot => slot.PractitionerId == practitioner && slot.Start < to && slot.End > from).ToListAsync(cancellationToken);
        foreach (var slot in meanwhile.Where(SlotBook.IsOpenTo(null, now).Compile()))
            slot.Block(now);
        return meanwhile.FindAll(slot => slot.Status != SlotStatus.BusyUnavailable);
    }
}
