using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Web.Pages.Clinics;

internal static class NoteWording
{
    public static IReadOnlyList<(string Value, string Text)> Problems { get; } = [.. ProblemList.All.Select(problem => (problem.Code, problem.Term))];

    public static IReadOnlyList<(string Value, string Text)> Outcomes { get; } = [.. Enum.GetValues<EncounterOutcome>().Select(outcome => (outcome.ToString(), outcome.Said()))];

    /// <summary>The term of a code, for people to read.</summary>
    public static string Term(string? code) => code is null ? "Not coded" : ProblemList.Find(code)?.Term ?? code;

    public static string Said(this EncounterOutcome? outcome) => outcome?.Said() ?? "Not said";

    public static string Said(this EncounterOutcome outcome) => outcome switch
    {
        EncounterOutcome.AdviceGiven => "Advice given",
        EncounterOutcome.TreatmentStarted => "Treatment started",
        EncounterOutcome.TreatmentChanged => "Treatment changed or stopped",
        EncounterOutcome.TestsArranged => "Tests arranged",
        EncounterOutcome.Referred => "Referred",
        EncounterOutcome.FollowUpPlanned => "To be seen again",
        EncounterOutcome.ToBeSeenInPerson => "To be seen in person",
        EncounterOutcome.EmergencyCare => "Sent to emergency care",
        EncounterOutcome.NothingMoreNeeded => "Nothing more needed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };
}
