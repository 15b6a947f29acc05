using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Who runs the practice.</summary>
public sealed class StaffModel(StaffAdministration staff) : AdministratorPage
{
    public IReadOnlyList<StaffListing> Members { get; private set; } = [];

    public async Task OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "staff";
        Members = await staff.ListAsync(Actor, Cancelled);
    }
}
