using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Files;
using Telemedicine.Web.Files;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>After the call: the summary, what happens next, the way back until the appointment closes, and a survey of two questions. Reading it again changes nothing.</summary>
[CarerMay(CarerRights.SeeAppointments | CarerRights.JoinConsultations)]
public sealed class OutcomeModel(ConsultationService consultations, PatientLetters letters, FollowUps followUps, Surveys surveys, KeptChat chat, SharedFiles files) : PatientPage
{
    private ConsultationResult? _result;

    public ConsultationResult Result => _result ?? throw new InvalidOperationException("The page is shown with its result.");

    /// <summary>What was said in the call, if the clinician kept it.</summary>
    public IReadOnlyList<KeptMessageView> Messages { get; private set; } = [];

    public IReadOnlyList<FileLine> Files { get; private set; } = [];

    /// <summary>Null until the clinician has sent it, and for carers.</summary>
    public LetterToRead? Letter { get; private set; }

    public IReadOnlyList<FollowUpView> Coming { get; private set; } = [];

    public SurveyState Survey { get; private set; }

    [BindProperty]
    public Experience? Experience { get; set; }

    [BindProperty]
    public CallWorked? CallWorked { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        await LoadAsync(id);
        return _result?.Status switch
        {
            null => NotFound(),
            BoardStatus.Cancelled or BoardStatus.DidNotAttend or BoardStatus.Booked => RedirectToPage("/Appointments/Details", new { id }),
            _ => Page(),
        };
    }

    public async Task<IActionResult> OnPostSurveyAsync(AppointmentId id)
    {
        ModelState.Clear();
        if (Experience is not { } experience || !Enum.IsDefined(experience))
            ModelState.AddModelError(nameof(Experience), "Select how your experience was");
        if (CallWorked is not { } call || !Enum.IsDefined(call))
            ModelState.AddModelError(nameof(CallWorked), "Select how well the call worked");
        else if (ModelState.IsValid && Experience is { } given)
        {
            switch (await surveys.AnswerAsync(Actor, id, given, call, Cancelled))
            {
                case SurveyOutcome.Kept:
                    this.ShowNext("Thank you. We have your answers.");
                    return RedirectToPage(new { id });
                case SurveyOutcome.AnsweredBefore:
                    this.ShowNext("You have answered before. Your first answers stand.");
                    return RedirectToPage(new { id });
                case SurveyOutcome.Closed:
                    this.ShowNext("These questions cannot be answered any more.");
                    return RedirectToPage(new { id });
                default:
                    return NotFound();
            }
        }
        await LoadAsync(id);
        if (_result is null)
            return NotFound();
        return Survey == SurveyState.Open ? Again() : RedirectToPage(new { id });
    }

    private async Task LoadAsync(AppointmentId id)
    {
        ViewData[ViewKeys.Section] = "appointments";
        _result = await consultations.ResultAsync(Actor, id, Cancelled);
        if (_result is null)
            return;
        Files = await files.ListAsync(Actor, id, Cancelled) is { } list ? list.Lines(file => $"{Url.FilesFor(id)}/{file}") : [];
        Messages = await chat.OfAsync(Actor, id, Cancelled);
        Letter = await letters.ReadAsync(Actor, id, Cancelled);
        Coming = await followUps.OfAsync(Actor, id, Cancelled);
        Survey = await surveys.StateAsync(Actor, id, Cancelled);
    }
}
