using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Publishes clinics from a weekly pattern: first what would be published, then it is.</summary>
public sealed class PublishModel(DiaryService diary, ClinicPublisher publisher) : StaffPage
{
    private static readonly string[] DayFormats = ["d/M/yyyy", "d MMMM yyyy", "yyyy-MM-dd"];

    [BindProperty]
    public PractitionerId? Clinician { get; set; }

    [BindProperty]
    public HealthcareServiceId? Service { get; set; }

    [BindProperty]
    public DateOnly? First { get; set; }

    [BindProperty]
    public DateOnly? Last { get; set; }

    [BindProperty]
    public List<DayOfWeek> Days { get; set; } = [];

    [BindProperty]
    public TimeOnly? Start { get; set; }

    [BindProperty]
    public TimeOnly? End { get; set; }

    [BindProperty]
    public TimeOnly? BreakStart { get; set; }

    [BindProperty]
    public TimeOnly? BreakEnd { get; set; }

    /// <summary>Days without a clinic, one a line.</summary>
    [BindProperty]
    public string? Except { get; set; }

    public DiaryChoices Choices { get; private set; } = new([], []);

    /// <summary>Null before it is asked for.</summary>
    public IReadOnlyList<PublishDay>? Planned { get; private set; }

    public Task OnGetAsync() => LoadAsync();

    /// <summary>What would be published. Nothing has happened yet.</summary>
    public async Task<IActionResult> OnPostPlanAsync()
    {
        await LoadAsync();
        if (Entered() is not { } request)
            return Again();
        var outcome = await publisher.PlanAsync(Actor, request, Cancelled);
        switch (outcome)
        {
            case PublishOutcome.Planned { Days.Count: > 0 } planned:
                Planned = planned.Days;
                return Page();
            case PublishOutcome.Planned:
                return Wrong(nameof(Last), "No day between these fits what you chose");
            default:
                return Refused(outcome);
        }
    }

    public async Task<IActionResult> OnPostConfirmAsync()
    {
        await LoadAsync();
        if (Entered() is not { } request)
            return Again();
        if (await publisher.PublishAsync(Actor, request, Cancelled) is not PublishOutcome.Published published)
            return Wrong(string.Empty, "The clinics cannot be published as they are. Check what you entered");
        this.ShowNext($"{Wording.Count(published.Clinics, "clinic is", "clinics are")} published, with {Wording.Count(published.Times, "time", "times")} to book.");
        return RedirectToPage("/Practice/Week", new { day = request.First.Iso(), clinician = request.Practitioner });
    }

    private IActionResult Refused(PublishOutcome refusal) => refusal switch
    {
        PublishOutcome.NotOffered => Wrong(nameof(Service), "The clinician does not offer this service, or it takes no bookings"),
        PublishOutcome.NotFound => NotFound(),
        _ => Wrong(nameof(First), "Enter days from today on, at most a year of them"),
    };

    /// <summary>What was entered; null if something is missing or cannot be read, with what is wrong beside its field.</summary>
    private PublishRequest? Entered()
    {
        ModelState.Clear();
        var except = new List<DateOnly>();
        foreach (var line in (Except ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (DateOnly.TryParseExact(line, DayFormats, CultureInfo.GetCultureInfo("en-GB"), DateTimeStyles.None, out var day))
                except.Add(day);
            else
                ModelState.AddModelError(nameof(Except), "Enter each day on a line of its own, such as 25/12/2026");
            if (ModelState.ErrorCount > 0)
                break;
        }

        Require(Clinician is not null, nameof(Clinician), "Select the clinician");
        Require(Service is not null, nameof(Service), "Select the service");
        Require(First is not null, nameof(First), "Enter the first day");
        Require(Last is not null, nameof(Last), "Enter the last day");
        Require(Days.Count > 0, nameof(Days), "Select at least one day of the week");
        Require(Start is not null, nameof(Start), "Enter when the clinic starts, such as 09:00");
        Require(End is not null, nameof(End), "Enter when the clinic ends, such as 12:30");
        Require(!(Last < First), nameof(Last), "The last day must not be before the first day");
        Require(!(End <= Start), nameof(End), "The clinic must end after it starts");
        Require(!(BreakEnd <= BreakStart || BreakStart < Start || BreakEnd > End), nameof(BreakEnd), "The break must lie within the clinic and end after it starts");
        Require((BreakStart is null) == (BreakEnd is null), nameof(BreakEnd), "Enter both the start and the end of the break, or neither");
        if (!ModelState.IsValid || this is not { Clinician: { } clinician, Service: { } service, First: { } first, Last: { } last, Start: { } start, End: { } end })
            return null;
        return new PublishRequest(clinician, service, first, last, Days, start, end, BreakStart is { } from && BreakEnd is { } to ? (from, to) : null, except);
    }

    private void Require(bool holds, string field, string error)
    {
        if (!holds)
            ModelState.AddModelError(field, error);
    }

    private IActionResult Wrong(string field, string error)
    {
        ModelState.AddModelError(field, error);
        return Again();
    }

    private async Task LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        Choices = await diary.ChoicesAsync(Actor, Cancelled);
    }
}
