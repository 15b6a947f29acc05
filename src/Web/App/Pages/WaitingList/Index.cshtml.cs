using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.WaitingList;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.WaitingList;

/// <summary>What a patient waits for, and what is offered to them now.</summary>
[CarerMay(CarerRights.ChangeAppointments)]
public sealed class IndexModel(WaitingLists lists) : PatientPage
{
    public IReadOnlyList<WaitingView> Mine { get; private set; } = [];

    public async Task OnGetAsync() => Mine = await lists.OfPatientAsync(Actor, Self, Cancelled);

    public async Task<IActionResult> OnPostLeaveAsync(WaitingListEntryId entry)
    {
        if (!await lists.LeaveAsync(Actor, entry, Cancelled))
            return NotFound();
        this.ShowNext("You are not on the waiting list any more.");
        return RedirectToPage("/Appointments/Index");
    }
}
