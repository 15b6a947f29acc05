using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Pages;

/// <summary>What went wrong, in plain words, for any status. It never says what happened inside.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(Duration = 0, NoStore = true)]
public sealed class ErrorModel(WebOptions web, CurrentPerson current) : PageModel
{
    /// <summary>Fields that a person writes at length.</summary>
    private static readonly string[] Texts = ["Note", "Reason"];

    public string Heading { get; private set; } = "";

    public IReadOnlyList<string> Lines { get; private set; } = [];

    public bool OffersSignIn { get; private set; }

    /// <summary>What was written in a form that could not be taken: shown, so that it is not lost.</summary>
    public IReadOnlyList<string> Written { get; private set; } = [];

    /// <summary>A clinician or a member of staff whom no practice knows yet.</summary>
    public bool IsUnknownHere { get; private set; }

    /// <summary>What an administrator adds them by; null if the provider does not say that it is confirmed.</summary>
    public string? Email => current.ConfirmedEmail;

    /// <summary>The page that was asked for, to come back to.</summary>
    public string? ReturnUrl => HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath;

    /// <summary>They asked for it as a carer.</summary>
    public bool WasActing => ReturnUrl?.StartsWith(ActingForPath.Prefix + "/", StringComparison.Ordinal) is true;

    public async Task OnGetAsync(int? status)
    {
        Show(status);
        IsUnknownHere = Response.StatusCode == 403
            && ((User.IsInRole(Roles.Clinician) && await current.AsClinicianAsync() is null)
                || ((User.IsInRole(Roles.Staff) || User.IsInRole(Roles.Administrator)) && await current.AsStaffAsync() is null));
    }

    public async Task OnPostAsync(int? status)
    {
        Show(status);
        // The form of somebody who was signed out meanwhile; another site's form is not shown back.
        if (OffersSignIn && Request.HasFormContentType && Request.Headers.Origin == web.PublicUrl.GetLeftPart(UriPartial.Authority))
        {
            var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
            Written = [.. Texts.SelectMany(name => form[name]).OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text))];
        }
    }

    private void Show(int? status)
    {
        var code = status ?? (Response.StatusCode >= 400 ? Response.StatusCode : 500);
        Response.StatusCode = code is >= 400 and <= 599 ? code : 500;
        OffersSignIn = code == 401;
        (Heading, Lines) = code switch
        {
            400 => Says("This page is out of date", "It was open for a long time, or was not sent from this service. Nothing was saved.", "Go back, refresh the page and try again."),
            401 => Says("You have been signed out", "We sign you out when you have not used the service for 30 minutes. Sign in to carry on."),
            403 when WasActing => Says("You may not do this for them", "They did not allow it, or the time that they set is over. If you think that is a mistake, ask them."),
            403 => Says("You cannot open this page", "It is for other people than the account you are signed in with. If you have another account, sign out and sign in with that one."),
            404 => Says("Page not found", "If you typed or pasted an address, check that it is right. The page may also have moved, or not be for you."),
            429 => Says("Too many tries", "Wait a minute and try again."),
            _ => Says("Sorry, there is a problem with the service", "Try again in a few minutes. If you have an appointment soon, phone your practice."),
        };
    }

    private static (string Heading, string[] Lines) Says(string heading, params string[] lines) => (heading, lines);
}
