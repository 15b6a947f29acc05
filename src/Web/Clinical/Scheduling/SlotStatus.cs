namespace Telemedicine.Clinical.Scheduling;

/// <summary>FHIR SlotStatus. A hold whose time has run out counts as free without anyone writing it down.</summary>
public enum SlotStatus
{
    Free,

    /// <summary>Held for one patient while a form is filled in.</summary>
    BusyTentative,

    /// <summary>Sold.</summary>
    Busy,

    /// <summary>Blocked: nobody can book it.</summary>
    BusyUnavailable,
}

public static class SlotStates
{
    public static readonly StateTable<SlotStatus> Table = new(new Dictionary<SlotStatus, SlotStatus[]>
    {
        [SlotStatus.Free] = [SlotStatus.BusyTentative, SlotStatus.BusyUnavailable],
        [SlotStatus.BusyTentative] = [SlotStatus.Busy, SlotStatus.Free],
        [SlotStatus.Busy] = [SlotStatus.Free],
        [SlotStatus.BusyUnavailable] = [SlotStatus.Free],
    });
}
