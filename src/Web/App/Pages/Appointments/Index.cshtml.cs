using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>A patient's own appointments, coming and past, and a booking that they have begun.</summary>
public sealed class IndexModel(AppointmentQueries appointments, AvailabilityService availability, WaitingLists lists) : PatientPage
{
    public MyAppointments Mine { get; private set; } = new([], []);

    public UnfinishedView? Unfinished { get; private set; }

    public IReadOnlyList<WaitingView> Waiting { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var self = new PatientId(Actor.PersonId);
        Mine = await appointments.OfPatientAsync(Actor, self, Cancelled);
        Unfinished = UnfinishedView.Of(await availability.HeldAsync(Actor, self, Cancelled), Mine.Coming);
        Waiting = await lists.OfPatientAsync(Actor, self, Cancelled);
    }
}
