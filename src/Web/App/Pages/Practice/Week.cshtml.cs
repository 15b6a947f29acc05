using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>A clinician's clinics of a week, by the day on which they start.</summary>
public sealed record WeekRow(PractitionerId Practitioner, string Name, ILookup<DateOnly, ClinicSummary> Days);

/// <summary>All clinics of a week as a table: a clinician a row, a day a column, from Monday on.</summary>
public sealed class WeekModel(DiaryService diary, ClinicService clinics, AppointmentQueries appointments, PatientService patients, TimeProvider clock) : DiaryPage(diary, appointments, patients, clock)
{
    private const int DaysAWeek = 7;

    public DateOnly Monday { get; private set; }

    public IReadOnlyList<WeekRow> Rows { get; private set; } = [];

    public IEnumerable<DateOnly> Days => Enumerable.Range(0, DaysAWeek).Select(Monday.AddDays);

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Monday = Shown.AddDays(-(((int)Shown.DayOfWeek + DaysAWeek - 1) % DaysAWeek));
        var all = await clinics.ClinicsOfDaysAsync(Actor, Monday, DaysAWeek, Cancelled);
        var chosen = all.Where(clinic => (Service is null || clinic.ServiceId == Service) && (Clinician is null || clinic.PractitionerId == Clinician)
            && (Filter.Channel is not { } channel || clinic.Channels.Contains(channel)));
        Rows = [.. chosen.GroupBy(clinic => clinic.PractitionerId)
            .Select(own => new WeekRow(own.Key, own.First().PractitionerName, own.ToLookup(clinic => DateOnly.FromDateTime(clinic.Start.DateTime))))
            .OrderBy(row => Choices.Practitioners.Index().First(choice => choice.Item.Id == row.Practitioner).Index)];
        return Page();
    }

    /// <summary>Route values of a clinician's day.</summary>
    public Dictionary<string, string?> At(DateOnly day, PractitionerId clinician) => new(At(day)) { ["clinician"] = clinician.ToString() };
}
