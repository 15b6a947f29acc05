using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

public abstract record BlockOutcome
{
    public sealed record Blocked(ScheduleId Clinic) : BlockOutcome;

    public sealed record Unblocked(ScheduleId Clinic) : BlockOutcome;

    /// <summary>Nothing at that time is free: sold, held or blocked already.</summary>
    public sealed record NotFree : BlockOutcome;

    /// <summary>Nothing at that time is blocked.</summary>
    public sealed record NotBlocked : BlockOutcome;

    /// <summary>No reason, or one longer than <see cref="Slot.BlockReasonLength"/> characters.</summary>
    public sealed record ReasonMissing : BlockOutcome;

    public sealed record NotFound : BlockOutcome;
}

/// <summary>Takes times out of what can be booked, and gives them back. For practice staff.</summary>
public sealed class SlotService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Blocks what is free at the time of this slot: of a group every free place.</summary>
    public async Task<BlockOutcome> BlockAsync(Actor staff, SlotId id, string reason, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        var why = reason.Trim();
        if (why.Length is 0 or > Slot.BlockReasonLength)
            return new BlockOutcome.ReasonMissing();
        return await db.WriteAsync<BlockOutcome>(staff, "slot.block", why, async () =>
        {
            if (await FindAsync(id, cancellationToken) is not { } slot)
                return new BlockOutcome.NotFound();
            if (await db.Slots.BlockAsync(slot.ScheduleId, slot.Start, why, clock.GetUtcNow()) == 0)
                return new BlockOutcome.NotFree();
            db.Audit(nameof(Slot), id.Value, """{"Status":"BusyUnavailable"}""", before: """{"Status":"Free"}""");
            return new BlockOutcome.Blocked(slot.ScheduleId);
        }, cancellationToken);
    }

    /// <summary>What was blocked at the time of this slot can be booked again.</summary>
    public async Task<BlockOutcome> UnblockAsync(Actor staff, SlotId id, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        return await db.WriteAsync<BlockOutcome>(staff, "slot.unblock", reason: null, async () =>
        {
            if (await FindAsync(id, cancellationToken) is not { } slot)
                return new BlockOutcome.NotFound();
            if (await db.Slots.UnblockAsync(slot.ScheduleId, slot.Start) == 0)
                return new BlockOutcome.NotBlocked();
            db.Audit(nameof(Slot), id.Value, """{"Status":"Free"}""", before: """{"Status":"BusyUnavailable"}""");
            return new BlockOutcome.Unblocked(slot.ScheduleId);
        }, cancellationToken);
    }

    private Task<Slot?> FindAsync(SlotId id, CancellationToken cancellationToken) => db.Slots.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff block times.");
    }
}
