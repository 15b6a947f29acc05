using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>What waits for practice staff to act on.</summary>
public sealed class TasksModel(AttendanceDisputes disputes, StaffTasks tasks) : StaffPage
{
    public IReadOnlyList<DisputeView> Disputes { get; private set; } = [];

    public IReadOnlyList<StaffTaskView> Asked { get; private set; } = [];

    public async Task OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "tasks";
        Disputes = await disputes.ListAsync(Actor, Cancelled);
        Asked = await tasks.ListAsync(Actor, Cancelled);
    }

    public Task<IActionResult> OnPostDoneAsync(StaffTaskId task) => MarkAsync(task, done: true);

    public Task<IActionResult> OnPostReopenAsync(StaffTaskId task) => MarkAsync(task, done: false);

    private async Task<IActionResult> MarkAsync(StaffTaskId task, bool done)
    {
        switch (await tasks.MarkAsync(Actor, task, done, Cancelled))
        {
            case StaffTaskOutcome.Changed:
                this.ShowNext(done ? "The task is done." : "The task is open again.");
                return RedirectToPage();
            case StaffTaskOutcome.AlreadySo already:
                this.ShowNext(already.By is { } by ? $"{by} has done this task already." : "This task is open already.");
                return RedirectToPage();
            default:
                return NotFound();
        }
    }
}
