using Telemedicine.Clinical.Practices;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Infrastructure;

/// <summary>What the practices know about who is signed in: asked once a request. A part counts only if the provider gave the role for it too.</summary>
public sealed class CurrentPerson(IHttpContextAccessor context, PeopleService people)
{
    private SignedInPerson? _person;

    public async Task<PersonAtPractice?> AsPatientAsync() => Has(Roles.Patient) ? (await FindAsync()).Patient : null;

    public async Task<PersonAtPractice?> AsClinicianAsync() => Has(Roles.Clinician) ? (await FindAsync()).Practitioner : null;

    public async Task<PersonAtPractice?> AsStaffAsync() => Has(Roles.Staff) || Has(Roles.Administrator) ? (await FindAsync()).Staff : null;

    private bool Has(string role) => context.HttpContext?.User.IsInRole(role) is true;

    private async Task<SignedInPerson> FindAsync()
    {
        var http = context.HttpContext ?? throw new InvalidOperationException("There is no request.");
        var subject = http.User.FindFirst(SessionClaims.Subject)?.Value ?? throw new InvalidOperationException("Nobody is signed in.");
        return _person ??= await people.FindBySubjectAsync(subject, http.RequestAborted);
    }
}
