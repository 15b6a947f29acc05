using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Emails;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>A new password, for who knows the old one. Every other device is signed out.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class PasswordModel(PasswordSignIn passwords, UserManager<Accounts.Account> users, Sessions sessions, EmailOutbox outbox, AccountHistory history) : AccountPage
{
    [BindProperty]
    [Required(ErrorMessage = "Enter your current password")]
    [StringLength(256, ErrorMessage = "Your current password must be 256 characters or fewer")]
    public string? CurrentPassword { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter a new password")]
    [StringLength(NewPasswords.LongestLength, MinimumLength = NewPasswords.ShortestLength, ErrorMessage = "Your new password must be between 12 and 256 characters")]
    public string? NewPassword { get; set; }

    public string Email => Account.Email ?? "";

    /// <summary>False for who made the account through another provider.</summary>
    public bool HasPassword => Account.PasswordHash is not null;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || CurrentPassword is null || NewPassword is null)
            return WithErrors();
        var account = await users.FindByIdAsync(Account.Id.ToString()) ?? throw new InvalidOperationException("The account is gone.");

        // The new one is judged first: who mistypes here should not spend one of their attempts.
        await ModelState.JudgeAsync(users, account, nameof(NewPassword), NewPassword);
        if (!ModelState.IsValid)
            return WithErrors();
        if (await passwords.VerifyAsync(Email, CurrentPassword) is null)
        {
            ModelState.AddModelError(nameof(CurrentPassword), "Your current password is not right. If you have tried many times, wait 15 minutes before you try again");
            return WithErrors();
        }

        // Verifying counted attempts past the loaded row.
        account = await users.FindByIdAsync(Account.Id.ToString()) ?? throw new InvalidOperationException("The account is gone.");
        var changed = await users.ChangePasswordAsync(account, CurrentPassword, NewPassword);
        if (!changed.Succeeded)
            throw new InvalidOperationException($"The password was not changed: {string.Join(", ", changed.Errors.Select(error => error.Code))}.");
        await sessions.EndOthersAsync(Session);
        await sessions.KeepAsync(Session, account);
        outbox.Add(Email, EmailKind.PasswordChanged);
        await history.AddAsync(account.Id, AccountEventType.PasswordChanged);
        outbox.Send();
        return Done("Your password is changed. All your other devices are signed out.", "/Index");
    }
}
