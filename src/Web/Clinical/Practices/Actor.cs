using Telemedicine.Clinical.Patients;

namespace Telemedicine.Clinical.Practices;

public enum ActorRole
{
    Patient,
    Practitioner,
    Staff,
    Administrator,

    /// <summary>The platform itself: Signalling's events, the demonstration's seeder.</summary>
    System,
}

/// <summary>Who acts, at which practice. Every service method takes one: it decides what is seen, what may be done, and stands in the audit.</summary>
/// <param name="PersonId">The value of the Patient's, Practitioner's or StaffMember's id; Guid.Empty for the platform.</param>
public sealed record Actor(PracticeId Practice, ActorRole Role, Guid PersonId)
{
    public static Actor For(Patient patient) => new(patient.PracticeId, ActorRole.Patient, patient.Id.Value);

    public static Actor For(Practitioner practitioner) => new(practitioner.PracticeId, ActorRole.Practitioner, practitioner.Id.Value);

    public static Actor For(StaffMember member) =>
        new(member.PracticeId, member.IsAdministrator ? ActorRole.Administrator : ActorRole.Staff, member.Id.Value);

    public static Actor System(PracticeId practice) => new(practice, ActorRole.System, Guid.Empty);

    /// <summary>Null unless the actor is a patient.</summary>
    public PatientId? AsPatient => Role == ActorRole.Patient ? new PatientId(PersonId) : null;

    /// <summary>Null unless the actor is a clinician.</summary>
    public PractitionerId? AsPractitioner => Role == ActorRole.Practitioner ? new PractitionerId(PersonId) : null;

    public bool IsStaff => Role is ActorRole.Staff or ActorRole.Administrator;

    /// <summary>A patient acts for themself, practice staff for any patient of their practice.</summary>
    public bool MayActFor(PatientId patient) => IsStaff || AsPatient == patient;
}

/// <summary>A page called a service on behalf of someone whose role has no business there: its policy should have refused first.</summary>
public sealed class NotAllowedException(string message) : InvalidOperationException(message);
