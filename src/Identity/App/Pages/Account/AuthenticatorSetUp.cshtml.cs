using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using QRCoder;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Gives the account an authenticator app, for a person who is signed in, or who may not be without one.</summary>
[FreshSignIn]
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class AuthenticatorSetUpModel(SignInSteps steps, Authenticators authenticators, ProviderSettings settings) : FormPage
{
    private const int PixelsPerModule = 4;

    [BindProperty]
    public string? Code { get; set; }

    /// <summary>Of <see cref="Authenticators.Propose"/>: carries the secret from the page to its form.</summary>
    [BindProperty]
    public string? Proof { get; set; }

    /// <summary>Where to go on to: an address on this service.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public AuthenticatorSetUp SetUp { get; private set; } = new("", "", "");

    /// <summary>It is not the person's choice.</summary>
    public bool IsRequired { get; private set; }

    /// <summary>The account has one, which the new one replaces.</summary>
    public bool Replaces { get; private set; }

    public string QrCode
    {
        get
        {
            using var code = QRCodeGenerator.GenerateQrCode(SetUp.Uri, QRCodeGenerator.ECCLevel.M);
            using var image = new PngByteQRCode(code);
            return "data:image/png;base64," + Convert.ToBase64String(image.GetGraphic(PixelsPerModule));
        }
    }

    /// <summary>In groups of four, to be read aloud or typed.</summary>
    public string SpacedSecret => string.Join(' ', SetUp.Secret.Chunk(4).Select(group => new string(group)));

    public async Task<IActionResult> OnGetAsync()
    {
        if (await WhoAsync() is not { } account)
            return RedirectToPage("/Account/SignIn", new { ReturnUrl });
        SetUp = authenticators.Propose(account, settings.ServiceName);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await WhoAsync() is not { } account)
            return RedirectToPage("/Account/SignIn", new { ReturnUrl });
        if (authenticators.Read(account, settings.ServiceName, Proof) is not { } setUp)
        {
            SetUp = authenticators.Propose(account, settings.ServiceName);
            return Refuse("This page was open too long. Scan the new picture, then enter the code that your app shows");
        }

        SetUp = setUp;
        if ((Code ?? "").Count(char.IsAsciiDigit) != Authenticators.CodeLength)
            return Refuse("Enter the 6 digits that your app shows");
        if (await steps.AddAuthenticatorAsync(HttpContext, account, setUp, Code ?? "") is not { } codes)
            return Refuse("That code is not right. Enter the code that your app shows now. If it is right, check that your phone's clock is");
        return RecoveryCodesModel.Show(this, codes, ReturnUrl);
    }

    /// <summary>
    /// A sign-in in progress comes here only when the account has no authenticator: else the password alone would replace it. A session
    /// has passed <see cref="FreshSignInAttribute"/>.
    /// </summary>
    private async Task<Accounts.Account?> WhoAsync()
    {
        if (await steps.WhoAsync(HttpContext) is not { } account)
            return null;
        Replaces = await authenticators.HasAsync(account.Id, HttpContext.RequestAborted);
        IsRequired = await authenticators.IsRequiredAsync(account.Id, HttpContext.RequestAborted);
        return Replaces && Sessions.Current(HttpContext)?.AccountId != account.Id ? null : account;
    }

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Refuse(string problem)
    {
        Code = null;
        Proof = SetUp.Proof;
        ModelState.Clear();
        ModelState.AddModelError(nameof(Code), problem);
        return WithErrors();
    }
}
