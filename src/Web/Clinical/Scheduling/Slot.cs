using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>A bookable piece of a schedule.</summary>
/// <remarks>
/// Many people write to slots at once, so booking changes them by conditional statements (<see cref="SlotBook"/>) that obey the same
/// table as the methods here.
/// </remarks>
public sealed class Slot : IPracticeOwned, IVersioned
{
    /// <summary>How long a slot is held while a form is filled in.</summary>
    public static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

    /// <summary>Characters of the reason why it is blocked.</summary>
    public const int BlockReasonLength = 200;

    public required SlotId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required ScheduleId ScheduleId { get; init; }

    public required HealthcareServiceId ServiceId { get; init; }

    public required PractitionerId PractitionerId { get; init; }

    /// <summary>The practice's local day on which it starts.</summary>
    public required DateOnly Day { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    /// <summary>A group's places are slots of the same start: 0 for the first, which is the only one of most services.</summary>
    public int Seat { get; init; }

    /// <summary>A place that staff added on purpose when the time was full. It is never offered again.</summary>
    public bool IsExtra { get; init; }

    public SlotStatus Status { get; private set; }

    public PatientId? HeldFor { get; private set; }

    public DateTimeOffset? HeldUntil { get; private set; }

    /// <summary>Why it is blocked, if anybody said.</summary>
    public string? BlockReason { get; private set; }

    public int Version { get; private set; }

    public void Hold(PatientId patient, DateTimeOffset now)
    {
        ReturnExpiredHold(now);
        if (Status == SlotStatus.BusyTentative && HeldFor == patient)
            return;
        Status = SlotStates.Table.Move(Status, SlotStatus.BusyTentative);
        HeldFor = patient;
        HeldUntil = now + HoldTime;
    }

    /// <summary>A sale is of a slot that was held: booking a free one holds it first.</summary>
    public void Sell(PatientId patient, DateTimeOffset now)
    {
        Hold(patient, now);
        Status = SlotStates.Table.Move(Status, SlotStatus.Busy);
        HeldFor = null;
        HeldUntil = null;
    }

    public void Free()
    {
        Status = SlotStates.Table.Move(Status, SlotStatus.Free);
        HeldFor = null;
        HeldUntil = null;
        BlockReason = null;
    }

    public void Block(DateTimeOffset now, string? reason = null)
    {
        ReturnExpiredHold(now);
        Status = SlotStates.Table.Move(Status, SlotStatus.BusyUnavailable);
        BlockReason = reason;
    }

    /// <summary>One more place at the same time, added on purpose.</summary>
    public Slot OneMore(int seat) => new()
    {
        Id = SlotId.New(),
        PracticeId = PracticeId,
        ScheduleId = ScheduleId,
        ServiceId = ServiceId,
        PractitionerId = PractitionerId,
        Day = Day,
        Start = Start,
        End = End,
        Seat = seat,
        IsExtra = true,
    };

    private void ReturnExpiredHold(DateTimeOffset now)
    {
        if (Status == SlotStatus.BusyTentative && HeldUntil <= now)
            Free();
    }
}

internal sealed class SlotMapping : IEntityTypeConfiguration<Slot>
{
    public void Configure(EntityTypeBuilder<Slot> entity)
    {
        entity.Property(s => s.BlockReason).HasMaxLength(Slot.BlockReasonLength);
        entity.HasIndex(s => new { s.PracticeId, s.ServiceId, s.Day, s.Start, s.Status, s.HeldUntil, s.Seat });
        entity.HasIndex(s => new { s.ScheduleId, s.Start, s.Seat }).IsUnique();
        entity.HasIndex(s => s.HeldFor).HasFilter("[HeldFor] IS NOT NULL");
        entity.HasOne<Practice>().WithMany().HasForeignKey(s => s.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Schedule>().WithMany().HasForeignKey(s => s.ScheduleId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<HealthcareService>().WithMany().HasForeignKey(s => s.ServiceId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(s => s.PractitionerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(s => s.HeldFor).OnDelete(DeleteBehavior.Restrict);
        entity.ToTable(table =>
        {
            table.HasCheckConstraint("CK_Slots_Period", "[End] > [Start]");
            table.HasCheckConstraint("CK_Slots_Hold", "([Status] = 'BusyTentative' AND [HeldFor] IS NOT NULL AND [HeldUntil] IS NOT NULL) OR ([Status] <> 'BusyTentative' AND [HeldFor] IS NULL AND [HeldUntil] IS NULL)");
        });
    }
}
