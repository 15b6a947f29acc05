using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>A clinician of the day with everything in their clinics.</summary>
public sealed record DiaryColumn(string Name, IReadOnlyList<DiaryClinic> Clinics)
{
    /// <summary>What starts within each hour.</summary>
    public ILookup<DateTimeOffset, (DiaryClinic Clinic, DiaryEntry Entry)> Hours { get; } =
        Clinics.SelectMany(clinic => clinic.Entries.Select(entry => (Clinic: clinic, Entry: entry))).OrderBy(row => row.Entry.Start).ToLookup(row => row.Entry.Start.Hour());
}

/// <summary>All clinics of a day as a table: an hour a row, a clinician a column.</summary>
public sealed class DiaryModel(DiaryService diary, AppointmentQueries appointments, PatientService patients, TimeProvider clock) : DiaryPage(diary, appointments, patients, clock)
{
    public IReadOnlyList<DiaryColumn> Columns { get; private set; } = [];

    /// <summary>The hours of the day in which anything starts; every hour between the first and the last.</summary>
    public IReadOnlyList<DateTimeOffset> Hours { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        var clinics = await Diary.DayAsync(Actor, Shown, Filter, Cancelled);
        Columns = [.. clinics.GroupBy(clinic => clinic.PractitionerId).Select(own => new DiaryColumn(own.First().PractitionerName, [.. own]))];
        Hours = [.. Columns.SelectMany(column => column.Hours.Select(hour => hour.Key)).Distinct().Order()];
        return Page();
    }
}
