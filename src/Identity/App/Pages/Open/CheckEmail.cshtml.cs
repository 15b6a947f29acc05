using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Emails;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>Why somebody is asked to read their email.</summary>
public enum CheckEmailReason
{
    Registered,

    /// <summary>The password was right, but the address is not confirmed yet.</summary>
    NotConfirmed,
    NewPassword,
}

/// <summary>Asks a person to read their email, and sends it once more. It tells nothing about the address but what was typed.</summary>
[EnableRateLimiting(RateLimits.Email)]
public sealed class CheckEmailModel(Registrations registrations, ForgottenPasswords passwords, IEmailCarrier carrier) : FormPage
{
    private const string AddressKey = "Address";

    [BindProperty(SupportsGet = true)]
    public CheckEmailReason Reason { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter an email address")]
    [EmailAddressField]
    public string? Email { get; set; }

    /// <summary>The email did not leave, and can be read here.</summary>
    public bool StaysHere => carrier.KeepsWhatItCarries;

    /// <summary>Leads here, and remembers where the person was going.</summary>
    public static RedirectToPageResult After(PageModel page, CheckEmailReason reason, string address, string? returnUrl)
    {
        if (page.Url.IsLocalUrl(returnUrl))
            ReturnAddress.Keep(page.HttpContext, returnUrl);
        page.TempData[AddressKey] = address;
        return page.RedirectToPage("/Open/CheckEmail", new { reason });
    }

    public void OnGet()
    {
        // Only what this browser typed; an enumeration's value from the address may be anything.
        if (!Enum.IsDefined(Reason))
            Reason = CheckEmailReason.Registered;
        ModelState.Clear();
        Email = TempData.Peek(AddressKey) as string;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || Email is null)
            return WithErrors();
        if (Reason == CheckEmailReason.NewPassword)
            await passwords.AskAsync(Email.Trim());
        else
            await registrations.SendAgainAsync(Email.Trim());
        TempData[NoticeKey] = "We have sent the email again.";
        return After(this, Reason, Email.Trim(), returnUrl: null);
    }
}
