using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Demonstration;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>The clinics of a day: a clinician's own, for practice staff all.</summary>
public sealed class IndexModel(ClinicService clinics, WebOptions web, TimeProvider time, IServiceProvider services) : ClinicTeamPage
{
    /// <summary>Today, if none is asked for.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    public DateOnly Shown { get; private set; }

    public DateOnly Today { get; private set; }

    public IReadOnlyList<ClinicSummary> Clinics { get; private set; } = [];

    public bool IsStaff => Actor.IsStaff;

    public bool OffersClinicNow => web.Demonstration.Enabled && !IsStaff && Shown == Today;

    public async Task OnGetAsync()
    {
        Today = PracticeTime.For(Me.TimeZone).DayOf(time.GetUtcNow());
        // A day that cannot be read, or lies beyond any calendar, is today.
        Shown = Day is { Year: > 2000 and < 3000 } day ? day : Today;
        Clinics = await clinics.ClinicsOfDayAsync(Actor, Shown, Cancelled);
    }

    /// <summary>In demonstration mode a clinic can be now, at any hour.</summary>
    public async Task<IActionResult> OnPostStartNowAsync()
    {
        if (!web.Demonstration.Enabled)
            return NotFound();
        if (Actor.AsPractitioner is null)
            return Forbid();
        var clinic = await services.GetRequiredService<DemonstrationClinics>().StartClinicNowAsync(Actor, Cancelled);
        this.ShowNext("A clinic is open now. Patients can book and join at once.");
        return RedirectToPage("/Clinics/Clinic", new { id = clinic });
    }
}
