using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Reports;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>How appointments went: waiting, durations, what was missed and what failed.</summary>
public sealed class ReportsModel(ConsultationReports reports, Surveys surveys, DiaryService diary, TimeProvider clock) : StaffPage
{
    /// <summary>On the page; the file has all.</summary>
    public const int MostLines = 60;

    private const int UsualDays = 28;

    /// <summary>yyyy-MM-dd; four weeks to today, if none is given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? To { get; set; }

    [BindProperty(SupportsGet = true)]
    public ReportBy By { get; set; }

    [BindProperty(SupportsGet = true)]
    public PractitionerId? Clinician { get; set; }

    [BindProperty(SupportsGet = true)]
    public HealthcareServiceId? Service { get; set; }

    public IReadOnlyList<(string Value, string Text)> Groupings { get; } =
        [(nameof(ReportBy.Week), "Week"), (nameof(ReportBy.Clinician), "Clinician"), (nameof(ReportBy.Service), "Service"), (nameof(ReportBy.Clinic), "Clinic")];

    public DiaryChoices Choices { get; private set; } = new([], []);

    /// <summary>Null where the question cannot be answered.</summary>
    public Report? Report { get; private set; }

    /// <summary>What patients answered about the same appointments.</summary>
    public SurveyResults? Survey { get; private set; }

    public string ByHeading => Groupings.Single(grouping => grouping.Value == By.ToString()).Text;

    public static string NameOf(ReportLine line) => line switch
    {
        { Week: { } week } => $"From {week.ShortDay()}",
        { ClinicStart: { } start } => $"{start.DayAndTime()}, {line.Clinician}, {line.Service}",
        _ => line.Clinician ?? line.Service ?? "",
    };

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is not var (from, to))
            return Again();
        Survey = await surveys.ResultsAsync(Actor, from, to, Clinician, Service, Cancelled);
        return Page();
    }

    public async Task<IActionResult> OnGetCsvAsync()
    {
        await LoadAsync();
        return Report is { } report ? File(ReportCsv.Write(report), "text/csv; charset=utf-8", $"report-{From}-to-{To}.csv") : Again();
    }

    /// <summary>The days that the report is about; null where the question cannot be answered.</summary>
    private async Task<(DateOnly From, DateOnly To)?> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "reports";
        Choices = await diary.ChoicesAsync(Actor, Cancelled);
        foreach (var field in ModelState.Where(entry => entry.Value?.Errors.Count > 0).Select(entry => entry.Key).ToList())
        {
            ModelState.Remove(field);
            ModelState.AddModelError(field, "Choose from the list");
        }
        var today = PracticeTime.For(Me.TimeZone).DayOf(clock.GetUtcNow());
        var to = DayOf(nameof(To), To, today);
        var from = DayOf(nameof(From), From, to.AddDays(1 - UsualDays));
        if (!ModelState.IsValid)
            return null;
        var question = new ReportQuestion(from, to, Enum.IsDefined(By) ? By : ReportBy.Week, Clinician, Service);
        if (from > to)
            ModelState.AddModelError(nameof(To), "The last day must not be before the first");
        else if (!question.IsWithinBounds)
            ModelState.AddModelError(nameof(To), $"Choose at most {ReportQuestion.LongestDays} days");
        else
            (Report, By, From, To) = (await reports.AskAsync(Actor, question, Cancelled), question.By, from.Iso(), to.Iso());
        return Report is null ? null : (from, to);
    }

    private DateOnly DayOf(string field, string? text, DateOnly usual)
    {
        if (string.IsNullOrWhiteSpace(text))
            return usual;
        if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 3000)
            return day;
        ModelState.AddModelError(field, "Enter a day, such as 2026-03-02");
        return usual;
    }
}
