using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Clinical.Guests;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Guests;

/// <summary>A page for who joined by a link.</summary>
public abstract class GuestPage : PageModel
{
    /// <summary>Who it is, and which consultation it is for.</summary>
    public GuestAtConsultation Guest => HttpContext.GuestOf() ?? throw new InvalidOperationException("The policy lets guests in alone.");

    protected CancellationToken Cancelled => HttpContext.RequestAborted;

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        ViewData[ViewKeys.Practice] = Guest.PracticeName;
        base.OnPageHandlerExecuting(context);
    }
}
