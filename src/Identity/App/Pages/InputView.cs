namespace Telemedicine.Identity.Pages;

/// <summary>A labelled field of a form, as Shared/_Input shows it.</summary>
/// <param name="Name">Of the page's property, and the field's id.</param>
/// <param name="Type">An HTML input type; a password can be shown and its value never goes into the page.</param>
/// <param name="Autocomplete">What browsers and password managers may fill in (HTML autofill).</param>
public sealed record InputView(FormPage Page, string Name, string Label, string Type, string Autocomplete, string? Value = null, string? Hint = null)
{
    public bool IsPassword => Type == "password";

    public string? HintId => Hint is null ? null : $"{Name}-hint";
}
