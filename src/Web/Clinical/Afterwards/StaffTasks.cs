using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Afterwards;

/// <summary>A task as pages show it. Times carry the practice's offset.</summary>
/// <param name="DoneBy">Null while it is open.</param>
public sealed record StaffTaskView(
    StaffTaskId Id, AppointmentId Appointment, PatientId Patient, string PatientName, string Author, string Text, bool IsUrgent, DateTimeOffset CreatedAt, DateTimeOffset? DoneAt, string? DoneBy);

public abstract record StaffTaskOutcome
{
    public sealed record Changed : StaffTaskOutcome;

    public sealed record TextMissing : StaffTaskOutcome;

    /// <summary>More than <see cref="StaffTask.TextLength"/> characters.</summary>
    public sealed record TextTooLong : StaffTaskOutcome;

    /// <summary>There are <see cref="StaffTasks.MaxOpen"/> open ones from this appointment.</summary>
    public sealed record TooMany : StaffTaskOutcome;

    /// <summary>Somebody else was faster.</summary>
    /// <param name="By">Who did it; null if it is open again.</param>
    public sealed record AlreadySo(string? By) : StaffTaskOutcome;

    public sealed record NotFound : StaffTaskOutcome;
}

/// <summary>What clinicians leave for practice staff: the clinician of an appointment asks, any member of staff does it.</summary>
public sealed class StaffTasks(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Open ones of one appointment.</summary>
    public const int MaxOpen = 10;

    public const int MaxShown = 100;

    public Task<StaffTaskOutcome> AskAsync(Actor clinician, AppointmentId id, string text, bool urgent, CancellationToken cancellationToken)
    {
        if (clinician.AsPractitioner is not { } self)
            throw new NotAllowedException("Only a clinician leaves tasks.");
        var what = text.Trim();
        return db.WriteAsync<StaffTaskOutcome>(clinician, "task.ask", reason: null, async () =>
        {
            if (await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.PractitionerId == self, cancellationToken) is not { } appointment)
                return new StaffTaskOutcome.NotFound();
            if (what.Length == 0)
                return new StaffTaskOutcome.TextMissing();
            if (what.Length > StaffTask.TextLength)
                return new StaffTaskOutcome.TextTooLong();
            if (await db.StaffTasks.CountAsync(row => row.AppointmentId == id && row.DoneAt == null, cancellationToken) >= MaxOpen)
                return new StaffTaskOutcome.TooMany();
            db.StaffTasks.Add(new StaffTask
            {
                Id = StaffTaskId.New(),
                PracticeId = appointment.PracticeId,
                AppointmentId = id,
                PatientId = appointment.PatientId,
                AuthorId = self,
                Text = what,
                IsUrgent = urgent,
                CreatedAt = clock.GetUtcNow(),
            });
            return new StaffTaskOutcome.Changed();
        }, cancellationToken);
    }

    /// <summary>Of one appointment, in order of asking: for its clinician. Empty for anybody else's.</summary>
    public async Task<IReadOnlyList<StaffTaskView>> OfAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken)
    {
        if (clinician.AsPractitioner is not { } self)
            throw new NotAllowedException("Only a clinician sees the tasks of an appointment.");
        db.ActFor(clinician);
        var own = await ViewsAsync(clinician, db.StaffTasks.Where(row => row.AppointmentId == id && row.AuthorId == self).OrderByDescending(row => row.CreatedAt).Take(MaxShown), cancellationToken);
        return [.. own.OrderBy(task => task.CreatedAt)];
    }

    /// <summary>The open ones first, urgent ones before the others and the oldest first; then what was done last. At most <see cref="MaxShown"/>. For practice staff.</summary>
    public async Task<IReadOnlyList<StaffTaskView>> ListAsync(Actor staff, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        var open = await ViewsAsync(staff, db.StaffTasks.Where(row => row.DoneAt == null).OrderByDescending(row => row.IsUrgent).ThenBy(row => row.CreatedAt).Take(MaxShown), cancellationToken);
        var done = await ViewsAsync(staff, db.StaffTasks.Where(row => row.DoneAt != null).OrderByDescending(row => row.DoneAt).Take(Math.Min(20, MaxShown - open.Count)), cancellationToken);
        return [.. open.OrderByDescending(task => task.IsUrgent).ThenBy(task => task.CreatedAt), .. done.OrderByDescending(task => task.DoneAt)];
    }

    /// <summary>Marks it as done, or as open again. Only staff do it.</summary>
    public Task<StaffTaskOutcome> MarkAsync(Actor staff, StaffTaskId id, bool done, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        return db.WriteAsync<StaffTaskOutcome>(staff, done ? "task.done" : "task.reopen", reason: null, async () =>
        {
            if (await db.StaffTasks.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } task)
                return new StaffTaskOutcome.NotFound();
            if (task.DoneAt is not null == done)
                return new StaffTaskOutcome.AlreadySo(task.DoneBy is { } other ? (await db.StaffMembers.AsNoTracking().SingleAsync(row => row.Id == other, cancellationToken)).DisplayName : null);
            if (done)
                task.Do(new StaffMemberId(staff.PersonId), clock.GetUtcNow());
            else
                task.Reopen();
            return new StaffTaskOutcome.Changed();
        }, cancellationToken);
    }

    private async Task<List<StaffTaskView>> ViewsAsync(Actor actor, IQueryable<StaffTask> tasks, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var rows = await (
            from task in tasks.AsNoTracking()
            join patient in db.Patients on task.PatientId equals patient.Id
            join author in db.Practitioners on task.AuthorId equals author.Id
            join member in db.StaffMembers on task.DoneBy equals (StaffMemberId?)member.Id into members
            from member in members.DefaultIfEmpty()
            select new { task, patient, author, member }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new StaffTaskView(
            row.task.Id,
            row.task.AppointmentId,
            row.patient.Id,
            row.patient.DisplayName,
            row.author.DisplayName,
            row.task.Text,
            row.task.IsUrgent,
            time.ToLocal(row.task.CreatedAt),
            time.ToLocal(row.task.DoneAt),
            row.member?.DisplayName));
    }

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff do tasks.");
    }
}
