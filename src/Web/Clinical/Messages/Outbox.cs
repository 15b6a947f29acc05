using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Messages;

/// <summary>
/// Puts messages into the outbox. Call it within the work of <see cref="ClinicalDbContext.WriteAsync{T}"/>: they are saved with the change that they tell, or not
/// at all.
/// </summary>
public static class Outbox
{
    private static readonly MessageChannel[] Channels = [MessageChannel.Email, MessageChannel.Text];

    /// <summary>Tells the patient of this appointment, as it is after the change.</summary>
    public static void Notify(this ClinicalDbContext db, Appointment appointment, MessageKind kind, DateTimeOffset now, MessageDetails? details = null) =>
        // Told before the change is saved, which counts the version up.
        db.Queue(appointment.PracticeId, appointment.PatientId, appointment.Id, kind, FactsOf(appointment, details) with { Sequence = appointment.Version + 1 }, now);

    /// <summary>Offers a slot to a patient who waits for one.</summary>
    public static void Notify(this ClinicalDbContext db, Slot offered, PatientId patient, DeliveryChannel? channel, MessageKind kind, DateTimeOffset now, MessageDetails details) =>
        db.Queue(offered.PracticeId, patient, null, kind, FactsOf(offered, channel, details), now);

    /// <summary>Tells something that is about no one appointment, such as an invitation.</summary>
    public static void Notify(this ClinicalDbContext db, PracticeId practice, PatientId patient, MessageKind kind, DateTimeOffset now, MessageDetails details) =>
        db.Queue(practice, patient, null, kind, new MessageFacts { Details = details }, now);

    /// <summary>Sends somebody a link to this appointment. It is no news of the appointment itself, and takes no other message's place.</summary>
    public static void Invite(this ClinicalDbContext db, Appointment appointment, DateTimeOffset now, MessageDetails details) =>
        db.Queue(appointment.PracticeId, appointment.PatientId, null, MessageKind.GuestInvitation, FactsOf(appointment, details), now);

    /// <summary>What a message about this appointment tells: also for showing it before it is sent.</summary>
    public static MessageFacts FactsOf(Appointment appointment, MessageDetails? details = null) => new()
    {
        Service = appointment.ServiceId,
        Practitioner = appointment.PractitionerId,
        Channel = appointment.Channel,
        Start = appointment.Start,
        End = appointment.End,
        Reference = appointment.Reference,
        Sequence = appointment.Version,
        Details = details ?? new MessageDetails(),
    };

    private static MessageFacts FactsOf(Slot offered, DeliveryChannel? channel, MessageDetails details) => new()
    {
        Service = offered.ServiceId,
        Practitioner = offered.PractitionerId,
        Channel = channel,
        Start = offered.Start,
        End = offered.End,
        Details = details,
    };

    private static void Queue(this ClinicalDbContext db, PracticeId practice, PatientId patient, AppointmentId? appointment, MessageKind kind, MessageFacts facts, DateTimeOffset now)
    {
        foreach (var channel in Channels)
            db.Messages.Add(Message.Queue(practice, patient, appointment, kind, channel, facts, now));
    }
}
