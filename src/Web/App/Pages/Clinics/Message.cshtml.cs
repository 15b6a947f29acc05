using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Queue;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>A message to one patient who waits, or to all who wait in a clinic.</summary>
public sealed class MessageModel(ClinicService clinics, ClinicDesk desk, SignallingCommands signalling) : ClinicTeamPage
{
    private ClinicBoard? _board;

    public ClinicBoard Board => _board ?? throw new InvalidOperationException("The page is shown with its board.");

    /// <summary>Null for everyone who waits.</summary>
    [BindProperty(SupportsGet = true)]
    public AppointmentId? To { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    /// <summary>Of the one patient.</summary>
    public string Name => Board.Rows.First(row => row.Appointment == To).PatientName;

    public int Waiting => Board.Rows.Count(row => row.Status is BoardStatus.Arrived or BoardStatus.Waiting);

    public async Task<IActionResult> OnGetAsync(ScheduleId clinic) => await LoadAsync(clinic) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(ScheduleId clinic)
    {
        if (!await LoadAsync(clinic))
            return NotFound();
        switch (await desk.SendAsync(Actor, clinic, To, Text, Cancelled))
        {
            case SendOutcome.Sent sent:
                signalling.ClinicChanged(new ClinicId(clinic.Value));
                this.ShowNext(To is null ? $"The message was sent to {Wording.Count(sent.To, "patient", "patients")}." : $"The message was sent to {Name}.");
                return RedirectToPage("/Clinics/Clinic", new { id = clinic });
            case SendOutcome.Empty:
                return Wrong("Enter a message");
            case SendOutcome.NotPossible:
                return Wrong($"The message must be {Communication.MaxLength} characters or fewer, without special characters");
            case SendOutcome.NobodyWaits:
                return Wrong(To is null ? "Nobody waits now, so nobody would see it" : $"{Name} does not wait now, so they would not see it. Phone them");
            case SendOutcome.TooMany:
                return Wrong("Too many messages were sent already. Phone instead");
            default:
                return NotFound();
        }
    }

    private IActionResult Wrong(string sentence)
    {
        ModelState.AddModelError(nameof(Text), sentence);
        return Again();
    }

    private async Task<bool> LoadAsync(ScheduleId clinic)
    {
        _board = await clinics.BoardAsync(Actor, clinic, Cancelled);
        return _board is not null && (To is null || _board.Rows.Any(row => row.Appointment == To));
    }
}
