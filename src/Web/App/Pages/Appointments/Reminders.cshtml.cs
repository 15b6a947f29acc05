using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Messages;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>How a patient wants to be reminded, or that they do not want to be.</summary>
public sealed class RemindersModel(ReminderChoices choices) : PatientPage
{
    public static readonly IReadOnlyList<(ReminderWay Way, string Text)> Ways =
    [
        (ReminderWay.EmailAndText, "By email and text message"),
        (ReminderWay.Email, "By email only"),
        (ReminderWay.Text, "By text message only"),
        (ReminderWay.None, "Do not remind me"),
    ];

    [BindProperty]
    public ReminderWay? Way { get; set; }

    public async Task OnGetAsync() => Way = await choices.FindAsync(Actor, Self, Cancelled);

    public async Task<IActionResult> OnPostAsync()
    {
        if (Way is not { } way || !Enum.IsDefined(way))
        {
            ModelState.Clear();
            ModelState.AddModelError(nameof(Way), "Select how you want to be reminded");
            return Again();
        }
        if (!await choices.ChooseAsync(Actor, Self, way, Cancelled))
            return NotFound();
        this.ShowNext(way == ReminderWay.None ? "We will not remind you of appointments." : "Your choice is saved.");
        return RedirectToPage("/Appointments/Index");
    }
}
