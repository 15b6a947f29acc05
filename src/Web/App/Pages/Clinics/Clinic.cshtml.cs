using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>A clinic's board. Without script it shows how things stood when it was loaded; with script it is live.</summary>
public sealed class ClinicModel(ClinicService clinics, AccessNeedsService needs, TimeProvider time) : ClinicTeamPage
{
    private ClinicBoard? _board;

    public ClinicBoard Board => _board ?? throw new InvalidOperationException("The page is shown with its board.");

    public DateTimeOffset Now { get; private set; }

    /// <summary>What the patients of the clinic need, as far as they were asked.</summary>
    public IReadOnlyDictionary<PatientId, AccessNeedsView> Needs { get; private set; } = new Dictionary<PatientId, AccessNeedsView>();

    public async Task<IActionResult> OnGetAsync(ScheduleId id) => await LoadAsync(id) ? Page() : NotFound();

    /// <summary>The table alone, for the script.</summary>
    public async Task<IActionResult> OnGetTableAsync(ScheduleId id) => await LoadAsync(id) ? Partial("_BoardTable", this) : NotFound();

    private async Task<bool> LoadAsync(ScheduleId id)
    {
        Now = time.GetUtcNow();
        _board = await clinics.BoardAsync(Actor, id, Cancelled);
        if (_board is null)
            return false;
        Needs = await needs.OfPatientsAsync(Actor, [.. _board.Rows.Select(row => row.PatientId)], Cancelled);
        return true;
    }
}
