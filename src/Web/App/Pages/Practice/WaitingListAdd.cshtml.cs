using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Staff put a patient on a waiting list, with a reason.</summary>
public sealed class WaitingListAddModel(WaitingLists lists, PatientService patients, AvailabilityService availability, AppointmentQueries appointments) : StaffPage
{
    private PatientView? _patient;

    [FromRoute]
    public PatientId Patient { get; set; }

    [BindProperty]
    public HealthcareServiceId? Service { get; set; }

    [BindProperty]
    public DeliveryChannel? Channel { get; set; }

    /// <summary>The appointment that is to be earlier; null if any time will do.</summary>
    [BindProperty]
    public AppointmentId? Appointment { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public PatientView Person => _patient ?? throw new InvalidOperationException("The page is shown with its patient.");

    public IReadOnlyList<ServiceView> Services { get; private set; } = [];

    public IReadOnlyList<AppointmentView> Coming { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        // What cannot be read counts as missing, and is said in our words.
        foreach (var field in new[] { nameof(Service), nameof(Channel), nameof(Appointment) })
            ModelState[field]?.Errors.Clear();
        if (Service is null)
            ModelState.AddModelError(nameof(Service), "Select what they wait for");
        if (Channel is null)
            ModelState.AddModelError(nameof(Channel), "Select how they want to have the appointment");
        if (string.IsNullOrWhiteSpace(Reason))
            ModelState.AddModelError(nameof(Reason), "Enter why they are put on the list");
        if (Appointment is { } earlier && Coming.SingleOrDefault(row => row.Id == earlier)?.ServiceId != Service)
            ModelState.AddModelError(nameof(Appointment), "Select an appointment of the same kind, or none");
        if (Service is not { } service || Channel is not { } channel || !ModelState.IsValid)
            return Again();
        switch (await lists.JoinAsync(Actor, new WaitingRequest(Patient, service, channel, Appointment, Reason: Reason), Cancelled))
        {
            case WaitOutcome.Joined joined:
                this.ShowNext($"{Person.DisplayName} is on the waiting list.");
                return RedirectToPage("/Practice/WaitingListEntry", new { entry = joined.Entry });
            case WaitOutcome.ChannelNotOffered:
                return Wrong(nameof(Channel), "This kind of appointment is not held that way. Select another way");
            case WaitOutcome.ServiceInactive:
                return Wrong(nameof(Service), "This kind of appointment cannot be booked at the moment");
            case WaitOutcome.TooLate:
                return Wrong(nameof(Appointment), "It is too late to change this appointment");
            case WaitOutcome.ReasonMissing:
                return Wrong(nameof(Reason), $"The reason must be {Clinical.Booking.Appointment.ReasonLength} characters or fewer");
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "patients";
        _patient = await patients.FindAsync(Actor, Patient, Cancelled);
        if (_patient is null)
            return false;
        Services = await availability.ServicesAsync(Actor, Patient, Cancelled);
        Coming = [.. (await appointments.OfPatientAsync(Actor, Patient, Cancelled)).Coming.Where(row => row.CanMove)];
        return true;
    }
}
