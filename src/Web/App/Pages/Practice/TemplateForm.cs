using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>A weekly clinic as it is typed.</summary>
public abstract class TemplateForm : StaffPage
{
    /// <summary>As people begin the week.</summary>
    public static readonly IReadOnlyList<DayOfWeek> Week =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    [BindProperty]
    public PractitionerId? Clinician { get; set; }

    [BindProperty]
    public HealthcareServiceId? Service { get; set; }

    [BindProperty]
    public List<DayOfWeek> Days { get; set; } = [];

    [BindProperty]
    public TimeOnly? Start { get; set; }

    [BindProperty]
    public TimeOnly? End { get; set; }

    /// <summary>One a line, such as 12:30 to 13:00.</summary>
    [BindProperty]
    public string? Breaks { get; set; }

    [BindProperty]
    public string? Minutes { get; set; }

    [BindProperty]
    public List<DeliveryChannel> Channels { get; set; } = [];

    [BindProperty]
    public DateOnly? From { get; set; }

    [BindProperty]
    public DateOnly? To { get; set; }

    /// <summary>The appointments that the page showed.</summary>
    [BindProperty]
    public List<AppointmentId> Seen { get; set; } = [];

    public static string DaysOf(TemplateDetails details) => string.Join(", ", Week.Where(details.Days.Contains));

    protected void Fill(TemplateDetails details)
    {
        (Clinician, Service, Days, Start, End) = (details.Practitioner, details.Service, [.. details.Days], details.Start, details.End);
        Breaks = string.Join('\n', details.Breaks.Select(pause => string.Create(CultureInfo.InvariantCulture, $"{pause.Start:HH:mm} to {pause.End:HH:mm}")));
        (Minutes, Channels, From, To) = (details.SlotMinutes?.ToString(CultureInfo.InvariantCulture), [.. details.Channels], details.From, details.To);
    }

    /// <summary>What was entered; null if something is missing or cannot be read, with what is wrong beside its field.</summary>
    protected TemplateDetails? Entered()
    {
        ModelState.Clear();
        Require(Clinician is not null, nameof(Clinician), "Select the clinician");
        Require(Service is not null, nameof(Service), "Select the service");
        Require(Days.Count > 0, nameof(Days), "Select at least one day of the week");
        Require(Start is not null, nameof(Start), "Enter when the clinic starts, such as 09:00");
        Require(End is not null, nameof(End), "Enter when the clinic ends, such as 12:30");
        Require(!(End <= Start), nameof(End), "The clinic must end after it starts");
        var breaks = ReadBreaks();
        int? minutes = string.IsNullOrWhiteSpace(Minutes) ? null : int.TryParse(Minutes.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var typed) ? typed : 0;
        Require(minutes is null or >= ServiceAdministration.ShortestMinutes and <= ServiceAdministration.LongestMinutes, nameof(Minutes),
            $"Enter how long each time takes, in whole minutes from {ServiceAdministration.ShortestMinutes} to {ServiceAdministration.LongestMinutes}");
        Require(From is not null, nameof(From), "Enter the first day");
        Require(!(To < From), nameof(To), "The last day must not be before the first day");
        if (!ModelState.IsValid || this is not { Clinician: { } clinician, Service: { } service, Start: { } start, End: { } end, From: { } from })
            return null;
        var details = new TemplateDetails(clinician, service, Days, start, end, minutes, Channels, breaks, from, To);
        Require(details.IsPossible, nameof(Breaks), $"Enter at most {ClinicTemplate.MostBreaks} breaks, each within the clinic and after the one before");
        return ModelState.IsValid ? details : null;
    }

    private List<ClinicBreak> ReadBreaks()
    {
        var breaks = new List<ClinicBreak>();
        foreach (var line in (Breaks ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var times = line.Split([" to ", "-", "–"], StringSplitOptions.TrimEntries);
            if (times.Length == 2 && TimeOnly.TryParseExact(times[0], "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) && TimeOnly.TryParseExact(times[1], "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end))
                breaks.Add(new ClinicBreak(start, end));
            else
                Require(false, nameof(Breaks), "Enter each break on a line of its own, such as 12:30 to 13:00");
        }

        breaks.Sort((one, other) => one.Start.CompareTo(other.Start));
        return breaks;
    }

    protected void Require(bool holds, string field, string error)
    {
        if (!holds && !(ModelState[field]?.Errors.Count > 0))
            ModelState.AddModelError(field, error);
    }
}
