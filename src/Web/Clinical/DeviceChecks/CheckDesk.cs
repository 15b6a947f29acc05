using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.DeviceChecks;

/// <summary>Why a video appointment may fail, the most pressing first.</summary>
public enum Risk
{
    /// <summary>The device does not work.</summary>
    NotWorking,

    /// <summary>Nobody has checked, and the patient has had no video appointment here before.</summary>
    NewToVideo,

    /// <summary>The device works with limits.</summary>
    Limited,

    /// <summary>Nobody has checked.</summary>
    NotChecked,
}

/// <summary>An act of staff about an appointment at risk.</summary>
/// <param name="At">With the practice's offset.</param>
public sealed record FollowUpView(FollowUpKind Kind, DateTimeOffset At, string By, string? Note);

/// <summary>A video appointment that may fail. Times carry the practice's offset.</summary>
/// <param name="Check">The latest; null if none was made.</param>
/// <param name="FollowUps">The latest first.</param>
public sealed record RiskView(
    AppointmentId Appointment,
    PatientId Patient,
    string PatientName,
    string? Phone,
    DateTimeOffset Start,
    string ServiceName,
    string PractitionerName,
    IReadOnlyList<DeliveryChannel> Channels,
    Risk Risk,
    bool IsNewToVideo,
    DeviceCheckView? Check,
    IReadOnlyList<FollowUpView> FollowUps);

public abstract record FollowUpOutcome
{
    private FollowUpOutcome()
    {
    }

    public sealed record Done : FollowUpOutcome;

    /// <summary>Not of this practice, or not at risk any more.</summary>
    public sealed record NotFound : FollowUpOutcome;

    /// <summary>Nothing was written, or more than <see cref="DeviceCheckFollowUp.NoteLength"/> characters.</summary>
    public sealed record NoteMissing : FollowUpOutcome;

    /// <summary>They were asked a short time ago.</summary>
    /// <param name="At">With the practice's offset.</param>
    public sealed record AskedAlready(DateTimeOffset At) : FollowUpOutcome;
}

/// <summary>For practice staff: the video appointments of the next two days that may fail, and what was done about each.</summary>
public sealed class CheckDesk(ClinicalDbContext db, TimeProvider clock)
{
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(48);

    /// <summary>Asked again before this, people feel pestered.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(12);

    /// <summary>The most pressing first, then the next; empty for whoever is not of the staff.</summary>
    public async Task<IReadOnlyList<RiskView>> ListAsync(Actor staff, CancellationToken cancellationToken) => await ViewsAsync(staff, id: null, cancellationToken);

    /// <summary>Null if it is not of this practice, or not at risk any more.</summary>
    public async Task<RiskView?> FindAsync(Actor staff, AppointmentId id, CancellationToken cancellationToken) =>
        (await ViewsAsync(staff, id, cancellationToken)).SingleOrDefault();

    /// <summary>Notes that the patient was phoned, and what came of it.</summary>
    public async Task<FollowUpOutcome> NoteCallAsync(Actor staff, AppointmentId id, string note, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        var words = note.Trim();
        if (words.Length is 0 or > DeviceCheckFollowUp.NoteLength)
            return new FollowUpOutcome.NoteMissing();
        return await db.WriteAsync<FollowUpOutcome>(staff, "device-check.called", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await Upcoming(now).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
                return new FollowUpOutcome.NotFound();
            Add(staff, appointment, FollowUpKind.Called, words, now);
            return new FollowUpOutcome.Done();
        }, cancellationToken);
    }

    /// <summary>Sends the patient a message that asks them to check their device.</summary>
    public async Task<FollowUpOutcome> AskAsync(Actor staff, AppointmentId id, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        return await db.WriteAsync<FollowUpOutcome>(staff, "device-check.ask", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await Upcoming(now).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
                return new FollowUpOutcome.NotFound();
            var since = now - AskAgainAfter;
            var asked = await db.DeviceCheckFollowUps.AsNoTracking().Where(row => row.AppointmentId == id && row.Kind == FollowUpKind.Asked && row.At > since)
                .OrderByDescending(row => row.At).FirstOrDefaultAsync(cancellationToken);
            if (asked is not null)
                return new FollowUpOutcome.AskedAlready(time.ToLocal(asked.At));
            Add(staff, appointment, FollowUpKind.Asked, null, now);
            db.Notify(appointment, MessageKind.DeviceCheck, now, new MessageDetails { Path = $"/appointments/{id}/device-check" });
            return new FollowUpOutcome.Done();
        }, cancellationToken);
    }

    /// <summary>What makes an appointment worth looking at; null if nothing does.</summary>
    internal static Risk? RiskOf(CheckScore? score, bool newToVideo) => score switch
    {
        CheckScore.NotWorking => Risk.NotWorking,
        CheckScore.Limited => Risk.Limited,
        CheckScore.Ready => null,
        _ => newToVideo ? Risk.NewToVideo : Risk.NotChecked,
    };

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff follow up device checks.");
    }

    private void Add(Actor staff, Appointment appointment, FollowUpKind kind, string? note, DateTimeOffset now) => db.DeviceCheckFollowUps.Add(new DeviceCheckFollowUp
    {
        Id = DeviceCheckFollowUpId.New(),
        PracticeId = appointment.PracticeId,
        AppointmentId = appointment.Id,
        Kind = kind,
        At = now,
        By = new StaffMemberId(staff.PersonId),
        Note = note,
    });

    private IQueryable<Appointment> Upcoming(DateTimeOffset now)
    {
        var until = now + Ahead;
        return db.Appointments.Where(row => row.Channel == DeliveryChannel.Video && row.Status == AppointmentStatus.Booked && row.Start > now && row.Start <= until);
    }

    private async Task<List<RiskView>> ViewsAsync(Actor staff, AppointmentId? id, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            return [];
        db.ActFor(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var upcoming = Upcoming(clock.GetUtcNow()).AsNoTracking();
        if (id is { } one)
            upcoming = upcoming.Where(row => row.Id == one);
        var rows = await (
            from appointment in upcoming
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            join service in db.Services on appointment.ServiceId equals service.Id
            join schedule in db.Schedules on appointment.ScheduleId equals schedule.Id
            orderby appointment.Start
            select new { appointment, patient, practitioner, service, Ways = schedule.Channels }).AsNoTracking().ToListAsync(cancellationToken);
        var checks = (await db.DeviceChecks.AsNoTracking().Where(check => upcoming.Any(row => row.Id == check.AppointmentId)).ToListAsync(cancellationToken)).ToLookup(check => check.AppointmentId);
        var followUps = (await (
            from followUp in db.DeviceCheckFollowUps.AsNoTracking()
            join member in db.StaffMembers on followUp.By equals member.Id
            where upcoming.Any(row => row.Id == followUp.AppointmentId)
            select new { followUp, member }).ToListAsync(cancellationToken)).ToLookup(row => row.followUp.AppointmentId);
        var experienced = (await db.Appointments
            .Where(past => past.Channel == DeliveryChannel.Video && past.Status == AppointmentStatus.Fulfilled && upcoming.Any(row => row.PatientId == past.PatientId))
            .Select(past => past.PatientId).Distinct().ToListAsync(cancellationToken)).ToHashSet();

        var views = new List<RiskView>();
        foreach (var row in rows)
        {
            var check = checks[row.appointment.Id].MaxBy(each => each.At);
            var newToVideo = !experienced.Contains(row.appointment.PatientId);
            if (RiskOf(check?.Score, newToVideo) is not { } risk)
                continue;
            views.Add(new RiskView(
                row.appointment.Id,
                row.patient.Id,
                row.patient.DisplayName,
                row.patient.Phone,
                time.ToLocal(row.appointment.Start),
                row.service.Name,
                row.practitioner.DisplayName,
                Schedule.ChannelsOf(row.Ways, row.service.Channels),
                risk,
                newToVideo,
                check is null ? null : new DeviceCheckView(time.ToLocal(check.At), check.Score, check.Result, check.ByCarer),
                [.. followUps[row.appointment.Id].OrderByDescending(each => each.followUp.At)
                    .Select(each => new FollowUpView(each.followUp.Kind, time.ToLocal(each.followUp.At), each.member.DisplayName, each.followUp.Note))]));
        }
        return [.. views.OrderBy(view => view.Risk).ThenBy(view => view.Start)];
    }
}
