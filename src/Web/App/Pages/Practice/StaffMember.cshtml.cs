using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Adds a member of staff, changes one, or ends their access.</summary>
public sealed class StaffMemberModel(StaffAdministration staff, StaffSessions sessions) : AdministratorPage
{
    /// <summary>Null for somebody new.</summary>
    [FromRoute]
    public StaffMemberId? Member { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? GivenName { get; set; }

    [BindProperty]
    public string? FamilyName { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public bool IsAdministrator { get; set; }

    /// <summary>Null for somebody new.</summary>
    public StaffListing? Listing { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Listing is { Details: var details })
            (Title, GivenName, FamilyName, Email, IsAdministrator) = (details.Title, details.GivenName, details.FamilyName, details.Email, details.IsAdministrator);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        ModelState.Clear();
        if (!await LoadAsync())
            return NotFound();
        Require(nameof(Title), Title, Practitioner.TitleLength, missing: null);
        Require(nameof(GivenName), GivenName, Practitioner.NameLength, "Enter the first name");
        Require(nameof(FamilyName), FamilyName, Practitioner.NameLength, "Enter the last name");
        if (!EmailAddress.IsValid(Email?.Trim() ?? ""))
            ModelState.AddModelError(nameof(Email), "Enter an email address, such as name@example.com");
        if (!ModelState.IsValid)
            return Again();
        switch (await staff.SaveAsync(Actor, Member, new StaffDetails(Title ?? "", GivenName ?? "", FamilyName ?? "", Email ?? "", IsAdministrator), Cancelled))
        {
            case StaffOutcome.Saved saved:
                await sessions.EndAsync(saved.SignedOut);
                this.ShowNext(Member is null ? "The member of staff is added. They also need an account with this address." : "The member of staff is changed.");
                return RedirectToPage("/Practice/Staff");
            case StaffOutcome.EmailTaken:
                ModelState.AddModelError(nameof(Email), "Somebody else signs in with this address. Enter a different one");
                return Again();
            case StaffOutcome.Own:
                ModelState.AddModelError(string.Empty, "You cannot change your own address, or stop being an administrator. Ask another administrator");
                return Again();
            case StaffOutcome.Incomplete:
                ModelState.AddModelError(string.Empty, "Check what you entered");
                return Again();
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostEndAsync(StaffMemberId member)
    {
        switch (await staff.EndAsync(Actor, member, Cancelled))
        {
            case StaffOutcome.Saved saved:
                await sessions.EndAsync(saved.SignedOut);
                this.ShowNext("They can open nothing of the practice any more.");
                return RedirectToPage(new { member });
            case StaffOutcome.Own:
                ModelState.Clear();
                var page = await OnGetAsync();
                ModelState.AddModelError(string.Empty, "You cannot end your own access. Ask another administrator");
                Response.StatusCode = StatusCodes.Status400BadRequest;
                return page;
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostWorkAgainAsync(StaffMemberId member)
    {
        if (await staff.WorkAgainAsync(Actor, member, Cancelled) is not StaffOutcome.Saved)
            return NotFound();
        this.ShowNext("They work here again.");
        return RedirectToPage(new { member });
    }

    /// <summary>False if there is no such member of staff.</summary>
    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "staff";
        Listing = Member is { } id ? (await staff.ListAsync(Actor, Cancelled)).SingleOrDefault(row => row.Id == id) : null;
        return Member is null || Listing is not null;
    }
}
