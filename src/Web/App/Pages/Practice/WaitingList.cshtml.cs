using Telemedicine.Clinical.WaitingList;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Who waits for what, since when, and what is kept for them now.</summary>
public sealed class WaitingListModel(WaitingListDesk desk) : StaffPage
{
    public IReadOnlyList<IGrouping<string, DeskEntry>> Services { get; private set; } = [];

    public async Task OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "waiting-list";
        Services = [.. (await desk.ListAsync(Actor, Cancelled)).GroupBy(entry => entry.ServiceName)];
    }
}
