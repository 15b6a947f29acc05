using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.SignIn;
using Telemedicine.Web.TagHelpers;

namespace Telemedicine.Web.Pages.Registration;

/// <summary>A patient who signs in for the first time gives their details and chooses their practice.</summary>
public sealed class DetailsModel(PatientService patients, PeopleService people, CurrentPerson current) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter your first name")]
    [StringLength(PatientService.NameLength, ErrorMessage = "First name must be {1} characters or fewer")]
    public string? GivenName { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter your last name")]
    [StringLength(PatientService.NameLength, ErrorMessage = "Last name must be {1} characters or fewer")]
    public string? FamilyName { get; set; }

    [BindProperty]
    public TypedDate DateOfBirth { get; set; } = new();

    [BindProperty]
    [StringLength(PatientService.PhoneLength, ErrorMessage = "Phone number must be {1} characters or fewer")]
    [RegularExpression(@"[0-9 +()\-]*[0-9][0-9 +()\-]*", ErrorMessage = "Enter a phone number, like 07700 900123")]
    public string? Phone { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Select your practice")]
    public PracticeId? Practice { get; set; }

    public IReadOnlyList<PracticeView> Practices { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (await current.AsPatientAsync() is not null)
            return Onwards();
        GivenName = User.FindFirst(SessionClaims.GivenName)?.Value;
        FamilyName = User.FindFirst(SessionClaims.FamilyName)?.Value;
        await LoadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (DateOfBirth.Date is null)
            ModelState.AddModelError(nameof(DateOfBirth), DateOfBirth.IsEmpty ? "Enter your date of birth" : "Date of birth must be a real date, like 15 3 1984");
        if (!ModelState.IsValid || DateOfBirth.Date is not { } born || Practice is not { } practice || GivenName is null || FamilyName is null)
            return await AgainAsync();
        var subject = User.FindFirst(SessionClaims.Subject)?.Value ?? throw new InvalidOperationException("Nobody is signed in.");
        var details = new NewPatient(GivenName, FamilyName, born, Phone, User.FindFirst(SessionClaims.Email)?.Value);
        switch (await patients.RegisterAsync(practice, subject, details, HttpContext.RequestAborted))
        {
            case RegisterOutcome.Registered or RegisterOutcome.AlreadyRegistered:
                return Onwards();
            case RegisterOutcome.ImpossibleDateOfBirth:
                ModelState.AddModelError(nameof(DateOfBirth), "Date of birth must be in the past, and less than 130 years ago");
                return await AgainAsync();
            case RegisterOutcome.UnknownPractice:
                ModelState.AddModelError(nameof(Practice), "Select your practice");
                return await AgainAsync();
            default:
                ModelState.AddModelError(nameof(GivenName), "Check your name and phone number");
                return await AgainAsync();
        }
    }

    private IActionResult Onwards() => Url.IsLocalUrl(ReturnUrl) ? LocalRedirect(ReturnUrl) : RedirectToPage("/Appointments/Index");

    private async Task<IActionResult> AgainAsync()
    {
        await LoadAsync();
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private async Task LoadAsync()
    {
        Practices = await people.PracticesAsync(HttpContext.RequestAborted);
        if (Practices is [var only])
            Practice = only.Id;
    }
}
