using Telemedicine.Clinical.Consultations;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>What waits for practice staff to act on.</summary>
public sealed class TasksModel(AttendanceDisputes disputes) : StaffPage
{
    public IReadOnlyList<DisputeView> Disputes { get; private set; } = [];

    public async Task OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "tasks";
        Disputes = await disputes.ListAsync(Actor, Cancelled);
    }
}
