using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Queue;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>A clinic's board, at which its clinician and staff work together. Without script it shows how things stood when it was loaded; with script it is live.</summary>
public sealed class ClinicModel(ClinicService clinics, AccessNeedsService needs, AttendanceService attendance, ClinicDesk desk, ClinicSightings sightings, HandoverService handovers, SignallingCommands signalling, TimeProvider time) : ClinicTeamPage
{
    private ClinicBoard? _board;

    public ClinicBoard Board => _board ?? throw new InvalidOperationException("The page is shown with its board.");

    /// <summary>Which rows; a filter that is none shows all.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    public BoardFilter Filter => Enum.TryParse<BoardFilter>(Show, ignoreCase: true, out var filter) && Enum.IsDefined(filter) ? filter : BoardFilter.All;

    public IEnumerable<BoardRow> Rows => Board.Rows.Where(row => Filter.Shows(row.Status));

    public DateTimeOffset Now { get; private set; }

    /// <summary>What the patients of the clinic need, as far as they were asked.</summary>
    public IReadOnlyDictionary<PatientId, AccessNeedsView> Needs { get; private set; } = new Dictionary<PatientId, AccessNeedsView>();

    /// <summary>What others ask this clinician to take over.</summary>
    public IReadOnlyList<HandoverView> Handovers { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(ScheduleId id) => await LoadAsync(id) ? Page() : NotFound();

    /// <summary>The table alone, for the script.</summary>
    public async Task<IActionResult> OnGetTableAsync(ScheduleId id) => await LoadAsync(id) ? Partial("_BoardTable", this) : NotFound();

    /// <summary>The patient is at the desk, or on the phone.</summary>
    public async Task<IActionResult> OnPostArrivedAsync(ScheduleId id, AppointmentId appointment) => await attendance.MarkArrivedAsync(Actor, appointment, Cancelled) switch
    {
        ArrivedOutcome.Marked marked => Done(marked.Clinic, appointment),
        ArrivedOutcome.NotPossible => await RefuseAsync(id, $"{(await desk.LastActAsync(Actor, appointment, Cancelled)).Sentence()}. Nothing was changed"),
        _ => NotFound(),
    };

    /// <summary>This person is calling the patient: the others see it.</summary>
    public async Task<IActionResult> OnPostClaimAsync(ScheduleId id, AppointmentId appointment) => await desk.ClaimAsync(Actor, appointment, Cancelled) switch
    {
        ClaimOutcome.Claimed claimed => Done(claimed.Clinic, appointment),
        ClaimOutcome.ClaimedBy other => await RefuseAsync(id, $"{other.Name} is calling this patient, until {other.Until.Clock()} unless they finish before"),
        ClaimOutcome.Over over => await RefuseAsync(id, $"{over.Act.Sentence()}. There is nobody to call"),
        _ => NotFound(),
    };

    public async Task<IActionResult> OnPostReleaseAsync(AppointmentId appointment) =>
        await desk.ReleaseAsync(Actor, appointment, Cancelled) is ClaimOutcome.Claimed released ? Done(released.Clinic, appointment) : NotFound();

    /// <summary>This person has seen that the patient needs help.</summary>
    public async Task<IActionResult> OnPostSeenAsync(ScheduleId id, AppointmentId appointment) => await desk.SeeHelpAsync(Actor, appointment, Cancelled) switch
    {
        SeeOutcome.Seen seen => Done(seen.Clinic, appointment),
        SeeOutcome.SeenBefore before => await RefuseAsync(id, $"{before.By} saw this at {before.At.Clock()} and looks after it"),
        _ => NotFound(),
    };

    private RedirectToPageResult Done(ScheduleId id, AppointmentId appointment)
    {
        signalling.ClinicChanged(new ClinicId(id.Value));
        return RedirectToPage("/Clinics/Clinic", "", new { id, show = Show }, $"row-{appointment}");
    }

    /// <summary>The board as it is now, with what somebody else did meanwhile.</summary>
    private async Task<IActionResult> RefuseAsync(ScheduleId id, string sentence)
    {
        if (!await LoadAsync(id))
            return NotFound();
        ModelState.AddModelError(string.Empty, sentence);
        return Again();
    }

    private async Task<bool> LoadAsync(ScheduleId id)
    {
        Now = time.GetUtcNow();
        _board = await clinics.BoardAsync(Actor, id, Cancelled);
        if (_board is null)
            return false;
        await sightings.NoteAsync(Actor, id, Cancelled);
        Handovers = _board.IsOwn ? await handovers.ToAsync(Actor, Cancelled) : [];
        Needs = await needs.OfPatientsAsync(Actor, [.. _board.Rows.Select(row => row.PatientId)], Cancelled);
        return true;
    }
}
