using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>What the clinician asks practice staff to do after a consultation, and what became of it.</summary>
public sealed class StaffTasksModel(StaffTasks tasks, ConsultationService consultations) : ClinicianPage
{
    private ConsultationView? _consultation;

    public ConsultationView Consultation => _consultation ?? throw new InvalidOperationException("The page is shown with its consultation.");

    public IReadOnlyList<StaffTaskView> Tasks { get; private set; } = [];

    [BindProperty]
    public string? Text { get; set; }

    [BindProperty]
    public bool Urgent { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        switch (await tasks.AskAsync(Actor, id, Text ?? "", Urgent, Cancelled))
        {
            case StaffTaskOutcome.Changed:
                this.ShowNext("Practice staff see the task from now on.");
                return RedirectToPage(new { id });
            case StaffTaskOutcome.TextMissing:
                return Wrong(nameof(Text), "Enter what is to be done");
            case StaffTaskOutcome.TextTooLong:
                return Wrong(nameof(Text), $"The task must be {StaffTask.TextLength} characters or fewer");
            case StaffTaskOutcome.TooMany:
                return Wrong(nameof(Text), $"There are {StaffTasks.MaxOpen} open tasks from this appointment already. Put several things into one");
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        ViewData[ViewKeys.Section] = "clinics";
        if (await consultations.OpenAsync(Actor, id, Cancelled) is not OpenOutcome.Ok ok)
            return false;
        _consultation = ok.Consultation;
        Tasks = await tasks.OfAsync(Actor, id, Cancelled);
        return true;
    }
}
