using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

public sealed class ReminderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_appointment_is_reminded_of_a_week_a_day_and_an_hour_before()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync(TimeSpan.FromDays(10));

        var sent = await WatchAsync(clinic, appointment.Start.AddHours(1));

        Assert.Equal(
            [(TimeSpan.FromDays(7), MessageChannel.Email), (TimeSpan.FromDays(7), MessageChannel.Text), (TimeSpan.FromDays(1), MessageChannel.Email), (TimeSpan.FromDays(1), MessageChannel.Text), (TimeSpan.FromHours(1), MessageChannel.Email), (TimeSpan.FromHours(1), MessageChannel.Text)],
            sent.Select(message => (appointment.Start - message.CreatedAt, message.Channel)));
        Assert.All(sent, message => Assert.Equal((appointment.Start, appointment.Start - message.CreatedAt), (message.Facts.Start, message.Facts.Details.Before)));
    }

    [Fact]
    public async Task What_was_booked_later_than_a_reminders_time_has_only_the_later_ones()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (soon, _) = await clinic.BookedAsync(TimeSpan.FromMinutes(30));
        var (tomorrow, _) = await clinic.BookedAsync(TimeSpan.FromHours(26));

        var sent = await WatchAsync(clinic, tomorrow.Start);

        Assert.DoesNotContain(sent, message => message.AppointmentId == soon.Id);
        Assert.Equal([TimeSpan.FromDays(1), TimeSpan.FromHours(1)], sent.Where(message => message.Channel == MessageChannel.Text).Select(message => tomorrow.Start - message.CreatedAt));
    }

    [Fact]
    public async Task Two_instances_and_a_restart_queue_each_reminder_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var other = clinic.AnotherInstance();
        for (var booking = 0; booking < 5; booking++)
            await clinic.BookedAsync(TimeSpan.FromDays(8) + TimeSpan.FromMinutes(20 * booking));
        clinic.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(3));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(() => index % 2 == 0 ? QueueAsync(clinic, null) : QueueAsync(other, null))));
        await QueueAsync(clinic, null);

        Assert.Equal(10, (await RemindersAsync(clinic)).Count);
    }

    [Fact]
    public async Task After_an_outage_the_latest_reminder_that_still_helps_is_sent_and_none_that_the_next_one_replaced()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync(TimeSpan.FromDays(10));
        clinic.Clock.SetUtcNow(appointment.Start.AddHours(-20));

        await QueueAsync(clinic, null);

        Assert.All(await RemindersAsync(clinic), message => Assert.Equal(TimeSpan.FromDays(1), message.Facts.Details.Before));
        Assert.Equal(2, (await RemindersAsync(clinic)).Count);
    }

    [Fact]
    public async Task A_cancelled_appointment_is_not_reminded_of()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromDays(10));
        await clinic.CancelAsync(appointment.Id, Actor.For(patient));

        Assert.Empty(await WatchAsync(clinic, appointment.Start));
    }

    [Fact]
    public async Task A_reminder_that_waits_while_its_appointment_is_cancelled_is_not_needed_any_more()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        clinic.Clock.SetUtcNow(appointment.Start.AddHours(-1));
        await QueueAsync(clinic, null);
        await clinic.CancelAsync(appointment.Id, Actor.For(patient));

        var reminder = (await RemindersAsync(clinic))[0];
        var claim = await clinic.AskAsync<MessageQueue, MessageClaim?>(queue => queue.ClaimAsync(new DueMessage(reminder.Id, clinic.Practice.Id), Cancel));
        Assert.NotNull(claim);
        var toWrite = await clinic.AskAsync<MessageQueries, MessageToWrite>(queries => queries.ToWriteAsync(claim, Cancel));

        Assert.Equal("The appointment was moved, cancelled or joined before it was sent.", toWrite.Obsolete);
    }

    [Theory]
    [InlineData(ReminderWay.EmailAndText, 6)]
    [InlineData(ReminderWay.Email, 3)]
    [InlineData(ReminderWay.Text, 3)]
    [InlineData(ReminderWay.None, 0)]
    public async Task A_patient_is_reminded_as_they_chose(ReminderWay way, int messages)
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromDays(8));

        Assert.True(await ChooseAsync(clinic, Actor.For(patient), patient, way));
        var sent = await WatchAsync(clinic, appointment.Start);

        Assert.Equal(messages, sent.Count);
        Assert.All(sent, message => Assert.True(way == ReminderWay.EmailAndText || message.Channel.ToString() == way.ToString()));
        Assert.Equal(way, await FindAsync(clinic, Actor.For(patient), patient));
    }

    [Fact]
    public async Task A_choice_is_the_patients_own_or_made_by_staff_for_them()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var patient = await clinic.AddPatientAsync();
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        Assert.True(await ChooseAsync(clinic, clinic.Staff, patient, ReminderWay.Text));
        Assert.True(await ChooseAsync(clinic, Actor.For(patient), patient, ReminderWay.Email));
        foreach (var stranger in new[] { Actor.For(other), clinic.Clinician, neighbour.Staff })
        {
            Assert.False(await ChooseAsync(clinic, stranger, patient, ReminderWay.None));
            Assert.Null(await FindAsync(clinic, stranger, patient));
        }

        Assert.Equal(ReminderWay.Email, await FindAsync(clinic, Actor.For(patient), patient));
        Assert.Equal(2, await clinic.ReadAsync(db => db.AuditEvents.CountAsync(audit => audit.Action == "patient.choose-reminders", Cancel)));
    }

    /// <summary>Asks again and again until then, as the service does every minute.</summary>
    private static async Task<List<Message>> WatchAsync(TestClinic clinic, DateTimeOffset end)
    {
        DateTimeOffset? since = null;
        while (clinic.Now < end)
        {
            since = await QueueAsync(clinic, since);
            // In great steps, but not over a reminder's time.
            var next = clinic.Now.AddHours(6);
            var starts = await clinic.ReadAsync(db => db.Appointments.Select(row => row.Start).ToListAsync(Cancel));
            foreach (var at in starts.SelectMany(start => Reminders.Times.Select(time => start - time.Before)).Where(at => at > clinic.Now && at < next))
                next = at;
            clinic.Clock.SetUtcNow(next);
        }

        return await RemindersAsync(clinic);
    }

    private static Task<DateTimeOffset> QueueAsync(TestClinic clinic, DateTimeOffset? since) => clinic.AskAsync<Reminders, DateTimeOffset>(reminders => reminders.QueueDueAsync(since, Cancel));

    private static async Task<DateTimeOffset> QueueAsync(IServiceProvider instance, DateTimeOffset? since)
    {
        await using var scope = instance.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Reminders>().QueueDueAsync(since, Cancel);
    }

    private static Task<bool> ChooseAsync(TestClinic clinic, Actor actor, Patient patient, ReminderWay way) =>
        clinic.AskAsync<ReminderChoices, bool>(choices => choices.ChooseAsync(actor, patient.Id, way, Cancel));

    private static Task<ReminderWay?> FindAsync(TestClinic clinic, Actor actor, Patient patient) =>
        clinic.AskAsync<ReminderChoices, ReminderWay?>(choices => choices.FindAsync(actor, patient.Id, Cancel));

    private static async Task<List<Message>> RemindersAsync(TestClinic clinic) =>
        [.. (await clinic.ReadAsync(db => db.Messages.AsNoTracking().Where(row => row.Kind == MessageKind.Reminder).ToListAsync(Cancel))).OrderBy(row => row.CreatedAt).ThenBy(row => row.Channel)];
}
