using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Messages;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Messages that could not be sent: staff try again, or let them be and phone the patient.</summary>
public sealed class MessagesModel(MessageQueries messages, MessageQueue queue) : StaffPage
{
    public IReadOnlyList<MessageView> Failed { get; private set; } = [];

    public IReadOnlyList<MessageView> GivenUp { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var all = await messages.FailuresAsync(Actor, Cancelled);
        Failed = [.. all.Where(message => message.Status == MessageStatus.Failed)];
        GivenUp = [.. all.Where(message => message.Status == MessageStatus.GivenUp)];
    }

    public async Task<IActionResult> OnPostSendAgainAsync(MessageId message) =>
        Done(await queue.SendAgainAsync(Actor, message, Cancelled), "The message will be sent again in a moment.");

    public async Task<IActionResult> OnPostGiveUpAsync(MessageId message) =>
        Done(await queue.GiveUpAsync(Actor, message, Cancelled), "The message will not be sent. You can still send it from the list of those given up.");

    private IActionResult Done(bool found, string notice)
    {
        if (!found)
            return NotFound();
        this.ShowNext(notice);
        return RedirectToPage();
    }
}
