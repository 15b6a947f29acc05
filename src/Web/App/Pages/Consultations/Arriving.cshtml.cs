using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Patients;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Arriving;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>The steps before the waiting room, for a patient or carer who is signed in.</summary>
[CarerMay(CarerRights.JoinConsultations)]
public sealed class ArrivingModel(AppointmentQueries appointments, ArrivalService arrivals, PatientService patients) : PatientPage
{
    [FromRoute]
    public AppointmentId Id { get; set; }

    [FromRoute]
    public string Step { get; set; } = ArrivingSteps.Who;

    [BindProperty]
    public ArrivingForm Form { get; set; } = new();

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is not { } arrival)
            return NotFound();
        Form.Remember(arrival);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is null)
            return NotFound();
        return await Form.KeepAsync(arrivals, Actor, Id, ModelState, Cancelled) switch
        {
            null => Again(),
            "" => RedirectToPage("/Consultations/Join", new { Id }),
            var next => RedirectToPage(new { Id, Step = next }),
        };
    }

    private async Task<MyArrival?> LoadAsync()
    {
        if (await appointments.FindAsync(Actor, Id, Cancelled) is not { CanJoin: true } appointment || await arrivals.FindAsync(Actor, Id, Cancelled) is not { } arrival)
            return null;
        var born = Actor.AsPatient is { } self ? (await patients.FindAsync(Actor, self, Cancelled))?.DateOfBirth : null;
        Form.Show(Step, arrival, new ArrivingFacts(Me.DisplayName, born, appointment.ServiceName, appointment.PractitionerName, appointment.Start, Me.PracticeName, Me.PracticePhone));
        return arrival;
    }
}
