using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Booking;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.TagHelpers;

namespace Telemedicine.Web.Pages.Carers;

/// <summary>A patient asks someone to help, or staff record it for them with a reason: who, what they may do, until when.</summary>
[CarerMay(CarerRights.None)]
public sealed class InviteModel(CarerService carers) : BookingPage
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public Relationship? Relationship { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    /// <summary>What is ticked.</summary>
    [BindProperty]
    public CarerRights[] Rights { get; set; } = [];

    [BindProperty]
    public TypedDate LastDay { get; set; } = new();

    [BindProperty]
    public string? Reason { get; set; }

    public DateOnly Today => PracticeTime.For(Me.TimeZone).DayOf(Now);

    public void OnGet()
    {
        ViewData[ViewKeys.Section] = ByStaff ? "patients" : "appointments";
        var proposed = Today.AddDays(RelatedPerson.Usual.Days);
        LastDay = new TypedDate { Day = $"{proposed.Day}", Month = $"{proposed.Month}", Year = $"{proposed.Year}" };
    }

    public async Task<IActionResult> OnPostAsync()
    {
        ViewData[ViewKeys.Section] = ByStaff ? "patients" : "appointments";
        // What cannot be read counts as missing, and is said in our words.
        foreach (var field in new[] { nameof(Relationship), nameof(Rights) })
            ModelState[field]?.Errors.Clear();
        Check();
        if (!ModelState.IsValid || Name is null || Email is null || Relationship is not { } relationship || LastDay.Date is not { } lastDay)
            return Again();
        var rights = Rights.Aggregate(CarerRights.None, (all, right) => all | right);
        switch (await carers.GrantAsync(Actor, new CarerGrant(PatientId, Name, relationship, Email, rights, lastDay, Reason), Cancelled))
        {
            case GrantOutcome.Granted:
                this.ShowNext($"We have sent {Name.Trim()} an invitation. They may do nothing before they say yes.");
                return RedirectToPage("/Carers/Index", new { Patient });
            case GrantOutcome.WrongDay wrong:
                return Wrong(nameof(LastDay), $"The last day must be from today to {wrong.Latest.ShortDay()}");
            case GrantOutcome.OwnAddress:
                return Wrong(nameof(Email), ByStaff ? "This is the patient's own email address. Enter the carer's" : "This is your own email address. Enter theirs");
            case GrantOutcome.AlreadyThere:
                return Wrong(nameof(Email), "Someone with this email address is invited or may act already. End that first, then invite them anew");
            case GrantOutcome.TooMany:
                return Wrong(string.Empty, $"{CarerService.MostAtOnce} people may act at a time. End one of them first");
            case GrantOutcome.Incomplete:
                return Wrong(nameof(Email), "Enter an email address, like name@example.com");
            default:
                return NotFound();
        }
    }

    private void Check()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Trim().Length > RelatedPerson.NameLength)
            ModelState.AddModelError(nameof(Name), string.IsNullOrWhiteSpace(Name) ? "Enter their name" : $"The name must be {RelatedPerson.NameLength} characters or fewer");
        if (Relationship is not { } relationship || !Enum.IsDefined(relationship))
            ModelState.AddModelError(nameof(Relationship), ByStaff ? "Select who they are to the patient" : "Select who they are to you");
        if (string.IsNullOrWhiteSpace(Email))
            ModelState.AddModelError(nameof(Email), "Enter their email address");
        if (Rights.Length == 0 || !Rights.All(right => CarerWording.All.Any(row => row.Right == right)))
            ModelState.AddModelError(nameof(Rights), "Select what they may do");
        if (LastDay.Date is null)
            ModelState.AddModelError(nameof(LastDay), LastDay.IsEmpty ? "Enter the last day on which they may" : "The last day must be a real date, like 15 3 2027");
        if (ByStaff && (string.IsNullOrWhiteSpace(Reason) || Reason.Trim().Length > Appointment.ReasonLength))
            ModelState.AddModelError(nameof(Reason), string.IsNullOrWhiteSpace(Reason) ? "Enter why you record it for the patient" : $"The reason must be {Appointment.ReasonLength} characters or fewer");
    }
}
