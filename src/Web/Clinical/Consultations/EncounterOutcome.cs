namespace Telemedicine.Clinical.Consultations;

/// <summary>What a consultation came to.</summary>
public enum EncounterOutcome
{
    AdviceGiven,
    TreatmentStarted,
    TreatmentChanged,
    TestsArranged,
    Referred,
    FollowUpPlanned,
    ToBeSeenInPerson,
    EmergencyCare,
    NothingMoreNeeded,
}
