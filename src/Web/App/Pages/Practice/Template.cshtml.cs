using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Adds a weekly clinic, changes or ends one, or says on which days it differs. What is booked at times that would go is shown before anything is done, and afterwards.</summary>
public sealed class TemplateModel(ClinicTemplates templates, DiaryService diary) : TemplateForm
{
    /// <summary>Null for a new one.</summary>
    [FromRoute]
    public ClinicTemplateId? Template { get; set; }

    [BindProperty]
    public DateOnly? Day { get; set; }

    /// <summary>Null, as <see cref="OtherEnd"/>, if it is not held on that day.</summary>
    [BindProperty]
    public TimeOnly? OtherStart { get; set; }

    [BindProperty]
    public TimeOnly? OtherEnd { get; set; }

    /// <summary>Null for a new one.</summary>
    public TemplateView? Stored { get; private set; }

    public DiaryChoices Choices { get; private set; } = new([], []);

    /// <summary>What is booked at times that the change would take out.</summary>
    public IReadOnlyList<AffectedAppointment> BookedThen { get; private set; } = [];

    /// <summary>The same for a day that is to differ.</summary>
    public IReadOnlyList<AffectedAppointment> BookedThatDay { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Stored is { } stored)
            Fill(stored.Details);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Clinician = Stored?.Details.Practitioner ?? Clinician;
        if (Entered() is not { } details)
            return Again();
        var outcome = await templates.SaveAsync(Actor, Template, details, Seen, Cancelled);
        if (outcome is not TemplateOutcome.Affects affects)
            return Done(outcome, "The weekly clinic is saved.");
        BookedThen = affects.Appointments;
        return Page();
    }

    public async Task<IActionResult> OnPostExceptAsync()
    {
        if (!await LoadAsync() || Stored is not { } stored)
            return NotFound();
        ModelState.Clear();
        Fill(stored.Details);
        Require(Day is not null, nameof(Day), "Enter the day");
        Require((OtherStart is null) == (OtherEnd is null), nameof(OtherEnd), "Enter both the start and the end, or neither");
        Require(!(OtherEnd <= OtherStart), nameof(OtherEnd), "The clinic must end after it starts");
        if (!ModelState.IsValid || Day is not { } day)
            return Again();
        var outcome = await templates.ExceptAsync(Actor, stored.Id, day, OtherStart is { } start && OtherEnd is { } end ? (start, end) : null, Seen, Cancelled);
        if (outcome is not TemplateOutcome.Affects affects)
            return outcome is TemplateOutcome.Impossible ? Wrong(nameof(Day), "Enter a day from today on") : Done(outcome, "The day is saved.");
        BookedThatDay = affects.Appointments;
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveExceptionAsync(Guid exception)
    {
        if (!await LoadAsync())
            return NotFound();
        ModelState.Clear();
        if (Stored is { } stored)
            Fill(stored.Details);
        var outcome = await templates.RemoveExceptionAsync(Actor, exception, Seen, Cancelled);
        return outcome is TemplateOutcome.Affects affects
            ? Wrong(string.Empty, $"{Wording.Count(affects.Appointments.Count, "appointment is", "appointments are")} booked at other hours of that day. Move them first")
            : Done(outcome, "The clinic is held on that day as on any other. Publish it if it is not in the diary.");
    }

    private IActionResult Done(TemplateOutcome outcome, string notice)
    {
        switch (outcome)
        {
            case TemplateOutcome.Saved saved:
                this.ShowNext($"{notice}{(saved.Changed > 0 ? $" {Wording.Count(saved.Changed, "clinic in the diary has", "clinics in the diary have")} changed with it." : "")}{(saved.Booked > 0 ? $" {Wording.Count(saved.Booked, "appointment is", "appointments are")} still booked at times that are gone." : "")}");
                return RedirectToPage(new { template = saved.Template });
            case TemplateOutcome.NotOffered:
                return Wrong(nameof(Service), "The clinician does not offer this service, or it is not held that way, or the clinician has left");
            case TemplateOutcome.Impossible:
                return Wrong(string.Empty, "Check what you entered");
            default:
                return NotFound();
        }
    }

    /// <summary>False if there is no such clinic.</summary>
    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        Choices = await diary.ChoicesAsync(Actor, Cancelled);
        Stored = Template is { } id ? await templates.FindAsync(Actor, id, Cancelled) : null;
        return Template is null || Stored is not null;
    }
}
