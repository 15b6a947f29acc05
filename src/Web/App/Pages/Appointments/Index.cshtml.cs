using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>A patient's own appointments, coming and past, and a booking that they have begun.</summary>
[CarerMay(CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations)]
public sealed class IndexModel(AppointmentQueries appointments, AvailabilityService availability, WaitingLists lists, CarerService carers) : PatientPage
{
    public MyAppointments Mine { get; private set; } = new([], []);

    public UnfinishedView? Unfinished { get; private set; }

    public IReadOnlyList<WaitingView> Waiting { get; private set; } = [];

    public async Task OnGetAsync()
    {
        await carers.LookedAsync(Actor, Cancelled);
        var self = Self;
        Mine = await appointments.OfPatientAsync(Actor, self, Cancelled);
        Unfinished = UnfinishedView.Of(await availability.HeldAsync(Actor, self, Cancelled), Mine.Coming);
        Waiting = await lists.OfPatientAsync(Actor, self, Cancelled);
    }
}
