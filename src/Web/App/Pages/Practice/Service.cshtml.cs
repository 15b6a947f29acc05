using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Adds a service or changes one.</summary>
public sealed class ServiceModel(ServiceAdministration services) : AdministratorPage
{
    /// <summary>Null for a new one.</summary>
    [FromRoute]
    public HealthcareServiceId? Service { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Description { get; set; }

    /// <summary>As typed.</summary>
    [BindProperty]
    public string? Minutes { get; set; }

    [BindProperty]
    public List<DeliveryChannel> Channels { get; set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "services";
        if (Service is not { } id)
            return Page();
        if ((await services.ListAsync(Actor, Cancelled)).SingleOrDefault(row => row.Id == id) is not { } service)
            return NotFound();
        (Name, Description, Minutes) = (service.Name, service.Description, service.DurationMinutes.ToString(CultureInfo.InvariantCulture));
        Channels = [.. service.Channels];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        ViewData[ViewKeys.Section] = "services";
        ModelState.Clear();
        var minutes = int.TryParse(Minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var typed) ? typed : 0;
        Require(nameof(Name), Name, HealthcareService.NameLength, "the name");
        Require(nameof(Description), Description, HealthcareService.DescriptionLength, "what it is for");
        if (minutes is < ServiceAdministration.ShortestMinutes or > ServiceAdministration.LongestMinutes)
            ModelState.AddModelError(nameof(Minutes), $"Enter how long it takes, in whole minutes from {ServiceAdministration.ShortestMinutes} to {ServiceAdministration.LongestMinutes}");
        if (Channels.Count == 0)
            ModelState.AddModelError(nameof(Channels), "Select at least one way to hold it");
        if (!ModelState.IsValid)
            return Again();
        switch (await services.SaveAsync(Actor, Service, new ServiceDetails(Name ?? "", Description ?? "", minutes, Channels), Cancelled))
        {
            case SaveServiceOutcome.Saved:
                this.ShowNext(Service is null ? "The service is added." : "The service is changed.");
                return RedirectToPage("/Practice/Services");
            case SaveServiceOutcome.NameTaken:
                ModelState.AddModelError(nameof(Name), "Another service has this name. Enter a different one");
                return Again();
            case SaveServiceOutcome.Incomplete:
                ModelState.AddModelError(string.Empty, "Check what you entered");
                return Again();
            default:
                return NotFound();
        }
    }

    private void Require(string field, string? text, int longest, string what)
    {
        if (string.IsNullOrWhiteSpace(text))
            ModelState.AddModelError(field, $"Enter {what}");
        else if (text.Trim().Length > longest)
            ModelState.AddModelError(field, $"Enter {what} in {longest} characters or fewer");
    }
}
