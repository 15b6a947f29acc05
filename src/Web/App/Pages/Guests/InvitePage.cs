using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Guests;

/// <summary>Who else is asked to be in a video consultation: the same for the patient, the clinician and practice staff, each under an address of their own.</summary>
public abstract class InvitePage(GuestService guests, GuestSessions sessions) : PersonPage
{
    private GuestList? _list;

    [FromRoute]
    public AppointmentId Id { get; set; }

    [BindProperty]
    public GuestRole? Role { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    public GuestList List => _list ?? throw new InvalidOperationException("The page is shown with its appointment.");

    /// <summary>Where the page leads back to, and the part of the service it belongs to.</summary>
    public abstract (string Page, string Text, string Section) Back { get; }

    /// <summary>A link to hand on: shown this once, since only its hash is kept.</summary>
    public (GuestId Guest, string Url)? Shown { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostInviteAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        ModelState[nameof(Role)]?.Errors.Clear();
        if (Role is not { } role || !List.Roles.Contains(role))
            return Wrong(nameof(Role), "Select who they are");
        switch (await guests.InviteAsync(Actor, Id, new GuestRequest(role, Name ?? "", Email, Phone), Cancelled))
        {
            case InviteOutcome.Invited { Code: null }:
                this.ShowNext("We have sent the patient a link.");
                return RedirectToPage(new { Id, handler = "" });
            case InviteOutcome.Invited invited:
                this.ShowNext($"{Name?.Trim()} is invited. Tell them the code {invited.Code} yourself: it is not in the message.{(invited.Sent ? "" : " Copy the link for them below.")}");
                return RedirectToPage(new { Id, handler = "" });
            case InviteOutcome.NameMissing:
                return Wrong(nameof(Name), string.IsNullOrWhiteSpace(Name) ? "Enter their name" : $"The name must be {Guest.NameLength} characters or fewer");
            case InviteOutcome.WrongEmail:
                return Wrong(nameof(Email), "Enter an email address, like name@example.com");
            case InviteOutcome.WrongPhone:
                return Wrong(nameof(Phone), "Enter a mobile number, like 07700 900123");
            case InviteOutcome.TooMany:
                return Wrong(string.Empty, $"{GuestService.MostAtOnce} people can be invited. Take one invitation back first");
            case InviteOutcome.Closed:
                return Wrong(string.Empty, "Nobody can be invited to this appointment any more");
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostLinkAsync(GuestId guest)
    {
        var path = await guests.LinkAsync(Actor, Id, guest, Cancelled);
        if (!await LoadAsync())
            return NotFound();
        if (path is null)
            return Wrong(string.Empty, "There is no link for them any more");
        ModelState.Clear();
        Shown = (guest, $"{HttpContext.RequestServices.GetRequiredService<WebOptions>().PublicUrl.ToString().TrimEnd('/')}{path}");
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(GuestId guest)
    {
        if (await guests.RevokeAsync(Actor, Id, guest, Cancelled) is not { } revoked)
            return NotFound();
        await sessions.EndAsync(revoked.Seat);
        this.ShowNext($"{revoked.Name} cannot join any more.");
        return RedirectToPage(new { Id, handler = "" });
    }

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = Back.Section;
        return (_list = await guests.OfAppointmentAsync(Actor, Id, Cancelled)) is not null;
    }
}
