using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Leave of clinicians, days on which the practice is closed, and bank holidays. What is booked then is shown before anything is done, and afterwards.</summary>
public sealed class TimeOffModel(TimeOffService timeOff, DiaryService diary) : StaffPage
{
    /// <summary>Whose leave it is; null if the practice is closed.</summary>
    [BindProperty]
    public PractitionerId? Clinician { get; set; }

    [BindProperty]
    public DateOnly? First { get; set; }

    [BindProperty]
    public DateOnly? Last { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public HolidayRegion Region { get; set; }

    /// <summary>The appointments that the page showed.</summary>
    [BindProperty]
    public List<AppointmentId> Seen { get; set; } = [];

    public TimeOffOverview Overview { get; private set; } = new([], HolidayRegion.None, [], []);

    public DiaryChoices Choices { get; private set; } = new([], []);

    /// <summary>What is booked on the days of the leave or closure that was entered.</summary>
    public IReadOnlyList<AffectedAppointment> BookedThen { get; private set; } = [];

    /// <summary>What is booked on the bank holidays that were chosen.</summary>
    public IReadOnlyList<AffectedAppointment> BookedOnHolidays { get; private set; } = [];

    public bool IsAdministrator => Actor.Role == ActorRole.Administrator;

    public async Task OnGetAsync()
    {
        await LoadAsync();
        Region = Overview.Region;
    }

    public async Task<IActionResult> OnPostAddAsync()
    {
        ModelState.Clear();
        Require(First is not null, nameof(First), "Enter the first day");
        Require(Last is not null, nameof(Last), "Enter the last day");
        Require(!(Last < First), nameof(Last), "The last day must not be before the first day");
        Require(!string.IsNullOrWhiteSpace(Reason), nameof(Reason), "Enter why there are no clinics");
        Require(!(Reason?.Trim().Length > TimeOff.ReasonLength), nameof(Reason), $"The reason must be {TimeOff.ReasonLength} characters or fewer");
        if (!ModelState.IsValid || First is not { } first || Last is not { } last)
            return await AgainAsync();
        switch (await timeOff.AddAsync(Actor, new TimeOffDetails(Clinician, first, last, Reason ?? ""), Seen, Cancelled))
        {
            case TimeOffOutcome.Done done:
                this.ShowNext(done.Booked == 0 ? "Nobody can book these days any more." : $"Nobody can book these days any more. {Wording.Count(done.Booked, "appointment is", "appointments are")} still booked.");
                return RedirectToPage();
            case TimeOffOutcome.Affects affects:
                await LoadAsync();
                BookedThen = affects.Appointments;
                return Page();
            case TimeOffOutcome.Impossible:
                Require(false, nameof(Last), "Enter days that are not over, at most a year of them");
                return await AgainAsync();
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostRemoveAsync(TimeOffId id)
    {
        if (await timeOff.RemoveAsync(Actor, id, Cancelled) is not TimeOffOutcome.Done)
            return NotFound();
        this.ShowNext("It is removed. The times that were in the diary can be booked again.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostBankHolidaysAsync()
    {
        if (!IsAdministrator)
            return Forbid();
        switch (await timeOff.KeepBankHolidaysAsync(Actor, Region, Seen, Cancelled))
        {
            case TimeOffOutcome.Done done:
                this.ShowNext(done.Booked == 0 ? "The bank holidays are saved." : $"The bank holidays are saved. {Wording.Count(done.Booked, "appointment is", "appointments are")} still booked.");
                return RedirectToPage();
            case TimeOffOutcome.Affects affects:
                ModelState.Clear();
                await LoadAsync();
                BookedOnHolidays = affects.Appointments;
                return Page();
            default:
                Require(false, nameof(Region), "Select one of the choices");
                return await AgainAsync();
        }
    }

    private void Require(bool holds, string field, string error)
    {
        if (!holds && !(ModelState[field]?.Errors.Count > 0))
            ModelState.AddModelError(field, error);
    }

    private async Task<IActionResult> AgainAsync()
    {
        await LoadAsync();
        return Again();
    }

    private async Task LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        Overview = await timeOff.OverviewAsync(Actor, Cancelled);
        Choices = await diary.ChoicesAsync(Actor, Cancelled);
    }
}
