using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Puts the weekly clinics of a range of days into the diary: first what would be published, then it is.</summary>
public sealed class PublishModel(DiaryService diary, ClinicPublisher publisher) : StaffPage
{
    [BindProperty]
    public PractitionerId? Clinician { get; set; }

    [BindProperty]
    public DateOnly? First { get; set; }

    [BindProperty]
    public DateOnly? Last { get; set; }

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
        switch (await publisher.PlanAsync(Actor, request, Cancelled))
        {
            case PublishOutcome.Planned { Days.Count: > 0 } planned:
                Planned = planned.Days;
                return Page();
            case PublishOutcome.Planned:
                return Wrong(nameof(Last), "There is no weekly clinic on these days. Add one first");
            case PublishOutcome.Impossible:
                return Wrong(nameof(First), "Enter days from today on, at most a year of them");
            default:
                return NotFound();
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

    /// <summary>Why a clinic is not published, for the end of a sentence.</summary>
    public static string Because(PublishDay day) => day.Why switch
    {
        NotPublished.Already => "in the diary already",
        NotPublished.Clash => "not published, because the clinician has another clinic then",
        NotPublished.Leave => $"not published, because the clinician is on leave: {day.Note}",
        NotPublished.Closed => $"not published, because the practice is closed: {day.Note}",
        NotPublished.BankHoliday => $"not published, because of a bank holiday: {day.Note}",
        NotPublished.ServiceWithdrawn => "not published, because the service takes no bookings",
        NotPublished.NoTime => "not published, because no time fits",
        _ => Wording.Count(day.Times, "time", "times"),
    };

    private PublishRequest? Entered()
    {
        ModelState.Clear();
        if (First is null)
            ModelState.AddModelError(nameof(First), "Enter the first day");
        if (Last is null)
            ModelState.AddModelError(nameof(Last), "Enter the last day");
        if (Last < First)
            ModelState.AddModelError(nameof(Last), "The last day must not be before the first day");
        return ModelState.IsValid && First is { } first && Last is { } last ? new PublishRequest(first, last, Clinician) : null;
    }

    private async Task LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        Choices = await diary.ChoicesAsync(Actor, Cancelled);
    }
}
