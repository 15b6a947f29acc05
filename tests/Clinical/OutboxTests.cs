using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class OutboxTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_booking_and_a_cancellation_leave_a_message_on_each_channel()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        await clinic.CancelAsync(appointment.Id, clinic.Staff, "The clinician is ill");

        var messages = await MessagesAsync(clinic);

        Assert.Equal(
            [(MessageKind.Booked, MessageChannel.Email), (MessageKind.Booked, MessageChannel.Text), (MessageKind.Cancelled, MessageChannel.Email), (MessageKind.Cancelled, MessageChannel.Text)],
            messages.Select(message => (message.Kind, message.Channel)));
        Assert.All(messages, message =>
        {
            Assert.Equal((MessageStatus.Waiting, clinic.Now, (AppointmentId?)appointment.Id, patient.Id), (message.Status, message.DueAt, message.AppointmentId, message.PatientId));
            Assert.Equal((appointment.Start, appointment.End, appointment.Reference, (DeliveryChannel?)DeliveryChannel.Video), (message.Facts.Start, message.Facts.End, message.Facts.Reference, message.Facts.Channel));
        });
        Assert.Equal([0, 0, 1, 1], messages.Select(message => message.Facts.Sequence));
        Assert.Equal([null, null, "The clinician is ill", "The clinician is ill"], messages.Select(message => message.Facts.Details.Reason));
    }

    [Fact]
    public async Task What_patients_write_when_they_cancel_is_not_written_back_to_them()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));

        await clinic.CancelAsync(appointment.Id, Actor.For(patient), "Private");

        Assert.All(await MessagesAsync(clinic), message => Assert.Null(message.Facts.Details.Reason));
    }

    [Fact]
    public async Task A_refused_booking_tells_nobody_anything()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        var taken = await clinic.BookAsync(await clinic.SlotAsync(appointment.SlotId), other);
        var again = await clinic.BookAsync(await clinic.SlotAsync(appointment.SlotId), patient);

        Assert.IsType<BookOutcome.Taken>(taken);
        Assert.IsType<BookOutcome.Booked>(again);
        Assert.Equal(2, (await MessagesAsync(clinic)).Count);
    }

    [Fact]
    public async Task A_change_that_is_not_saved_sends_no_message()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => clinic.WriteAsync(async db =>
        {
            var row = await db.Appointments.SingleAsync(Cancel);
            row.Cancel("Clinic is called off", clinic.Now);
            db.Notify(row, MessageKind.ClinicCancelled, clinic.Now);
            await db.SaveChangesAsync(Cancel);
            throw new TimeoutException();
        }));

        Assert.DoesNotContain(await MessagesAsync(clinic), message => message.Kind == MessageKind.ClinicCancelled);
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(appointment.Id)).Status);
    }

    [Fact]
    public async Task An_offer_and_an_invitation_keep_what_they_tell()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(3)))[0];
        var offer = new MessageDetails { Until = clinic.Now.AddHours(1), Path = "/waiting-list/offers/1" };
        var invitation = new MessageDetails { Recipient = new MessageRecipient("Ruth Hughes", "ruth@example.com", null), Path = "/invitations/1" };

        await clinic.WriteAsync(db =>
        {
            db.Notify(slot, patient.Id, DeliveryChannel.Video, MessageKind.WaitingListOffer, clinic.Now, offer);
            db.Notify(clinic.Practice.Id, patient.Id, MessageKind.CarerInvitation, clinic.Now, invitation);
        });

        var messages = await MessagesAsync(clinic);
        Assert.Equal(4, messages.Count);
        Assert.Equal((slot.Start, offer), (messages[0].Facts.Start, messages[0].Facts.Details));
        Assert.Equal(invitation, messages[2].Facts.Details);
    }

    private static async Task<List<Message>> MessagesAsync(TestClinic clinic) =>
        [.. (await clinic.ReadAsync(db => db.Messages.AsNoTracking().ToListAsync(Cancel))).OrderBy(row => row.Kind).ThenBy(row => row.Channel)];
}
