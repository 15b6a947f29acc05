namespace Telemedicine.Identity.Pages.Administration;

/// <summary>The choice of a role, as _Roles shows it.</summary>
public sealed record RolesView(FormPage Page, string? Chosen, IEnumerable<string> Roles);
