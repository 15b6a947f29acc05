using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>A page for someone whom a practice knows. <see cref="Me"/> is the part that they play on it.</summary>
public abstract class PersonPage : PageModel
{
    private PersonAtPractice? _me;

    public PersonAtPractice Me => _me ?? throw new InvalidOperationException("The person is known from the handler on.");

    protected Actor Actor => Me.Actor;

    protected CancellationToken Cancelled => HttpContext.RequestAborted;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        _me = await FindAsync(HttpContext.RequestServices.GetRequiredService<CurrentPerson>());
        if (_me is null)
        {
            context.Result = Unknown();
            return;
        }
        ViewData[ViewKeys.Practice] = _me.PracticeName;
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>Who the signed-in person is on this page; null if no practice knows them as that.</summary>
    protected abstract Task<PersonAtPractice?> FindAsync(CurrentPerson current);

    /// <summary>What an unknown person gets.</summary>
    protected virtual IActionResult Unknown() => Forbid();

    /// <summary>The form again, with what was typed and what is wrong with it.</summary>
    protected IActionResult Again()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>The form again, with this to correct.</summary>
    /// <param name="field">Empty for what is wrong with no field of its own.</param>
    protected IActionResult Wrong(string field, string error)
    {
        ModelState.AddModelError(field, error);
        return Again();
    }
}

/// <summary>A page for patients, and for carers where an attribute says so. Who signs in for the first time gives their details first.</summary>
public abstract class PatientPage : PersonPage
{
    /// <summary>Whom a carer acts for; null for a patient on their own pages.</summary>
    public string? ActsForName => HttpContext.ActingFor()?.Carer?.PatientName;

    protected PatientId Self => Actor.OwnPatient ?? throw new InvalidOperationException("Nobody's own page.");

    /// <summary>Whether the page should offer this: a patient may do everything.</summary>
    public bool May(CarerRights right) => ActsForName is null || Actor.Rights.HasFlag(right);

    protected override Task<PersonAtPractice?> FindAsync(CurrentPerson current) => current.AsPatientAsync();

    protected override IActionResult Unknown() =>
        RedirectToPage("/Registration/Details", new { returnUrl = HttpMethods.IsGet(Request.Method) ? Request.Path + Request.QueryString : null });
}

/// <summary>A page for clinicians.</summary>
public abstract class ClinicianPage : PersonPage
{
    protected override Task<PersonAtPractice?> FindAsync(CurrentPerson current) => current.AsClinicianAsync();
}

/// <summary>A page for practice staff.</summary>
public abstract class StaffPage : PersonPage
{
    protected override Task<PersonAtPractice?> FindAsync(CurrentPerson current) => current.AsStaffAsync();
}

/// <summary>A page for administrators, whom both the provider and the practice call so.</summary>
public abstract class AdministratorPage : StaffPage
{
    protected override async Task<PersonAtPractice?> FindAsync(CurrentPerson current) => await base.FindAsync(current) is { Actor.Role: ActorRole.Administrator } administrator ? administrator : null;

    /// <param name="longest">Characters, without spaces around.</param>
    /// <param name="missing">What to say when it is empty; null if it may be.</param>
    protected void Require(string field, string? text, int longest, string? missing)
    {
        if (missing is not null && string.IsNullOrWhiteSpace(text))
            ModelState.AddModelError(field, missing);
        else if (text?.Trim().Length > longest)
            ModelState.AddModelError(field, $"Enter {longest} characters or fewer");
    }
}

/// <summary>A page for clinicians, who see their own clinics, and for practice staff, who see all.</summary>
public abstract class ClinicTeamPage : PersonPage
{
    protected override async Task<PersonAtPractice?> FindAsync(CurrentPerson current) => await current.AsClinicianAsync() ?? await current.AsStaffAsync();
}
