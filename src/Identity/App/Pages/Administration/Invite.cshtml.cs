using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Pages.Account;

namespace Telemedicine.Identity.Pages.Administration;

/// <summary>An account for somebody who is to work for the practice.</summary>
[FreshSignIn]
public sealed class InviteModel(AccountInvitations invitations) : AccountPage
{
    private const string NoControls = @"\P{C}*";

    [BindProperty]
    [Required(ErrorMessage = "Enter their first name")]
    [StringLength(100, ErrorMessage = "Their first name must be 100 characters or fewer")]
    [RegularExpression(NoControls, ErrorMessage = "Their first name has a character that cannot be shown. Type it again")]
    public string? GivenName { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter their last name")]
    [StringLength(100, ErrorMessage = "Their last name must be 100 characters or fewer")]
    [RegularExpression(NoControls, ErrorMessage = "Their last name has a character that cannot be shown. Type it again")]
    public string? FamilyName { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter their email address")]
    [EmailAddressField]
    public string? Email { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Choose a role")]
    public string? Role { get; set; }

    /// <summary>Patients make their accounts themselves.</summary>
    public static IEnumerable<string> Offered => Roles.All.Where(Authenticators.IsRequiredFor);

    public async Task<IActionResult> OnPostAsync()
    {
        if (Role is not null && !Offered.Contains(Role))
            ModelState.AddModelError(nameof(Role), "Choose a role");
        if (!ModelState.IsValid || GivenName is null || FamilyName is null || Email is null || Role is null)
            return WithErrors();
        var person = new InvitedPerson(GivenName.Trim(), FamilyName.Trim(), Email.Trim(), Role);
        if (await invitations.InviteAsync(Account.Id, person) is not { } id)
        {
            ModelState.AddModelError(nameof(Email), "This address has an account. Search for it, and change its role");
            return WithErrors();
        }

        TempData[NoticeKey] = "The invitation is on its way. Its link works for 7 days.";
        return RedirectToPage("/Administration/Person", new { id });
    }
}
