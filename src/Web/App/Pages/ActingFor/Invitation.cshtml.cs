using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Clinical.Carers;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.ActingFor;

/// <summary>Where the link of an invitation leads, once signed in. Opening it answers nothing: programs that look into emails open it too.</summary>
[ResponseCache(Duration = 0, NoStore = true)]
public sealed class InvitationModel(CarerService carers, CurrentPerson current) : PageModel
{
    [FromRoute]
    public string Code { get; set; } = "";

    public Invitation Invitation { get; private set; } = new Invitation.NotFound();

    public async Task<IActionResult> OnGetAsync()
    {
        Invitation = await carers.FindInvitationAsync(Code, current.Subject, current.ConfirmedEmail, HttpContext.RequestAborted);
        return Shown();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Invitation = await carers.AcceptAsync(Code, current.Subject, current.ConfirmedEmail, HttpContext.RequestAborted);
        if (Invitation is not Clinical.Carers.Invitation.Accepted accepted)
            return Shown();
        this.ShowNext($"You act for {accepted.PatientName} from now on.");
        return RedirectToPage("/ActingFor/Index");
    }

    public async Task<IActionResult> OnPostDeclineAsync()
    {
        Invitation = await carers.FindInvitationAsync(Code, current.Subject, current.ConfirmedEmail, HttpContext.RequestAborted);
        if (Invitation is not Clinical.Carers.Invitation.Open)
            return Shown();
        await carers.DeclineAsync(Code, current.Subject, current.ConfirmedEmail, HttpContext.RequestAborted);
        this.ShowNext("You said no. We have not told anybody else.");
        return RedirectToPage("/ActingFor/Index");
    }

    private IActionResult Shown() => Invitation is Clinical.Carers.Invitation.NotFound ? NotFound() : Page();
}
