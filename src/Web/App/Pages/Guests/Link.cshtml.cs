using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Clinical.Guests;
using Telemedicine.Web.Guests;
using Telemedicine.Web.TagHelpers;

namespace Telemedicine.Web.Pages.Guests;

/// <summary>Where a guest's link leads. Opening it uses nothing up: programs that look into messages open it too. Who it is, is said with a POST.</summary>
[ResponseCache(Duration = 0, NoStore = true)]
public sealed class LinkModel(GuestService guests, GuestSessions sessions, GuestAttempts attempts) : PageModel
{
    private GuestLinkView? _view;

    [FromRoute]
    public string Code { get; set; } = "";

    [BindProperty]
    public TypedDate DateOfBirth { get; set; } = new();

    [BindProperty]
    public string? Answer { get; set; }

    [BindProperty]
    public bool TakeOver { get; set; }

    public GuestLinkView View => _view ?? throw new InvalidOperationException("The page is shown with its link.");

    /// <summary>The consultation is open in another browser since then.</summary>
    public DateTimeOffset? TakenSince { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        _view = await guests.FindLinkAsync(Code, HttpContext.RequestAborted);
        if (_view is GuestLinkView.Open open && (await HttpContext.AuthenticateAsync(GuestCookie.SchemeName)).Succeeded && HttpContext.GuestOf()?.Id == open.Guest)
            return RedirectToPage("/Guests/Index");
        // Known here already, but this is not their page yet.
        HttpContext.Features.Set<GuestAtConsultation>(null);
        return _view is null ? NotFound() : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        _view = await guests.FindLinkAsync(Code, HttpContext.RequestAborted);
        if (_view is not GuestLinkView.Open open)
            return _view is null ? NotFound() : Page();
        if (open.Role == GuestRole.Patient && DateOfBirth.Date is null)
            return Wrong(nameof(DateOfBirth), DateOfBirth.IsEmpty ? "Enter your date of birth" : "Your date of birth must be a real date, like 15 3 1984");
        if (open.Role != GuestRole.Patient && string.IsNullOrWhiteSpace(Answer))
            return Wrong(nameof(Answer), "Enter your code");
        if (!attempts.TryTake(HttpContext))
            return Wrong(string.Empty, $"There were too many tries from where you are. Try again in 10 minutes, or phone {open.PracticeName}{(open.PracticePhone is { } phone ? $" on {phone}" : "")}", StatusCodes.Status429TooManyRequests);
        switch (await guests.ConfirmAsync(Code, new GuestAnswer(DateOfBirth.Date, Answer), TakeOver, HttpContext.RequestAborted))
        {
            case ConfirmOutcome.Confirmed confirmed:
                await sessions.EndAsync(confirmed.Former);
                await GuestCookie.SignInAsync(HttpContext, confirmed.Guest, confirmed.Seat);
                return RedirectToPage("/Guests/Index");
            case ConfirmOutcome.Wrong wrong:
                return Wrong(
                    open.Role == GuestRole.Patient ? nameof(DateOfBirth) : nameof(Answer),
                    $"{(open.Role == GuestRole.Patient ? "This is not the date of birth that the practice knows" : "This is not the code")}. You can try {(wrong.Left == 1 ? "once" : $"{wrong.Left} times")} more");
            case ConfirmOutcome.Taken taken:
                TakenSince = taken.Since;
                return Page();
            case ConfirmOutcome.Refused { Why: { } why }:
                _view = why;
                return Page();
            default:
                return NotFound();
        }
    }

    private PageResult Wrong(string field, string error, int status = StatusCodes.Status400BadRequest)
    {
        ModelState.AddModelError(field, error);
        Response.StatusCode = status;
        return Page();
    }
}
