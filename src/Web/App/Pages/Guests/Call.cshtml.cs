using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Guests;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Guests;

/// <summary>The guest's call: preview, waiting room and consultation, as the patient has them.</summary>
[CallPage(Blurs = true)]
public sealed class CallModel(ArrivalService arrivals) : GuestPage
{
    private string? _callBack;

    public CallView Call => new(
        "patient", Guest.Appointment, Url.Content($"~{GuestCookie.Path}/ticket"), Url.Page("/Guests/Ended") ?? "", Url.Page("/Guests/Index") ?? "",
        Guest.PractitionerName, Guest.PracticeName, Guest.PracticePhone)
    {
        IsGuest = true,
        FilesUrl = Url.Content($"~{GuestCookie.Path}/files"),
        Telephone = Guest.Role == GuestRole.Patient ? new TelephoneView(_callBack) : null,
    };

    public async Task<IActionResult> OnGetAsync()
    {
        if (Guest.JoinsFrom is not null || await arrivals.FindAsync(Guest.Actor, Guest.Appointment, Cancelled) is not { IsComplete: true } arrival)
            return RedirectToPage("/Guests/Index");
        _callBack = arrival.CallBack;
        return Page();
    }
}
