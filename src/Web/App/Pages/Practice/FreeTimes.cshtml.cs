using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>The next free times by service, clinician and how they are held, from a day on.</summary>
public sealed class FreeTimesModel(DiaryService diary, AppointmentQueries appointments, PatientService patients, TimeProvider clock) : DiaryPage(diary, appointments, patients, clock)
{
    private const int Most = 30;

    public IReadOnlyList<FreeTime> Times { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Times = await Diary.NextFreeAsync(Actor, Filter, Shown, Most, Cancelled);
        return Page();
    }
}
