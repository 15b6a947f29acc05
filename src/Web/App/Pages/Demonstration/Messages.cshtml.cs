using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Demonstration;

/// <summary>In a demonstration no message leaves: here they can be read. A patient sees their own, everybody else those of their practice.</summary>
public sealed class MessagesModel(MessageQueries messages, WebOptions web) : PersonPage
{
    public IReadOnlyList<MessageView> Sent { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!web.Demonstration.Enabled)
            return NotFound();
        Sent = await messages.SentAsync(Actor, Cancelled);
        return Page();
    }

    protected override async Task<PersonAtPractice?> FindAsync(CurrentPerson current) =>
        await current.AsStaffAsync() ?? await current.AsClinicianAsync() ?? await current.AsPatientAsync();
}
