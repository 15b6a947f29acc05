using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.WaitingList;

/// <summary>"Tell me if something earlier comes up": than one appointment, or at all.</summary>
[CarerMay(CarerRights.ChangeAppointments)]
public sealed class JoinModel(WaitingLists lists, AvailabilityService availability, AppointmentQueries appointments) : PatientPage
{
    private ServiceView? _service;

    public ServiceView Service => _service ?? throw new InvalidOperationException("The page is shown with its service.");

    /// <summary>The appointment that is to be earlier; null if any time will do.</summary>
    [BindProperty(SupportsGet = true, Name = "appointment")]
    public AppointmentId? AppointmentId { get; set; }

    public AppointmentView? Appointment { get; private set; }

    [BindProperty]
    public DeliveryChannel? Channel { get; set; }

    /// <summary>With the clinician of the appointment only.</summary>
    [BindProperty]
    public bool SameClinician { get; set; }

    public async Task<IActionResult> OnGetAsync(HealthcareServiceId service)
    {
        if (!await LoadAsync(service))
            return NotFound();
        Channel = Appointment?.Channel ?? (Service.Channels is [var only] ? only : null);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(HealthcareServiceId service)
    {
        if (!await LoadAsync(service))
            return NotFound();
        Channel ??= Service.Channels is [var only] ? only : null;
        if (Channel is not { } channel)
            return OnlyWrong(nameof(Channel), "Select how you want to have the appointment");
        var request = new WaitingRequest(Self, service, channel, AppointmentId, SameClinician ? Appointment?.PractitionerId : null);
        switch (await lists.JoinAsync(Actor, request, Cancelled))
        {
            case WaitOutcome.Joined:
                this.ShowNext("You are on the waiting list. We send you an email and a text message when a time comes up.");
                return RedirectToPage("/WaitingList/Index");
            case WaitOutcome.ChannelNotOffered:
                return OnlyWrong(nameof(Channel), "Select one of the ways below");
            case WaitOutcome.ServiceInactive:
                return OnlyWrong(string.Empty, "This kind of appointment cannot be booked at the moment");
            case WaitOutcome.TooLate:
                return OnlyWrong(string.Empty, "It is too late to change this appointment");
            default:
                return NotFound();
        }
    }

    private IActionResult OnlyWrong(string field, string error)
    {
        ModelState.Clear();
        return Wrong(field, error);
    }

    private async Task<bool> LoadAsync(HealthcareServiceId service)
    {
        _service = (await availability.ServicesAsync(Actor, Self, Cancelled)).SingleOrDefault(row => row.Id == service);
        if (AppointmentId is { } id)
            Appointment = await appointments.FindAsync(Actor, id, Cancelled);
        return _service is not null && (AppointmentId is null || Appointment?.ServiceId == service);
    }
}
