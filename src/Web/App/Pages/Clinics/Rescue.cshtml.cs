using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Rescue;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>Everybody who fails to take part now, and what can be done about it. Without script it shows how things stood when it was loaded; with script it is live.</summary>
public sealed class RescueModel(RescueDesk desk, ClinicService clinics, SignallingCommands signalling, TimeProvider time) : ClinicTeamPage
{
    /// <summary>Connections that one page keeps open; the clinics beyond are looked at when it fetches by the clock.</summary>
    private const int MostWatched = 12;

    public IReadOnlyList<RescueCase> Cases { get; private set; } = [];

    /// <summary>The clinics whose news bring the page up to date.</summary>
    public IReadOnlyList<ScheduleId> Watched { get; private set; } = [];

    public DateTimeOffset Now { get; private set; }

    public bool IsStaff => Actor.IsStaff;

    public async Task<IActionResult> OnGetAsync()
    {
        await LoadAsync();
        return Page();
    }

    /// <summary>The list alone, for the script.</summary>
    public async Task<IActionResult> OnGetListAsync()
    {
        await LoadAsync();
        return Partial("_RescueList", this);
    }

    public async Task<IActionResult> OnPostSeenAsync(AppointmentId appointment, Guid person)
    {
        switch (await desk.AcknowledgeAsync(Actor, appointment, person, Cancelled))
        {
            case AcknowledgeOutcome.Done:
                await LoadAsync();
                if (Cases.FirstOrDefault(one => one.Appointment == appointment) is { } seen)
                    signalling.ClinicChanged(new ClinicId(seen.Clinic.Value));
                return RedirectToPage("/Clinics/Rescue", "", null, $"case-{appointment}-{person}");
            case AcknowledgeOutcome.NothingLeft:
                await LoadAsync();
                ModelState.AddModelError(string.Empty, "Somebody else looks after it, or it is over. Nothing was changed");
                return Again();
            default:
                return NotFound();
        }
    }

    private async Task LoadAsync()
    {
        ViewData[ViewKeys.Section] = "rescue";
        Now = time.GetUtcNow();
        Cases = await desk.ListAsync(Actor, Cancelled);
        Watched = [.. (await clinics.ClinicsOfDayAsync(Actor, null, Cancelled))
            .Where(clinic => clinic.Channels.Contains(DeliveryChannel.Video) && clinic.Start - RescueDesk.ChecksAhead <= Now && clinic.End + JoinWindow.After >= Now)
            .Select(clinic => clinic.Id).Take(MostWatched)];
    }
}
