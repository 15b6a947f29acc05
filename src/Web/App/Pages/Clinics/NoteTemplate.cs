namespace Telemedicine.Web.Pages.Clinics;

/// <summary>Headings to write a note under.</summary>
/// <param name="Code">What the form sends.</param>
/// <param name="Name">For people to choose by.</param>
/// <param name="Headings">In order; what is written under each begins on a line of its own.</param>
internal sealed record NoteTemplate(string Code, string Name, IReadOnlyList<string> Headings)
{
    public static IReadOnlyList<NoteTemplate> All { get; } =
    [
        new("soap", "SOAP", ["Subjective", "Objective", "Assessment", "Plan"]),
        new("follow-up", "Follow-up", ["Since last time", "Treatment and side effects", "What matters to the patient", "Plan", "Next review"]),
        new("new-problem", "New problem", ["Problem", "History", "Ideas, concerns, expectations", "What I saw on video", "Impression", "Plan", "When to come back"]),
        new("medication-review", "Medication review", ["Medicines as taken", "Effect and side effects", "Monitoring and results", "Changes", "Next review"]),
        new("mental-health", "Mental health", ["Presentation", "Mood and thoughts", "Risk to self and others", "Support", "Plan and safety net"]),
    ];

    public static IReadOnlyList<(string Value, string Text)> Choices { get; } = [.. All.Select(template => (template.Code, template.Name))];

    /// <summary>The note with the headings below what was written already.</summary>
    public string Under(string? note)
    {
        var headings = string.Join("\n", Headings.Select(heading => heading + ":\n"));
        return string.IsNullOrWhiteSpace(note) ? headings : $"{note.TrimEnd()}\n\n{headings}";
    }
}
