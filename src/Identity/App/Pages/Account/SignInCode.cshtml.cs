using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Demonstration;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>The second step of a sign-in: a code of the authenticator app.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInCodeModel(SignInSteps steps, IServiceProvider services) : FormPage
{
    [BindProperty]
    public string? Code { get; set; }

    /// <summary>Where to go on to: an address on this service.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public bool IsDemonstration { get; private set; }

    /// <summary>The code itself, for a demonstration account; null also when those of the moment are used up.</summary>
    public string? DemonstrationCode { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await steps.WhoAsync(HttpContext) is { } account
        ? await ShowAsync(account)
        : RedirectToPage("/Account/SignIn", new { ReturnUrl });

    public async Task<IActionResult> OnPostAsync()
    {
        if (await steps.WhoAsync(HttpContext) is not { } account)
            return RedirectToPage("/Account/SignIn", new { ReturnUrl });
        var problem = (Code ?? "").Count(char.IsAsciiDigit) == Authenticators.CodeLength
            ? await TakeAsync(account, Code ?? "")
            : "Enter the 6 digits that your app shows";
        if (problem is null)
            return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
        ModelState.AddModelError(nameof(Code), problem);
        ModelState.SetModelValue(nameof(Code), null, null);
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return await ShowAsync(account);
    }

    private async Task<string?> TakeAsync(Accounts.Account account, string code) => await steps.TakeCodeAsync(HttpContext, account, code) switch
    {
        StepOutcome.SignedIn => null,
        StepOutcome.UsedBefore => "That code has been used. Wait for your app to show the next one",
        StepOutcome.MustWait => "There were too many wrong codes. Wait 15 minutes before you try again",
        _ => "That code is not right. Enter the code that your app shows now",
    };

    private async Task<IActionResult> ShowAsync(Accounts.Account account)
    {
        Code = null;
        if (services.GetService<DemonstrationCodes>() is { } codes && codes.Knows(account.Id))
        {
            IsDemonstration = true;
            DemonstrationCode = await codes.NextAsync(account.Id);
        }

        return Page();
    }
}
