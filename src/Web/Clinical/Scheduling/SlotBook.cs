using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Patients;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>
/// The conditional statements that hold, sell and free slots. Each names the states it may start from, so that the database decides who
/// of many callers is first; the answer is whether it was this one.
/// </summary>
internal static class SlotBook
{
    /// <summary>Free now, or held for this patient: what they may book.</summary>
    public static Expression<Func<Slot, bool>> IsOpenTo(PatientId? patient, DateTimeOffset now) => slot =>
        slot.Status == SlotStatus.Free
        || (slot.Status == SlotStatus.BusyTentative && (slot.HeldUntil <= now || slot.HeldFor == patient));

    public static async Task<bool> HoldAsync(this IQueryable<Slot> slots, SlotId id, PatientId patient, DateTimeOffset now, DateTimeOffset until)
    {
        return await slots
            .Where(slot => slot.Id == id && (slot.Status == SlotStatus.Free || (slot.Status == SlotStatus.BusyTentative && slot.HeldUntil <= now)))
            .ExecuteUpdateAsync(set => set
                .SetProperty(slot => slot.Status, SlotStatus.BusyTentative)
                .SetProperty(slot => slot.HeldFor, patient)
                .SetProperty(slot => slot.HeldUntil, until)
                .SetProperty(slot => slot.Version, slot => slot.Version + 1)) == 1;
    }

    public static async Task<bool> SellAsync(this IQueryable<Slot> slots, SlotId id, PatientId patient, DateTimeOffset now) =>
        await slots
            .Where(slot => slot.Id == id).Where(IsOpenTo(patient, now))
            .ExecuteUpdateAsync(set => set
                .SetProperty(slot => slot.Status, SlotStatus.Busy)
                .SetProperty(slot => slot.HeldFor, (PatientId?)null)
                .SetProperty(slot => slot.HeldUntil, (DateTimeOffset?)null)
                .SetProperty(slot => slot.Version, slot => slot.Version + 1)) == 1;

    /// <summary>A sold slot comes back; one that was added on purpose is not offered again.</summary>
    public static async Task<bool> ReturnAsync(this IQueryable<Slot> slots, SlotId id) =>
        await slots.Where(slot => slot.Id == id && slot.Status == SlotStatus.Busy)
            .ExecuteUpdateAsync(set => set
                .SetProperty(slot => slot.Status, slot => slot.IsExtra ? SlotStatus.BusyUnavailable : SlotStatus.Free)
                .SetProperty(slot => slot.Version, slot => slot.Version + 1)) == 1;

    /// <summary>Blocks what is open at this time of a clinic; answers how many places that were.</summary>
    public static Task<int> BlockAsync(this IQueryable<Slot> slots, ScheduleId clinic, DateTimeOffset start, string reason, DateTimeOffset now) =>
        slots
            .Where(slot => slot.ScheduleId == clinic && slot.Start == start).Where(IsOpenTo(null, now))
            .ExecuteUpdateAsync(set => set
                .SetProperty(slot => slot.Status, SlotStatus.BusyUnavailable)
                .SetProperty(slot => slot.HeldFor, (PatientId?)null)
                .SetProperty(slot => slot.HeldUntil, (DateTimeOffset?)null)
                .SetProperty(slot => slot.BlockReason, reason)
                .SetProperty(slot => slot.Version, slot => slot.Version + 1));

    /// <summary>Blocks of these what is not over and not sold, also what is held.</summary>
    public static Task<int> CloseAsync(this IQueryable<Slot> slots, string reason, DateTimeOffset now) =>
        slots
            .Where(slot => slot.End > now && (slot.Status == SlotStatus.Free || slot.Status == SlotStatus.BusyTentative))
            .ExecuteUpdateAsync(set => set
                .SetProperty(slot => slot.Status, SlotStatus.BusyUnavailable)
                .SetProperty(slot => slot.HeldFor, (PatientId?)null)
                .SetProperty(slot => slot.HeldUntil, (DateTimeOffset?)null)
                .SetProperty(slot => slot.BlockReason, reason)
                .SetProperty(slot => slot.Version, slot => slot.Version + 1));

    /// <summary>Opens of these what is blocked for this reason and not over.</summary>
    public static Task<int> ReopenAsync(this IQueryable<Slot> slots, string reason, DateTimeOffset now) =>
        slots.Where(slot => slot.End > now && slot.Status == SlotStatus.BusyUnavailable && slot.BlockReason == reason && !slot.IsExtra).FreeAsync();

    /// <summary>Opens again what is blocked at this time of a clinic; answers how many places that were.</summary>
    public static Task<int> UnblockAsync(this IQueryable<Slot> slots, ScheduleId clinic, DateTimeOffset start) =>
        slots.Where(slot => slot.ScheduleId == clinic && slot.Start == start && slot.Status == SlotStatus.BusyUnavailable && !slot.IsExtra).FreeAsync();

    /// <summary>Lets go of what a patient holds, except one.</summary>
    public static Task<int> ReleaseHoldsAsync(this IQueryable<Slot> slots, PatientId patient, SlotId? except) =>
        slots.Where(slot => slot.HeldFor == patient && slot.Status == SlotStatus.BusyTentative && slot.Id != except).FreeAsync();

    private static Task<int> FreeAsync(this IQueryable<Slot> slots) =>
        slots.ExecuteUpdateAsync(set => set
            .SetProperty(slot => slot.Status, SlotStatus.Free)
            .SetProperty(slot => slot.HeldFor, (PatientId?)null)
            .SetProperty(slot => slot.HeldUntil, (DateTimeOffset?)null)
            .SetProperty(slot => slot.BlockReason, (string?)null)
            .SetProperty(slot => slot.Version, slot => slot.Version + 1));
}
