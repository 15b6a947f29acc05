using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>The weekly clinics of the practice.</summary>
public sealed class TemplatesModel(ClinicTemplates templates) : StaffPage
{
    public IReadOnlyList<TemplateListing> Templates { get; private set; } = [];

    public async Task OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        Templates = await templates.ListAsync(Actor, Cancelled);
    }
}
