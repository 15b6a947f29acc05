namespace Telemedicine.Web.Pages.Practice;

/// <summary>A day or a time to enter.</summary>
/// <param name="Type">date or time.</param>
public sealed record MomentField(string Name, string Label, string Type, string Value);
