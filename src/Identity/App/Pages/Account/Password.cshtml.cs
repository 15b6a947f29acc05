using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>A new password, for who knows the old one. Every other device is signed out.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class PasswordModel(PasswordSignIn passwords, UserManager<Accounts.Account> users, Sessions sessions, AccountHistory history) : AccountPage
{
    [BindProperty]
    [Required(ErrorMessage = "Enter your current password")]
    [StringLength(256, ErrorMessage = "Your current password must be 256 characters or fewer")]
    public string? CurrentPassword { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter a new password")]
    [StringLength(256, MinimumLength = 12, ErrorMessage = "Your new password must be between 12 and 256 characters")]
    public string? NewPassword { get; set; }

    public string Email => Account.Email ?? "";

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || CurrentPassword is null || NewPassword is null)
            return Redisplay();
        var account = await users.FindByIdAsync(Account.Id.ToString()) ?? throw new InvalidOperationException("The account is gone.");

        // The new one is judged first: who mistypes here should not spend one of their attempts.
        foreach (var validator in users.PasswordValidators)
        {
            var judged = await validator.ValidateAsync(users, account, NewPassword);
            foreach (var error in judged.Errors)
                ModelState.AddModelError(nameof(NewPassword), error.Description);
        }

        if (!ModelState.IsValid)
            return Redisplay();
        if (await passwords.VerifyAsync(Email, CurrentPassword) is null)
        {
            ModelState.AddModelError(nameof(CurrentPassword), "Your current password is not right. If you have tried many times, wait 15 minutes before you try again");
            return Redisplay();
        }

        // Verifying counted attempts past the loaded row.
        account = await users.FindByIdAsync(Account.Id.ToString()) ?? throw new InvalidOperationException("The account is gone.");
        var changed = await users.ChangePasswordAsync(account, CurrentPassword, NewPassword);
        if (!changed.Succeeded)
            throw new InvalidOperationException($"The password was not changed: {string.Join(", ", changed.Errors.Select(error => error.Code))}.");
        await sessions.EndOthersAsync(Session);
        await sessions.KeepAsync(Session, account);
        await history.AddAsync(account.Id, AccountEventType.PasswordChanged);
        return Done("Your password is changed. All your other devices are signed out.", "/Index");
    }

    public string GroupClass(string field) => IsInvalid(field) ? "nhsuk-form-group nhsuk-form-group--error" : "nhsuk-form-group";

    public string InputClass(string field) => IsInvalid(field) ? "nhsuk-input nhsuk-input--error" : "nhsuk-input";

    public string? DescribedBy(string field, string? hint = null) => (IsInvalid(field), hint) switch
    {
        (true, null) => $"{field}-error",
        (true, _) => $"{hint} {field}-error",
        _ => hint,
    };

    private bool IsInvalid(string field) => ModelState.GetFieldValidationState(field) == ModelValidationState.Invalid;

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Redisplay()
    {
        CurrentPassword = null;
        NewPassword = null;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
