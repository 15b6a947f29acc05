using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Messages;

/// <summary>
/// Queues the reminders whose time has come: a week, a day and an hour before the start. Each is queued once for an appointment and its start, however many instances
/// ask and however often: the database refuses a second one. An appointment that moves is reminded of anew.
/// </summary>
public sealed class Reminders(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>How long before the start each is sent, and until when it still says something that the next does not.</summary>
    public static readonly IReadOnlyList<(TimeSpan Before, TimeSpan Until)> Times =
    [
        (TimeSpan.FromDays(7), TimeSpan.FromDays(1)),
        (TimeSpan.FromDays(1), TimeSpan.FromHours(1)),
        (TimeSpan.FromHours(1), TimeSpan.Zero),
    ];

    private static readonly MessageKind[] Announcements = [MessageKind.Booked, MessageKind.Moved, MessageKind.ClinicMoved];

    /// <summary>Queues what has become due since an earlier call, or everything still of use if there was none.</summary>
    /// <param name="since">When the earlier call was made, by its answer.</param>
    /// <returns>The time up to which reminders are queued now.</returns>
    public async Task<DateTimeOffset> QueueDueAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var (before, until) in Times)
        {
            // What starts earlier was looked at by the earlier call; what was booked into that time since then needs no reminder.
            var from = since is { } earlier && earlier + before > now + until ? earlier + before : now + until;
            foreach (var due in await DueAsync(from, now + before, cancellationToken))
            {
                if (due.Known <= due.Appointment.Start - before)
                    await QueueAsync(due.Appointment, before, now, cancellationToken);
            }
        }

        return now;
    }

    private async Task<List<(Appointment Appointment, DateTimeOffset Known)>> DueAsync(DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var rows = await (
            from appointment in db.Appointments.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            where appointment.Status == AppointmentStatus.Booked && appointment.Start > after && appointment.Start <= until
            select new
            {
                appointment,
                Announced = db.Messages.IgnoreQueryFilters(PracticeFilter.Only)
                    .Where(message => message.AppointmentId == appointment.Id && message.Start == appointment.Start && Announcements.Contains(message.Kind))
                    .Max(message => (DateTimeOffset?)message.CreatedAt),
            }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => (row.appointment, row.Announced ?? row.appointment.BookedAt));
    }

    private async Task QueueAsync(Appointment appointment, TimeSpan before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = Outbox.FactsOf(appointment, new MessageDetails { Before = before });
        try
        {
            await db.WriteAsync(Actor.System(appointment.PracticeId), "reminder.queue", reason: null, async () =>
            {
                var keys = ChannelsOf(await WayOfAsync(appointment.PatientId, cancellationToken)).Select(channel => (Channel: channel, Key: KeyOf(appointment, before, channel))).ToList();
                var asked = keys.ConvertAll(row => row.Key);
                var queued = await db.Messages.Where(row => row.OnceKey != null && asked.Contains(row.OnceKey)).Select(row => row.OnceKey).ToListAsync(cancellationToken);
                foreach (var (channel, key) in keys.Where(row => !queued.Contains(row.Key)))
                    db.Messages.Add(Message.Queue(appointment.PracticeId, appointment.PatientId, appointment.Id, MessageKind.Reminder, channel, facts, now, key));
                return true;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            // Another instance queued it at the same time.
        }
    }

    private async Task<ReminderWay> WayOfAsync(PatientId patient, CancellationToken cancellationToken) =>
        (await db.ReminderChoices.AsNoTracking().SingleOrDefaultAsync(row => row.PatientId == patient, cancellationToken))?.Way ?? ReminderWay.EmailAndText;

    private static string KeyOf(Appointment appointment, TimeSpan before, MessageChannel channel) =>
        $"reminder/{appointment.Id}/{before.TotalMinutes:0}/{appointment.Start.UtcDateTime:yyyyMMddTHHmm}/{channel}";

    private static IEnumerable<MessageChannel> ChannelsOf(ReminderWay way) => way switch
    {
        ReminderWay.EmailAndText => [MessageChannel.Email, MessageChannel.Text],
        ReminderWay.Email => [MessageChannel.Email],
        ReminderWay.Text => [MessageChannel.Text],
        ReminderWay.None => [],
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "Not a way to remind."),
    };
}
