using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Queue;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>Place in the queue, messages and help: the call page's script shows its panel and keeps it up to date; on its own it works without script.</summary>
[CarerMay(CarerRights.JoinConsultations)]
public sealed class WaitingModel(WaitingRoom room, SignallingCommands signalling) : PatientPage
{
    private QueueView? _waiting;

    public QueueView Waiting => _waiting ?? throw new InvalidOperationException("The page is shown with its waiting room.");

    /// <summary>Why the practice was not told; null unless that was asked for.</summary>
    public string? NotWaiting { get; private set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id) => await LoadAsync(id) ? Page() : NotFound();

    /// <summary>The panel alone, for the script.</summary>
    public async Task<IActionResult> OnGetPanelAsync(AppointmentId id) => await LoadAsync(id) ? Partial("_WaitingPanel", Waiting) : NotFound();

    public async Task<IActionResult> OnPostHelpAsync(AppointmentId id)
    {
        switch (await room.AskForHelpAsync(Actor, id, Cancelled))
        {
            case AskOutcome.Asked asked:
                signalling.ClinicChanged(new ClinicId(asked.Clinic.Value));
                return RedirectToPage(new { id, handler = "" });
            case AskOutcome.NotWaiting not when await LoadAsync(id):
                NotWaiting = not.Status == BoardStatus.InCall
                    ? "You are in the consultation. Tell the clinician."
                    : $"You are not in the waiting room now. If you need help, phone {Waiting.PracticeName}{(Waiting.PracticePhone is { } phone ? $" on {phone}" : "")}. Call 999 in an emergency.";
                return Again();
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        _waiting = await room.ViewAsync(Actor, id, Cancelled);
        return _waiting is not null;
    }
}
