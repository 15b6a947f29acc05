using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Guests;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Practice staff ask somebody to be in a consultation, or send the patient a link.</summary>
public sealed class GuestsModel(GuestService guests, GuestSessions sessions) : InvitePage(guests, sessions)
{
    public override (string Page, string Text, string Section) Back => ("/Practice/Appointment", "Back to the appointment", "diary");

    protected override Task<PersonAtPractice?> FindAsync(CurrentPerson current) => current.AsStaffAsync();
}
