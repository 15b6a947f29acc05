using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>The video appointments of the next two days that may fail, the most pressing first.</summary>
public sealed class DeviceChecksModel(CheckDesk desk) : StaffPage
{
    /// <summary>Null: all.</summary>
    [BindProperty(SupportsGet = true)]
    public Risk? Risk { get; set; }

    /// <summary>Leaves out those that somebody has phoned.</summary>
    [BindProperty(SupportsGet = true)]
    public bool NotCalled { get; set; }

    public IReadOnlyList<RiskView> Shown { get; private set; } = [];

    /// <summary>Before the filter.</summary>
    public int All { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "device-checks";
        if (!ModelState.IsValid)
            return NotFound();
        var all = await desk.ListAsync(Actor, Cancelled);
        All = all.Count;
        Shown = [.. all.Where(row => (Risk is null || row.Risk == Risk) && !(NotCalled && row.FollowUps.Any(act => act.Kind == FollowUpKind.Called)))];
        return Page();
    }
}
