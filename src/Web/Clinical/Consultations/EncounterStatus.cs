using static Telemedicine.Clinical.Consultations.EncounterStatus;

namespace Telemedicine.Clinical.Consultations;

/// <summary>FHIR EncounterStatus. A dropped connection stays in progress.</summary>
public enum EncounterStatus
{
    Planned,
    Arrived,
    Triaged,
    InProgress,
    OnLeave,
    Finished,
    Cancelled,
    EnteredInError,
}

public static class EncounterStates
{
    public static readonly StateTable<EncounterStatus> Table = new(new Dictionary<EncounterStatus, EncounterStatus[]>
    {
        [Planned] = [Arrived, Cancelled, EnteredInError],
        [Arrived] = [Triaged, InProgress, Cancelled, EnteredInError],
        [Triaged] = [InProgress, Cancelled, EnteredInError],
        [InProgress] = [OnLeave, Finished, EnteredInError],
        [OnLeave] = [InProgress, EnteredInError],
        [Finished] = [EnteredInError],
        [Cancelled] = [EnteredInError],
    });
}
