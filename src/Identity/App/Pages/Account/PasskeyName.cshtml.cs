using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Another name for a passkey.</summary>
public sealed class PasskeyNameModel(Passkeys passkeys) : PasskeyPage(passkeys)
{
    [BindProperty]
    [Required(ErrorMessage = NameMissing)]
    [StringLength(Passkey.NameLength, ErrorMessage = NameTooLong)]
    public string? Name { get; set; }

    public void OnGet() => Name = Passkey.Name;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || Name is null)
            return WithErrors();
        await Passkeys.RenameAsync(Account.Id, Passkey.CredentialId, Name.Trim());
        return Done("The passkey has a new name.", "/Account/Passkeys");
    }
}
