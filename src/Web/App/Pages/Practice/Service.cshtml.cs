using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Adds a service or changes one.</summary>
public sealed class ServiceModel(ServiceAdministration services) : ServiceForm
{
    /// <summary>Null for a new one.</summary>
    [FromRoute]
    public HealthcareServiceId? Service { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "services";
        if (Service is not { } id)
            return Page();
        if ((await services.ListAsync(Actor, Cancelled)).SingleOrDefault(row => row.Id == id) is not { } service)
            return NotFound();
        Fill(service.Details);
        return Page();
    }

    /// <summary>The list of questions is changed in the form; nothing is saved yet.</summary>
    /// <param name="step">add, or up, down or remove with the question's number, such as up-2.</param>
    public IActionResult OnPostQuestions(string? step)
    {
        ViewData[ViewKeys.Section] = "services";
        ModelState.Clear();
        var (what, index) = (step?.Split('-')[0], int.TryParse(step?.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
        switch (what)
        {
            case "add" when Questions.Count < ServiceAdministration.MostQuestions:
                Questions.Add(new QuestionRow());
                break;
            case "remove" when index >= 0 && index < Questions.Count:
                Questions.RemoveAt(index);
                break;
            case "up" when index > 0 && index < Questions.Count:
                (Questions[index - 1], Questions[index]) = (Questions[index], Questions[index - 1]);
                break;
            case "down" when index >= 0 && index < Questions.Count - 1:
                (Questions[index + 1], Questions[index]) = (Questions[index], Questions[index + 1]);
                break;
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        ViewData[ViewKeys.Section] = "services";
        if (Entered() is not { } details)
            return Again();
        switch (await services.SaveAsync(Actor, Service, details, Cancelled))
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
}
