namespace Telemedicine.Web.Pages.Consultations;

/// <summary>A question with its answers, one of which is chosen.</summary>
/// <param name="Field">What the form calls it, and what the error summary links to.</param>
/// <param name="Chosen">Null for none.</param>
public sealed record ChoiceView(string Field, string Question, IReadOnlyList<(string Value, string Text)> Answers, string? Chosen);
