using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Demonstration;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>The clinics of a day: a clinician's own, for practice staff all.</summary>
public sealed class IndexModel(ClinicService clinics, HandoverService handovers, DemonstrationClinics demonstration, ClinicalDbContext db, WebOptions web, TimeProvider time) : ClinicTeamPage
{
    /// <summary>Today, if none is asked for.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    public DateOnly Shown { get; private set; }

    public DateOnly Today { get; private set; }

    public IReadOnlyList<ClinicSummary> Clinics { get; private set; } = [];

    /// <summary>What others ask this clinician to take over, and what they took over and have not finished.</summary>
    public IReadOnlyList<HandoverView> Handovers { get; private set; } = [];

    public bool IsStaff => Actor.IsStaff;

    /// <summary>In demonstration mode: who can open a clinic at any hour. Empty otherwise.</summary>
    public IReadOnlyList<Practitioner> CanStartNow { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Today = PracticeTime.For(Me.TimeZone).DayOf(time.GetUtcNow());
        // A day that cannot be read, or lies beyond any calendar, is today.
        Shown = Day is { Year: > 2000 and < 3000 } day ? day : Today;
        Clinics = await clinics.ClinicsOfDayAsync(Actor, Shown, Cancelled);
        if (Actor.AsPractitioner is not null)
            Handovers = await handovers.ToAsync(Actor, Cancelled);
        if (web.Demonstration.Enabled && Shown == Today)
            CanStartNow = await CliniciansAsync();
    }

    /// <summary>In demonstration mode a clinic can be now, at any hour: a clinician's own, or one that staff open for them.</summary>
    public async Task<IActionResult> OnPostStartNowAsync(PractitionerId practitioner)
    {
        if (!web.Demonstration.Enabled)
            return NotFound();
        if ((await CliniciansAsync()).SingleOrDefault(p => p.Id == practitioner) is not { } clinician)
            return NotFound();
        if (await demonstration.StartClinicNowAsync(Actor.For(clinician), Cancelled) is not { } clinic)
            return NotFound();
        this.ShowNext("A clinic is open now. Patients can book and join at once.");
        return RedirectToPage("/Clinics/Clinic", new { id = clinic });
    }

    private Task<List<Practitioner>> CliniciansAsync()
    {
        db.ActFor(Actor);
        var self = Actor.AsPractitioner;
        return db.Practitioners.AsNoTracking().Where(p => self == null || p.Id == self).OrderBy(p => p.FamilyName).ToListAsync(Cancelled);
    }
}
