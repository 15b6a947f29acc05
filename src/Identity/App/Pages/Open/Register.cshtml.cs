using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Federation;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>An account for a patient. The answer is the same whether the address has one already: the email says which.</summary>
[EnableRateLimiting(RateLimits.Email)]
public sealed class RegisterModel(Registrations registrations, UserManager<Accounts.Account> users) : NewPersonPage
{
    [BindProperty]
    [Required(ErrorMessage = "Enter an email address")]
    [EmailAddressField]
    public string? Email { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter a password")]
    [StringLength(NewPasswords.LongestLength, MinimumLength = NewPasswords.ShortestLength, ErrorMessage = "Your password must be between 12 and 256 characters")]
    public string? Password { get; set; }

    /// <summary>Who comes from another provider need not type what it says.</summary>
    public async Task OnGetAsync()
    {
        var person = await FederatedPerson.ReadAsync(HttpContext);
        (GivenName, FamilyName, Email) = (person?.GivenName, person?.FamilyName, person?.Email);
        ModelState.Clear();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (GivenName is not null && FamilyName is not null && Password is { Length: >= NewPasswords.ShortestLength and <= NewPasswords.LongestLength })
        {
            var person = new Accounts.Account { GivenName = GivenName, FamilyName = FamilyName, Email = Email?.Trim() };
            await ModelState.JudgeAsync(users, person, nameof(Password), Password);
        }

        if (!ModelState.IsValid || GivenName is null || FamilyName is null || Email is null || Password is null)
            return WithErrors();
        await registrations.RegisterAsync(new NewPerson(GivenName.Trim(), FamilyName.Trim(), Email.Trim(), Password));
        return CheckEmailModel.After(this, CheckEmailReason.Registered, Email.Trim(), ReturnUrl);
    }
}
