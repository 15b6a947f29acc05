using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Guests;
using Telemedicine.Web.Pages.Arriving;

namespace Telemedicine.Web.Pages.Guests;

/// <summary>The steps before the waiting room, for who came by a link. Who they are, they have proved already.</summary>
public sealed class ArrivingModel(ArrivalService arrivals) : GuestPage
{
    [FromRoute]
    public string Step { get; set; } = ArrivingSteps.Who;

    [BindProperty]
    public ArrivingForm Form { get; set; } = new();

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is not { } arrival)
            return RedirectToPage("/Guests/Index");
        Form.Remember(arrival);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is null)
            return RedirectToPage("/Guests/Index");
        switch (await Form.KeepAsync(arrivals, Guest.Actor, Guest.Appointment, ModelState, Cancelled))
        {
            case null:
                Response.StatusCode = StatusCodes.Status400BadRequest;
                return Page();
            case "":
                return RedirectToPage("/Guests/Index");
            case var next:
                return RedirectToPage(new { Step = next });
        }
    }

    private async Task<MyArrival?> LoadAsync()
    {
        if (Guest.JoinsFrom is not null || await arrivals.FindAsync(Guest.Actor, Guest.Appointment, Cancelled) is not { } arrival)
            return null;
        var name = Guest.Role == GuestRole.Patient ? Guest.Name : $"{Guest.Name} ({Guest.Role.Word()})";
        Form.Show(Step, arrival, new ArrivingFacts(name, null, Guest.ServiceName, Guest.PractitionerName, Guest.Start, Guest.PracticeName, Guest.PracticePhone));
        return arrival;
    }
}
