using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Infrastructure;

/// <summary>What the practices know about who is signed in: asked once a request. A part counts only if the provider gave the role for it too.</summary>
public sealed class CurrentPerson(IHttpContextAccessor context, PeopleService people, CarerService carers)
{
    private SignedInPerson? _person;

    /// <summary>On a patient's pages: the patient, or the carer who acts for one.</summary>
    public async Task<PersonAtPractice?> AsPatientAsync() =>
        context.HttpContext?.ActingFor() is { } acting ? acting.Carer?.Person : Has(Roles.Patient) ? (await FindAsync()).Patient : null;

    public async Task<PersonAtPractice?> AsClinicianAsync() => Has(Roles.Clinician) ? (await FindAsync()).Practitioner : null;

    public async Task<PersonAtPractice?> AsStaffAsync() => Has(Roles.Staff) || Has(Roles.Administrator) ? (await FindAsync()).Staff : null;

    /// <summary>The carer that the signed-in person is now; null if that grant is not theirs, or is over.</summary>
    public Task<CarerAtPractice?> FindCarerAsync(RelatedPersonId id) => carers.FindAsync(Subject, id, Http.RequestAborted);

    /// <summary>The account at the provider.</summary>
    public string Subject => Http.User.FindFirst(SessionClaims.Subject)?.Value ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The account's address, if the provider says that it is confirmed.</summary>
    public string? ConfirmedEmail => Http.User.HasClaim(SessionClaims.EmailVerified, "true") ? Http.User.FindFirst(SessionClaims.Email)?.Value : null;

    private HttpContext Http => context.HttpContext ?? throw new InvalidOperationException("There is no request.");

    /// <summary>Who acts for a patient plays no other part meanwhile.</summary>
    private bool Has(string role) => context.HttpContext is { } http && http.ActingFor() is null && http.User.IsInRole(role);

    private async Task<SignedInPerson> FindAsync()
    {
        if (_person is not null)
            return _person;
        var person = await people.FindBySubjectAsync(Subject, Http.RequestAborted);
        if (await RecognisedAsync(person))
            person = await people.FindBySubjectAsync(Subject, Http.RequestAborted);
        return _person = person;
    }

    /// <summary>Whom an administrator added by their address, and who signs in for the first time. The provider must have given the role, too.</summary>
    private async Task<bool> RecognisedAsync(SignedInPerson person)
    {
        if (ConfirmedEmail is not { } email)
            return false;
        var clinician = Has(Roles.Clinician) && person.Practitioner is null && await people.RecogniseAsync(Subject, email, asClinician: true, Http.RequestAborted);
        var staff = (Has(Roles.Staff) || Has(Roles.Administrator)) && person.Staff is null && await people.RecogniseAsync(Subject, email, asClinician: false, Http.RequestAborted);
        return clinician || staff;
    }
}
