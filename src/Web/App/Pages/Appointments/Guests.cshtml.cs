using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Guests;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>A patient asks somebody to be in their consultation.</summary>
[CarerMay(CarerRights.None)]
public sealed class GuestsModel(GuestService guests, GuestSessions sessions) : InvitePage(guests, sessions)
{
    public override (string Page, string Text, string Section) Back => ("/Appointments/Details", "Back to the appointment", "appointments");

    protected override Task<PersonAtPractice?> FindAsync(CurrentPerson current) => current.AsPatientAsync();
}
