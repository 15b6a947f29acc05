using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <param name="HasEnded">Its last day is past.</param>
public sealed record TemplateListing(ClinicTemplateId Id, string PractitionerName, string ServiceName, TemplateDetails Details, bool HasEnded);

/// <summary>A day on which a weekly clinic differs; without hours it is not held.</summary>
public sealed record ExceptionView(Guid Id, DateOnly Day, (TimeOnly Start, TimeOnly End)? Hours);

/// <param name="Misfits">What is booked at times that do not belong to the clinic any more.</param>
public sealed record TemplateView(ClinicTemplateId Id, string PractitionerName, TemplateDetails Details, IReadOnlyList<ExceptionView> Exceptions, IReadOnlyList<AffectedAppointment> Misfits);

public abstract record TemplateOutcome
{
    /// <param name="Changed">Published clinics that nobody had booked and that changed with it.</param>
    /// <param name="Booked">How many appointments stand although the clinic is not held then any more.</param>
    public sealed record Saved(ClinicTemplateId Template, int Changed, int Booked) : TemplateOutcome;

    /// <summary>Nothing was done: these are booked at times that would not belong to the clinic any more. Ask again with all of them as seen.</summary>
    public sealed record Affects(IReadOnlyList<AffectedAppointment> Appointments) : TemplateOutcome;

    /// <summary>Something is the wrong way round or out of its bounds; see <see cref="TemplateDetails.IsPossible"/>.</summary>
    public sealed record Impossible : TemplateOutcome;

    /// <summary>The clinician does not offer the service or has stopped working here, or the service is not held that way.</summary>
    public sealed record NotOffered : TemplateOutcome;

    public sealed record NotFound : TemplateOutcome;
}

/// <summary>
/// The weekly clinics of a practice. A change reaches what is published: clinics that nobody has touched become what they are now; where somebody has booked or blocked a time,
/// what no longer fits takes no new bookings, and what is booked is shown first and stands. For practice staff.
/// </summary>
public sealed class ClinicTemplates(ClinicalDbContext db, TimeProvider clock)
{
    private const string Changed = "The clinic has changed";

    /// <summary>By clinician, then start; those that have ended last.</summary>
    public async Task<IReadOnlyList<TemplateListing>> ListAsync(Actor staff, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        var today = (await db.TimeOfAsync(staff, cancellationToken)).DayOf(clock.GetUtcNow());
        var rows = await (
            from template in db.ClinicTemplates.AsNoTracking()
            join practitioner in db.Practitioners on template.PractitionerId equals practitioner.Id
            join service in db.Services on template.ServiceId equals service.Id
            orderby practitioner.FamilyName, practitioner.GivenName, template.Start
            select new { template, practitioner, service.Name }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new TemplateListing(row.template.Id, row.practitioner.DisplayName, row.Name, Details(row.template), row.template.To < today)).OrderBy(row => row.HasEnded)];
    }

    /// <summary>Null if there is no such clinic.</summary>
    public async Task<TemplateView?> FindAsync(Actor staff, ClinicTemplateId id, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var now = clock.GetUtcNow();
        var today = time.DayOf(now);
        if (await db.ClinicTemplates.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } template)
            return null;
        var practitioner = await db.Practitioners.AsNoTracking().SingleAsync(row => row.Id == template.PractitionerId, cancellationToken);
        var exceptions = await db.ClinicExceptions.AsNoTracking().Where(row => row.TemplateId == id && row.Day >= today).OrderBy(row => row.Day).ToListAsync(cancellationToken);
        var misfits = await MisfitsAsync(template, exceptions, time, now, cancellationToken);
        return new TemplateView(
            id, practitioner.DisplayName, Details(template), exceptions.ConvertAll(row => new ExceptionView(row.Id, row.Day, row is { Start: { } start, End: { } end } ? (start, end) : null)),
            await db.BookedAsync(db.Slots.Where(slot => misfits.Contains(slot.Id)), time, now, cancellationToken));
    }

    /// <param name="id">Null for a new clinic.</param>
    /// <param name="seen">The appointments that whoever decides knows of.</param>
    public async Task<TemplateOutcome> SaveAsync(Actor staff, ClinicTemplateId? id, TemplateDetails details, IReadOnlyCollection<AppointmentId> seen, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        if (!details.IsPossible)
            return new TemplateOutcome.Impossible();
        return await ApplyAsync(staff, id is null ? "template.add" : "template.change", seen, async () =>
        {
            if (await db.Practitioners.AsNoTracking().Include(row => row.Services).SingleOrDefaultAsync(row => row.Id == details.Practitioner, cancellationToken) is not { } practitioner)
                return (new TemplateOutcome.NotFound(), null);
            if (practitioner.EndedAt is not null || practitioner.Services.FirstOrDefault(row => row.Id == details.Service) is not { } service || !details.Channels.All(service.Offers))
                return (new TemplateOutcome.NotOffered(), null);
            var template = id is null
                ? new ClinicTemplate { Id = ClinicTemplateId.New(), PracticeId = staff.Practice, PractitionerId = practitioner.Id }
                : await db.ClinicTemplates.SingleOrDefaultAsync(row => row.Id == id && row.PractitionerId == practitioner.Id, cancellationToken);
            if (template is null)
                return (new TemplateOutcome.NotFound(), null);
            if (id is null)
                db.ClinicTemplates.Add(template);
            template.Change(details);
            return (null, template);
        }, cancellationToken);
    }

    /// <summary>The clinic differs on this day. A second word about the same day stands in place of the first.</summary>
    /// <param name="hours">Null if it is not held.</param>
    /// <param name="seen">The appointments that whoever decides knows of.</param>
    public async Task<TemplateOutcome> ExceptAsync(
        Actor staff, ClinicTemplateId id, DateOnly day, (TimeOnly Start, TimeOnly End)? hours, IReadOnlyCollection<AppointmentId> seen, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        var today = (await db.TimeOfAsync(staff, cancellationToken)).DayOf(clock.GetUtcNow());
        if (day < today || hours?.End <= hours?.Start)
            return new TemplateOutcome.Impossible();
        return await ApplyAsync(staff, "template.except", seen, async () =>
        {
            if (await db.ClinicTemplates.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } template)
                return (new TemplateOutcome.NotFound(), null);
            if (await db.ClinicExceptions.SingleOrDefaultAsync(row => row.TemplateId == id && row.Day == day, cancellationToken) is { } former)
            {
                db.ClinicExceptions.Remove(former);
                await db.SaveChangesAsync(cancellationToken);
            }

            db.ClinicExceptions.Add(new ClinicException { Id = Guid.CreateVersion7(), PracticeId = staff.Practice, TemplateId = id, Day = day, Start = hours?.Start, End = hours?.End });
            return (null, template);
        }, cancellationToken);
    }

    /// <summary>The clinic is held on that day as on any other, once it is published.</summary>
    public async Task<TemplateOutcome> RemoveExceptionAsync(Actor staff, Guid exception, IReadOnlyCollection<AppointmentId> seen, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        return await ApplyAsync(staff, "template.except-not", seen, async () =>
        {
            if (await db.ClinicExceptions.SingleOrDefaultAsync(row => row.Id == exception, cancellationToken) is not { } found)
                return (new TemplateOutcome.NotFound(), null);
            db.ClinicExceptions.Remove(found);
            return (null, await db.ClinicTemplates.SingleAsync(row => row.Id == found.TemplateId, cancellationToken));
        }, cancellationToken);
    }

    internal static TemplateDetails Details(ClinicTemplate template) => new(
        template.PractitionerId, template.ServiceId, template.Days, template.Start, template.End, template.SlotMinutes, template.Channels ?? [], template.Breaks, template.From, template.To);

    /// <summary>Does the change and brings what is published into line with it, or nothing if somebody is booked whom nobody has seen.</summary>
    private async Task<TemplateOutcome> ApplyAsync(
        Actor staff, string action, IReadOnlyCollection<AppointmentId> seen, Func<Task<(TemplateOutcome? Refusal, ClinicTemplate? Template)>> change, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(staff, cancellationToken);
        TemplateOutcome? notDone = null;
        try
        {
            return await db.WriteAsync<TemplateOutcome>(staff, action, reason: null, async () =>
            {
                var now = clock.GetUtcNow();
                var (refusal, template) = await change();
                if (refusal is not null || template is null)
                    return refusal ?? new TemplateOutcome.NotFound();
                await db.SaveChangesAsync(cancellationToken);
                var exceptions = await db.ClinicExceptions.AsNoTracking().Where(row => row.TemplateId == template.Id).ToListAsync(cancellationToken);
                var misfits = await MisfitsAsync(template, exceptions, time, now, cancellationToken);
                var slots = db.Slots.Where(slot => misfits.Contains(slot.Id));
                var affected = await db.BookedAsync(slots, time, now, cancellationToken);
                if (!affected.AreSeen(seen))
                {
                    notDone = new TemplateOutcome.Affects(affected);
                    throw new NotSeenException();
                }

                var changed = await PublishAnewAsync(template, exceptions, time, now, cancellationToken);
                await slots.CloseAsync(Changed, now);
                return new TemplateOutcome.Saved(template.Id, changed, affected.Count);
            }, cancellationToken);
        }
        catch (NotSeenException) when (notDone is not null)
        {
            return notDone;
        }
    }

    /// <summary>Times still to come that were published from the clinic and do not belong to it any more.</summary>
    private async Task<List<SlotId>> MisfitsAsync(ClinicTemplate template, IReadOnlyList<ClinicException> exceptions, PracticeTime time, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var slots = await (
            from slot in db.Slots.AsNoTracking()
            join schedule in db.Schedules on slot.ScheduleId equals schedule.Id
            where schedule.TemplateId == template.Id && slot.Start > now
            select slot).ToListAsync(cancellationToken);
        var byDay = exceptions.ToDictionary(row => row.Day);
        return [.. slots.Where(slot => !template.Fits(slot, byDay.GetValueOrDefault(slot.Day), time)).Select(slot => slot.Id)];
    }

    /// <summary>Clinics to come that nobody booked, holds, blocked or was offered become what the template says now, or go; answers how many.</summary>
    private async Task<int> PublishAnewAsync(ClinicTemplate template, IReadOnlyList<ClinicException> exceptions, PracticeTime time, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var untouched = await db.Schedules
            .Where(row => row.TemplateId == template.Id && row.Start > now
                && !db.Appointments.Any(appointment => appointment.ScheduleId == row.Id)
                && !db.WaitingListOffers.Any(offer => db.Slots.Any(slot => slot.Id == offer.SlotId && slot.ScheduleId == row.Id))
                && !db.Slots.Any(slot => slot.ScheduleId == row.Id && slot.Status != SlotStatus.Free && (slot.Status != SlotStatus.BusyTentative || slot.HeldUntil > now)))
            .ToListAsync(cancellationToken);
        var ids = untouched.ConvertAll(row => row.Id);
        var slots = (await db.Slots.AsNoTracking().Where(slot => ids.Contains(slot.ScheduleId)).ToListAsync(cancellationToken)).ToLookup(slot => slot.ScheduleId);
        var practitioner = await db.Practitioners.AsNoTracking().SingleAsync(row => row.Id == template.PractitionerId, cancellationToken);
        var service = await db.Services.AsNoTracking().SingleAsync(row => row.Id == template.ServiceId, cancellationToken);
        var byDay = exceptions.ToDictionary(row => row.Day);
        var changed = 0;
        foreach (var schedule in untouched)
        {
            var day = time.DayOf(schedule.Start);
            var anew = template.HoursOn(day, byDay.GetValueOrDefault(day)) is { } hours ? template.Publish(practitioner, service, day, hours, time) : null;
            if (anew is { } same && IsSame(schedule, slots[schedule.Id], same.Schedule, same.Slots))
                continue;
            changed++;
            await db.Slots.Where(slot => slot.ScheduleId == schedule.Id).ExecuteDeleteAsync(cancellationToken);
            db.Schedules.Remove(schedule);
            await db.SaveChangesAsync(cancellationToken);
            if (anew is not var (published, times) || await db.Schedules.AnyAsync(row => row.PractitionerId == practitioner.Id && row.Start < published.End && row.End > published.Start, cancellationToken))
                continue;
            db.Schedules.Add(published);
            db.Slots.AddRange(times);
            await db.SaveChangesAsync(cancellationToken);
        }

        return changed;
    }

    private static bool IsSame(Schedule old, IEnumerable<Slot> slots, Schedule anew, IReadOnlyList<Slot> times) =>
        (old.Start, old.End, old.ServiceId) == (anew.Start, anew.End, anew.ServiceId) && (old.Channels ?? []).SequenceEqual(anew.Channels ?? [])
        && slots.Select(slot => (slot.Start, slot.End, slot.Seat)).ToHashSet().SetEquals(times.Select(slot => (slot.Start, slot.End, slot.Seat)));

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff decide on clinics.");
    }

    /// <summary>Takes back what the change wrote.</summary>
    private sealed class NotSeenException : Exception;
}
