using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <summary>Where a video consultation is held: the clinic on its Signalling node, and the consultation in it.</summary>
public sealed record Room(ScheduleId Clinic, AppointmentId Consultation);

/// <summary>A patient's booking of a slot.</summary>
public sealed class Appointment : IAudited, IVersioned
{
    /// <summary>Characters of a reason, for the visit or for cancelling it.</summary>
    public const int ReasonLength = 500;

    public required AppointmentId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>For people to read and say: see <see cref="AppointmentReference"/>. Unique.</summary>
    public required string Reference { get; init; }

    public required PatientId PatientId { get; init; }

    public PractitionerId PractitionerId { get; private set; }

    public HealthcareServiceId ServiceId { get; private set; }

    public ScheduleId ScheduleId { get; private set; }

    public SlotId SlotId { get; private set; }

    public DeliveryChannel Channel { get; private set; }

    public DateTimeOffset Start { get; private set; }

    public DateTimeOffset End { get; private set; }

    public required DateTimeOffset BookedAt { get; init; }

    /// <summary>What the patient wants help with, in their own words.</summary>
    [AuditRedacted]
    public string? ReasonForVisit { get; init; }

    /// <summary>What the practice asks for; 0 for nothing. A later price of the service leaves it as it is.</summary>
    public int PricePence { get; init; }

    /// <summary>Those that were booked together, every so many weeks, have the same; null for one booked alone.</summary>
    public SeriesId? Series { get; private set; }

    public AppointmentStatus Status { get; private set; }

    /// <summary>When the patient opened the consultation, the latest time.</summary>
    public DateTimeOffset? ArrivedAt { get; private set; }

    /// <summary>How it was missed; null unless it was.</summary>
    public Absence? Absence { get; private set; }

    /// <summary>Why it was not held although the patient did nothing wrong; null unless that is so. It is cancelled then.</summary>
    public NotHeld? NotHeld { get; private set; }

    /// <summary>The appointment that was not held and that this one makes up for, free; null for any other.</summary>
    public AppointmentId? ReplacesId { get; init; }

    /// <summary>The consultation in which this one was booked as what comes next; null for any other.</summary>
    public AppointmentId? FollowUpOf { get; private set; }

    public DateTimeOffset? CancelledAt { get; private set; }

    public string? CancellationReason { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    /// <summary>A video appointment always has a room; no other has one.</summary>
    public Room? Room => Channel == DeliveryChannel.Video ? new Room(ScheduleId, Id) : null;

    public static Appointment Book(Slot slot, PatientId patient, DeliveryChannel channel, string reference, string? reasonForVisit, DateTimeOffset now, int pricePence = 0, AppointmentId? replaces = null) => new()
    {
        Id = AppointmentId.New(),
        PracticeId = slot.PracticeId,
        Reference = reference,
        PatientId = patient,
        PractitionerId = slot.PractitionerId,
        ServiceId = slot.ServiceId,
        ScheduleId = slot.ScheduleId,
        SlotId = slot.Id,
        Channel = channel,
        Start = slot.Start,
        End = slot.End,
        BookedAt = now,
        ReasonForVisit = reasonForVisit,
        PricePence = pricePence,
        ReplacesId = replaces,
        Status = AppointmentStates.Table.Move(AppointmentStatus.Proposed, AppointmentStatus.Booked),
    };

    public void Follow(AppointmentId consultation) => FollowUpOf = consultation;

    public void JoinSeries(SeriesId series) => Series = series;

    /// <summary>To another time, which may be in another clinic, of another clinician, or held another way. Whoever had arrived has not arrived there.</summary>
    public void MoveTo(Slot slot, DeliveryChannel channel)
    {
        if (Status == AppointmentStatus.Arrived)
            LeaveAgain();
        if (Status != AppointmentStatus.Booked)
            throw new IllegalTransitionException($"Only a booked appointment moves, not one that is {Status}.");
        PractitionerId = slot.PractitionerId;
        ServiceId = slot.ServiceId;
        ScheduleId = slot.ScheduleId;
        SlotId = slot.Id;
        Start = slot.Start;
        End = slot.End;
        Channel = channel;
    }

    /// <summary>The same time and clinician, held another way. By video it has a room again, otherwise none.</summary>
    public void SwitchTo(DeliveryChannel channel)
    {
        if (Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived))
            throw new IllegalTransitionException($"Only a coming appointment is held another way, not one that is {Status}.");
        if (Status == AppointmentStatus.Arrived)
            LeaveAgain();
        Channel = channel;
    }

    /// <summary>A patient, and a carer who may, move it or change how it is held until the start, staff until it has been held or missed; nobody while the patient is with the clinician.</summary>
    public bool MayBeMovedBy(Actor actor, DateTimeOffset now) =>
        actor.MayBookFor(PatientId)
        && Status is (AppointmentStatus.Booked or AppointmentStatus.Arrived)
        && (actor.IsStaff || now < Start);

    /// <summary>Opening the consultation again changes only the time.</summary>
    public void Arrive(DateTimeOffset now)
    {
        if (Status != AppointmentStatus.Arrived)
            Status = AppointmentStates.Table.Move(Status, AppointmentStatus.Arrived);
        ArrivedAt = now;
    }

    /// <summary>The patient went away before the clinician let them in.</summary>
    public void LeaveAgain()
    {
        Status = AppointmentStates.Table.Move(Status, AppointmentStatus.Booked);
        ArrivedAt = null;
    }

    public void CheckIn() => Status = AppointmentStates.Table.Move(Status, AppointmentStatus.CheckedIn);

    /// <summary>Another clinician takes the patient over, in the midst of the call. Time, room and clinic stay.</summary>
    public void HandOver(PractitionerId to)
    {
        if (Status != AppointmentStatus.CheckedIn)
            throw new IllegalTransitionException($"Only a patient who is with the clinician is handed over, not an appointment that is {Status}.");
        PractitionerId = to;
    }

    public void Fulfil() => Status = AppointmentStates.Table.Move(Status, AppointmentStatus.Fulfilled);

    public void Cancel(string reason, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Status = AppointmentStates.Table.Move(Status, AppointmentStatus.Cancelled);
        CancellationReason = reason;
        CancelledAt = now;
    }

    /// <summary>A patient, and a carer who may, cancel until the start, staff until it has been held or missed; nobody while the patient is with the clinician.</summary>
    public bool MayBeCancelledBy(Actor actor, DateTimeOffset now) =>
        actor.MayBookFor(PatientId)
        && Status != AppointmentStatus.CheckedIn
        && AppointmentStates.Table.Allows(Status, AppointmentStatus.Cancelled)
        && (actor.IsStaff || now < Start);

    /// <summary>Cancelled now it is late, by this rule of its service: the time would hardly find another patient.</summary>
    public bool IsShortNotice(DateTimeOffset now, TimeSpan lateNotice) => now > Start - lateNotice;

    public void MarkDidNotAttend(Absence absence = Booking.Absence.DidNotAttend)
    {
        Status = AppointmentStates.Table.Move(Status, AppointmentStatus.NoShow);
        Absence = absence;
    }

    /// <summary>It was not held, and not through the patient: it is cancelled, and the patient is owed another.</summary>
    public void CloseNotHeld(NotHeld why, DateTimeOffset now)
    {
        Cancel(why.Told(), now);
        NotHeld = why;
    }

    /// <summary>It was marked by mistake.</summary>
    public void CorrectDidNotAttend()
    {
        if (Status != AppointmentStatus.NoShow)
            throw new IllegalTransitionException($"Only a missed appointment can be corrected, not one that is {Status}.");
        Status = AppointmentStates.Table.Move(Status, AppointmentStatus.Booked);
        Absence = null;
    }

    public void EnterInError() => Status = AppointmentStates.Table.Move(Status, AppointmentStatus.EnteredInError);
}

internal static class AppointmentVisibility
{
    /// <summary>A patient sees their own, a carer what was granted of one patient's, a clinician those of their clinics, staff all of the practice.</summary>
    public static IQueryable<Appointment> VisibleTo(this IQueryable<Appointment> appointments, Actor actor) => actor switch
    {
        { ActsFor: { } patient } => appointments.Where(row => row.PatientId == patient).GrantedTo(actor),
        { AsPatient: { } patient } => appointments.Where(row => row.PatientId == patient),
        { AsPractitioner: { } practitioner } => appointments.Where(row => row.PractitionerId == practitioner),
        { IsStaff: true } => appointments,
        _ => appointments.Where(row => false),
    };

    /// <summary>Who may change but not see is shown what can still be changed; who may join, the video appointments that can still be joined.</summary>
    private static IQueryable<Appointment> GrantedTo(this IQueryable<Appointment> appointments, Actor carer)
    {
        if (carer.Rights.HasFlag(CarerRights.SeeAppointments))
            return appointments;
        var (change, join) = (carer.Rights.HasFlag(CarerRights.ChangeAppointments), carer.Rights.HasFlag(CarerRights.JoinConsultations));
        return appointments.Where(row =>
            (change && (row.Status == AppointmentStatus.Booked || row.Status == AppointmentStatus.Arrived))
            || (join && row.Channel == DeliveryChannel.Video && (row.Status == AppointmentStatus.Booked || row.Status == AppointmentStatus.Arrived || row.Status == AppointmentStatus.CheckedIn)));
    }
}

internal sealed class AppointmentMapping : IEntityTypeConfiguration<Appointment>
{
    public void Configure(EntityTypeBuilder<Appointment> entity)
    {
        entity.Property(a => a.Reference).HasMaxLength(16);
        entity.Property(a => a.ReasonForVisit).HasMaxLength(Appointment.ReasonLength);
        entity.Property(a => a.CancellationReason).HasMaxLength(Appointment.ReasonLength);
        entity.Ignore(a => a.Room);
        entity.HasIndex(a => a.Reference).IsUnique();
        // The database refuses to sell a slot twice: at most one appointment of a slot is live.
        entity.HasIndex(a => a.SlotId).IsUnique().HasFilter("[Status] <> 'Cancelled' AND [Status] <> 'EnteredInError'");
        entity.HasIndex(a => new { a.PatientId, a.Start });
        entity.HasIndex(a => new { a.ScheduleId, a.Start });
        entity.HasIndex(a => new { a.PractitionerId, a.Start });
        entity.HasIndex(a => new { a.Series, a.Start }).HasFilter("[Series] IS NOT NULL");
        // What a patient is owed.
        entity.HasIndex(a => a.ReplacesId).HasFilter("[ReplacesId] IS NOT NULL");
        entity.HasIndex(a => a.FollowUpOf).HasFilter("[FollowUpOf] IS NOT NULL");
        // For reports.
        entity.HasIndex(a => new { a.PracticeId, a.Start });
        // For reminders, which look at all practices.
        entity.HasIndex(a => new { a.Status, a.Start });
        entity.HasOne<Practice>().WithMany().HasForeignKey(a => a.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(a => a.PatientId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(a => a.PractitionerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<HealthcareService>().WithMany().HasForeignKey(a => a.ServiceId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Schedule>().WithMany().HasForeignKey(a => a.ScheduleId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Slot>().WithMany().HasForeignKey(a => a.SlotId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(a => a.ReplacesId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(a => a.FollowUpOf).OnDelete(DeleteBehavior.Restrict);
        entity.ToTable(table => table.HasCheckConstraint("CK_Appointments_Period", "[End] > [Start]"));
    }
}
