using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Guests;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>A clinician asks somebody to be in a consultation of theirs.</summary>
public sealed class GuestsModel(GuestService guests, GuestSessions sessions) : InvitePage(guests, sessions)
{
    public override (string Page, string Text, string Section) Back => ("/Clinics/Consultation", "Back to the consultation", "clinics");

    protected override Task<PersonAtPractice?> FindAsync(CurrentPerson current) => current.AsClinicianAsync();
}
