using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>A patient's own appointments, coming and past.</summary>
public sealed class IndexModel(AppointmentQueries appointments) : PatientPage
{
    public MyAppointments Mine { get; private set; } = new([], []);

    public async Task OnGetAsync() => Mine = await appointments.OfPatientAsync(Actor, new PatientId(Actor.PersonId), Cancelled);
}
