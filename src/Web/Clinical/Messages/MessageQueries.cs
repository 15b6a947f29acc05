using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Messages;

/// <summary>A claimed message with everything needed to write it. Times carry the practice's offset.</summary>
/// <param name="Obsolete">Why it should not be sent any more; null if it should.</param>
public sealed record MessageToWrite(
    MessageId Id,
    int Attempts,
    AppointmentId? Appointment,
    MessageKind Kind,
    MessageChannel Channel,
    MessageTopic Topic,
    string? Email,
    string? Phone,
    string? Obsolete);

/// <summary>What a message is written from. Times carry the practice's offset.</summary>
/// <param name="Name">Of whom it goes to.</param>
/// <param name="PatientName">Of whom it is about.</param>
public sealed record MessageTopic(
    string Name,
    string PatientName,
    string PracticeName,
    string? PracticePhone,
    string? ServiceName,
    string? PractitionerName,
    DateTimeOffset? Start,
    DateTimeOffset? End,
    DateTimeOffset? PreviousStart,
    DateTimeOffset? Until,
    AppointmentId? Appointment,
    MessageFacts Facts)
{
    /// <summary>What it costs to cancel late or not to come; 0 for nothing.</summary>
    public int LateFeePence { get; init; }

    /// <summary>Cancelling is late so long before the start.</summary>
    public int LateNoticeHours { get; init; }

    /// <summary>The patient signs in with an account of their own.</summary>
    public bool HasAccount { get; init; }

    /// <summary>From the root: where whom it goes to joins without an account; null when it carries no such link.</summary>
    public string? JoinPath { get; init; }
}

/// <summary>A message as pages show it. Times carry the practice's offset.</summary>
public sealed record MessageView(
    MessageId Id,
    MessageKind Kind,
    MessageChannel Channel,
    MessageStatus Status,
    PatientId PatientId,
    string PatientName,
    AppointmentId? Appointment,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt,
    int Attempts,
    string? Problem,
    string? Address,
    string? Subject,
    string? Body);

public sealed class MessageQueries(ClinicalDbContext db, TimeProvider clock)
{
    public const int MaxShown = 100;

    /// <summary>Messages that could not be sent, and those that staff let be, the latest first; at most <see cref="MaxShown"/>. For practice staff.</summary>
    public async Task<IReadOnlyList<MessageView>> FailuresAsync(Actor staff, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            throw new NotAllowedException("Only practice staff see messages that failed.");
        db.ActFor(staff);
        return await ViewsAsync(staff, db.Messages.Where(message => message.Status == MessageStatus.Failed || message.Status == MessageStatus.GivenUp), cancellationToken);
    }

    /// <summary>The latest messages that were sent: a patient's own, a carer none, for everybody else of the practice all.</summary>
    public async Task<IReadOnlyList<MessageView>> SentAsync(Actor actor, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var sent = db.Messages.Where(message => message.Status == MessageStatus.Sent);
        return await ViewsAsync(actor, actor switch
        {
            { AsPatient: { } patient } => sent.Where(message => message.PatientId == patient),
            { AsCarer: not null } => sent.Where(message => false),
            _ => sent,
        }, cancellationToken);
    }

    /// <summary>What a message about this appointment would be written from; null if the actor may not see the appointment.</summary>
    public async Task<MessageTopic?> TopicAsync(Actor actor, AppointmentId id, MessageDetails? details, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var appointment = await db.Appointments.AsNoTracking().VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return appointment is null ? null : (await TopicAsync(appointment.PatientId, id, Outbox.FactsOf(appointment, details), cancellationToken)).Topic;
    }

    /// <summary>What a claimed message is written from.</summary>
    public async Task<MessageToWrite> ToWriteAsync(MessageClaim claim, CancellationToken cancellationToken)
    {
        db.ActFor(Actor.System(claim.Practice));
        var message = await db.Messages.AsNoTracking().SingleAsync(row => row.Id == claim.Id, cancellationToken);
        var (topic, patient) = await TopicAsync(message.PatientId, message.AppointmentId, message.Facts, cancellationToken);
        var recipient = message.Facts.Details.Recipient;
        return new MessageToWrite(
            message.Id,
            message.Attempts,
            message.AppointmentId,
            message.Kind,
            message.Channel,
            topic,
            recipient is null ? patient.Email : recipient.Email,
            recipient is null ? patient.Phone : recipient.Phone,
            await ObsoleteAsync(message, cancellationToken));
    }

    private async Task<(MessageTopic Topic, Patient Patient)> TopicAsync(PatientId about, AppointmentId? appointment, MessageFacts facts, CancellationToken cancellationToken)
    {
        var patient = await db.Patients.AsNoTracking().SingleAsync(row => row.Id == about, cancellationToken);
        var practice = await db.Practices.AsNoTracking().SingleAsync(row => row.Id == patient.PracticeId, cancellationToken);
        var service = await db.Services.AsNoTracking().SingleOrDefaultAsync(row => row.Id == facts.Service, cancellationToken);
        var practitioner = await db.Practitioners.AsNoTracking().SingleOrDefaultAsync(row => row.Id == facts.Practitioner, cancellationToken);
        var time = practice.Time;
        return (new MessageTopic(
            facts.Details.Recipient?.Name ?? patient.DisplayName,
            patient.DisplayName,
            practice.Name,
            practice.Phone,
            service?.Name,
            practitioner?.DisplayName,
            time.ToLocal(facts.Start),
            time.ToLocal(facts.End),
            time.ToLocal(facts.Details.PreviousStart),
            time.ToLocal(facts.Details.Until),
            appointment,
            facts)
        {
            LateFeePence = service?.LateFeePence ?? 0,
            LateNoticeHours = service?.LateNoticeHours ?? 0,
            HasAccount = patient.Subject is not null,
        }, patient);
    }

    private async Task<string?> ObsoleteAsync(Message message, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (message.Facts.Details.Until <= now)
            return "Its time had run out before it was sent.";
        if (message.Facts.Details.Guest is { } guest && !await db.Guests.AnyAsync(row => row.Id == new GuestId(guest) && row.RevokedAt == null, cancellationToken))
            return "The invitation was taken back before it was sent.";
        if (message.AppointmentId is not { } id)
            return null;
        if (message.Kind is MessageKind.Reminder or MessageKind.DeviceCheck)
        {
            if (message.Start <= now)
                return "The appointment had begun before it was sent.";
            var stands = await db.Appointments.AnyAsync(row => row.Id == id && row.Start == message.Start && row.Status == AppointmentStatus.Booked, cancellationToken);
            return stands ? null : "The appointment was moved, cancelled or joined before it was sent.";
        }

        // Told late, an earlier change would contradict the later one.
        var newer = await db.Messages.AnyAsync(
            row => row.AppointmentId == id && row.Channel == message.Channel && row.Kind != MessageKind.Reminder && row.Kind != MessageKind.DeviceCheck && row.CreatedAt > message.CreatedAt, cancellationToken);
        return newer ? "A later message about the same appointment took its place." : null;
    }

    private async Task<List<MessageView>> ViewsAsync(Actor actor, IQueryable<Message> messages, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var rows = await (
            from message in messages.OrderByDescending(row => row.CreatedAt).Take(MaxShown).AsNoTracking()
            join patient in db.Patients on message.PatientId equals patient.Id
            orderby message.CreatedAt descending, message.Channel
            select new { message, patient }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new MessageView(
            row.message.Id,
            row.message.Kind,
            row.message.Channel,
            row.message.Status,
            row.patient.Id,
            row.patient.DisplayName,
            row.message.AppointmentId,
            time.ToLocal(row.message.CreatedAt),
            time.ToLocal(row.message.SentAt),
            row.message.Attempts,
            row.message.Problem,
            row.message.Address,
            row.message.Subject,
            row.message.Body));
    }
}
