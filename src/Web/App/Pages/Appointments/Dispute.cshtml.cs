using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>A patient says that they did not miss an appointment that is marked so.</summary>
[CarerMay(CarerRights.ChangeAppointments)]
public sealed class DisputeModel(AppointmentQueries appointments, AttendanceRecords records, AttendanceDisputes disputes) : PatientPage
{
    private AppointmentView? _appointment;
    private AttendanceEvidence? _evidence;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public AttendanceEvidence Evidence => _evidence ?? throw new InvalidOperationException("The page is shown with its appointment.");

    [BindProperty]
    public string? Text { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        return await disputes.StateAsync(Actor, id, Cancelled) is { Until: not null } ? Page() : RedirectToPage("/Appointments/Details", new { id });
    }

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        switch (await disputes.RaiseAsync(Actor, id, Text ?? "", Cancelled))
        {
            case DisputeOutcome.Raised:
                this.ShowNext("The practice has what you wrote. You find the answer here.");
                return RedirectToPage("/Appointments/Details", new { id });
            case DisputeOutcome.TextMissing:
                return Wrong("Enter what is wrong");
            case DisputeOutcome.TextTooLong:
                return Wrong($"What is wrong must be {AttendanceDispute.TextLength:N0} characters or fewer");
            case DisputeOutcome.NotPossible:
                this.ShowNext("You cannot tell us this any more. Phone the practice if you still want to.");
                return RedirectToPage("/Appointments/Details", new { id });
            default:
                return NotFound();
        }
    }

    private IActionResult Wrong(string error)
    {
        ModelState.AddModelError(nameof(Text), error);
        return Again();
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        _evidence = await records.OfAsync(Actor, id, Cancelled);
        return _appointment is not null && _evidence is not null;
    }
}
