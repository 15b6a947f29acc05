using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Telemedicine.Identity.Pages;

/// <summary>A page with a form: the classes and descriptions of fields with and without an error, and the way back to it.</summary>
public abstract class FormPage : PageModel
{
    protected const string NoticeKey = "Notice";

    /// <summary>What was just done, told once on the next page.</summary>
    public string? Notice => TempData[NoticeKey] as string;

    protected CancellationToken Cancelled => HttpContext.RequestAborted;

    public string GroupClass(string field) => IsInvalid(field) ? "nhsuk-form-group nhsuk-form-group--error" : "nhsuk-form-group";

    public string InputClass(string field) => IsInvalid(field) ? "nhsuk-input nhsuk-input--error" : "nhsuk-input";

    /// <param name="hint">The id of the field's hint, if it has one.</param>
    public string? DescribedBy(string field, string? hint = null) => (IsInvalid(field), hint) switch
    {
        (true, null) => $"{field}-error",
        (true, _) => $"{hint} {field}-error",
        _ => hint,
    };

    /// <summary>The page again, with its errors.</summary>
    protected PageResult WithErrors()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private bool IsInvalid(string field) => ModelState.GetFieldValidationState(field) == ModelValidationState.Invalid;
}
