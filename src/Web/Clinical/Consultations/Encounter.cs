using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Consultations;

/// <summary>What happened at an appointment: made when the patient first opens it or the clinician first writes a note.</summary>
public sealed class Encounter : IAudited, IVersioned
{
    private readonly List<EncounterStatusChange> _history = [];
    private readonly List<EncounterParticipant> _participants = [];
    private PractitionerId _practitionerId;

    public required EncounterId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required PatientId PatientId { get; init; }

    /// <summary>Who is responsible.</summary>
    public required PractitionerId PractitionerId { get => _practitionerId; init => _practitionerId = value; }

    public EncounterStatus Status { get; private set; }

    /// <summary>Since when the patient has been in the waiting room; null while they are not in it.</summary>
    public DateTimeOffset? WaitingSince { get; private set; }

    /// <summary>When the patient first came.</summary>
    public DateTimeOffset? ArrivedAt { get; private set; }

    /// <summary>When the clinician let the patient in.</summary>
    public DateTimeOffset? Start { get; private set; }

    public DateTimeOffset? End { get; private set; }

    /// <summary>How it went on when that is another way than the appointment was booked; null otherwise.</summary>
    public DeliveryChannel? SwitchedTo { get; private set; }

    public int Version { get; private set; }

    /// <summary>Every status it has had, in order.</summary>
    public IReadOnlyList<EncounterStatusChange> History => _history;

    /// <summary>Who was in the call, and when: one entry for each time they came.</summary>
    public IReadOnlyList<EncounterParticipant> Participants => _participants;

    public Guid AuditId => Id.Value;

    public static Encounter Plan(Appointment appointment, DateTimeOffset now)
    {
        var encounter = new Encounter
        {
            Id = EncounterId.New(),
            PracticeId = appointment.PracticeId,
            AppointmentId = appointment.Id,
            PatientId = appointment.PatientId,
            PractitionerId = appointment.PractitionerId,
        };
        encounter.Note(EncounterStatus.Planned, now);
        return encounter;
    }

    public void Arrive(DateTimeOffset at)
    {
        Move(EncounterStatus.Arrived, at);
        ArrivedAt = at;
    }

    public void Triage(DateTimeOffset at) => Move(EncounterStatus.Triaged, at);

    public void Admit(DateTimeOffset at)
    {
        Move(EncounterStatus.InProgress, at);
        Start = at;
        WaitingSince = null;
    }

    /// <summary>Another clinician is responsible from now on.</summary>
    public void HandOver(PractitionerId to) => _practitionerId = to;

    public void PutOnLeave(DateTimeOffset at) => Move(EncounterStatus.OnLeave, at);

    public void ComeBack(DateTimeOffset at)
    {
        if (Status != EncounterStatus.OnLeave)
            throw new IllegalTransitionException($"Only an encounter on leave comes back, not one that is {Status}.");
        Move(EncounterStatus.InProgress, at);
    }

    public void Finish(DateTimeOffset at)
    {
        Move(EncounterStatus.Finished, at);
        End = at;
    }

    public void Cancel(DateTimeOffset at)
    {
        Move(EncounterStatus.Cancelled, at);
        WaitingSince = null;
    }

    public void EnterInError(DateTimeOffset at) => Move(EncounterStatus.EnteredInError, at);

    /// <summary>What Signalling's events so far say of waiting and presence; the status is moved by the methods above.</summary>
    public void Show(ConsultationTimeline timeline)
    {
        WaitingSince = Status is EncounterStatus.Planned or EncounterStatus.Arrived or EncounterStatus.Triaged ? timeline.WaitingSince : null;
        SwitchedTo = timeline.ByTelephone ? DeliveryChannel.Telephone : null;
        var periods = timeline.Periods;
        for (var index = 0; index < periods.Count; index++)
        {
            if (index == _participants.Count)
                _participants.Add(new EncounterParticipant { Id = Guid.CreateVersion7(), PracticeId = PracticeId, EncounterId = Id });
            _participants[index].Show(periods[index], End);
        }

        // Fewer periods than before: an event that came late joined two of them.
        _participants.RemoveRange(periods.Count, _participants.Count - periods.Count);
    }

    private void Move(EncounterStatus next, DateTimeOffset at) => Note(EncounterStates.Table.Move(Status, next), at);

    private void Note(EncounterStatus status, DateTimeOffset at)
    {
        Status = status;
        _history.Add(new EncounterStatusChange { Id = Guid.CreateVersion7(), PracticeId = PracticeId, EncounterId = Id, Sequence = _history.Count, Status = status, At = at });
    }
}

public sealed class EncounterStatusChange : IPracticeOwned
{
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required EncounterId EncounterId { get; init; }

    /// <summary>0 for the first.</summary>
    public required int Sequence { get; init; }

    public required EncounterStatus Status { get; init; }

    /// <summary>When the encounter came into this status.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>One stay of a person in the call.</summary>
public sealed class EncounterParticipant : IPracticeOwned
{
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required EncounterId EncounterId { get; init; }

    /// <summary>The value of the Patient's or Practitioner's id.</summary>
    public Guid PersonId { get; private set; }

    public ConsultationRole Role { get; private set; }

    public DateTimeOffset Start { get; private set; }

    /// <summary>Null while they are there.</summary>
    public DateTimeOffset? End { get; private set; }

    internal void Show(PresencePeriod period, DateTimeOffset? encounterEnd)
    {
        PersonId = period.PersonId;
        Role = period.Role;
        Start = period.Start;
        End = period.End ?? (encounterEnd > period.Start ? encounterEnd : null);
    }
}

internal sealed class EncounterMapping :
    IEntityTypeConfiguration<Encounter>, IEntityTypeConfiguration<EncounterStatusChange>, IEntityTypeConfiguration<EncounterParticipant>
{
    public void Configure(EntityTypeBuilder<Encounter> entity)
    {
        // One live encounter of an appointment; a cancelled one may be followed by another when its cancelling was a mistake.
        entity.HasIndex(e => e.AppointmentId).IsUnique().HasFilter("[Status] <> 'Cancelled' AND [Status] <> 'EnteredInError'");
        entity.HasIndex(e => e.PatientId);
        entity.HasOne<Practice>().WithMany().HasForeignKey(e => e.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(e => e.AppointmentId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(e => e.PatientId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(e => e.PractitionerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasMany(e => e.History).WithOne().HasForeignKey(change => change.EncounterId).OnDelete(DeleteBehavior.Cascade);
        entity.HasMany(e => e.Participants).WithOne().HasForeignKey(participant => participant.EncounterId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<EncounterStatusChange> entity)
    {
        entity.Property(change => change.Id).ValueGeneratedNever();
        entity.HasIndex(change => new { change.EncounterId, change.Sequence }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<EncounterParticipant> entity) => entity.Property(participant => participant.Id).ValueGeneratedNever();
}
