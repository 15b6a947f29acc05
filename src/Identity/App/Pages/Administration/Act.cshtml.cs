using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;

namespace Telemedicine.Identity.Pages.Administration;

/// <summary>Asks for the reason of one act, and does it.</summary>
[FreshSignIn]
public sealed class ActModel(AccountAdministration accounts, AccountInvitations invitations) : PersonPage(accounts)
{
    [FromRoute(Name = "act")]
    public string Act { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Enter the reason. It is kept for ever")]
    [StringLength(AuditEntry.ReasonLength, ErrorMessage = "The reason must be 500 characters or fewer")]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Role { get; set; }

    public string Heading => Act switch
    {
        "role" => $"Change the role of {Person.Name}",
        "disable" => $"Switch off the account of {Person.Name}",
        "enable" => $"Switch on the account of {Person.Name}",
        "withdraw" => $"Withdraw the invitation of {Person.Name}",
        "reset-authenticator" => $"Reset the authenticator app and passkeys of {Person.Name}",
        _ => $"Sign {Person.Name} out of all devices",
    };

    public string Explanation => Act switch
    {
        "role" => "They are signed out, and sign in again with the new role.",
        "disable" => "They are signed out at once, also of a call that is going on, and cannot sign in until it is switched on again. Nothing is deleted.",
        "enable" => "They can sign in again.",
        "withdraw" => "The link that they were sent stops working, and the account is deleted.",
        "reset-authenticator" => "Their app, their recovery codes and their passkeys stop working, and they are signed out. Be sure that it is them who asks: call them on a number that you know.",
        _ => "They can sign in again.",
    };

    public string Button => Act switch
    {
        "role" => "Change the role",
        "disable" => "Switch the account off",
        "enable" => "Switch the account on",
        "withdraw" => "Withdraw the invitation",
        "reset-authenticator" => "Reset them",
        _ => "Sign them out",
    };

    public void OnGet() => Role = Person.Role;

    public async Task<IActionResult> OnPostAsync()
    {
        if (Act == "role" && !Roles.All.Contains(Role ?? ""))
            ModelState.AddModelError(nameof(Role), "Choose a role");
        if (!ModelState.IsValid || Reason is null)
            return WithErrors();
        var reason = Reason.Trim();
        var done = Act switch
        {
            "role" => await Administrator.ChangeRoleAsync(Account.Id, Person, Role ?? "", reason),
            "disable" => await Administrator.DisableAsync(Account.Id, Person, reason),
            "enable" => await Administrator.EnableAsync(Account.Id, Person, reason),
            "withdraw" => await invitations.WithdrawAsync(Account.Id, Person, reason),
            "reset-authenticator" => await Administrator.ResetAuthenticatorAsync(Account.Id, Person, reason),
            _ => await Administrator.SignOutAsync(Account.Id, Person, reason),
        };
        TempData[NoticeKey] = done ? "Done." : "There was nothing to do: it is so already.";
        return Act == "withdraw" ? RedirectToPage("/Administration/Index") : RedirectToPage("/Administration/Person", new { Id });
    }
}
