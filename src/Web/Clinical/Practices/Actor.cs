using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Patients;

namespace Telemedicine.Clinical.Practices;

public enum ActorRole
{
    Patient,
    Practitioner,
    Staff,
    Administrator,

    /// <summary>Someone who acts for a patient, within what the patient granted.</summary>
    Carer,

    /// <summary>Someone who is invited to one consultation, and may be in it and nothing else.</summary>
    Guest,

    /// <summary>The platform itself: Signalling's events, the demonstration's seeder.</summary>
    System,
}

/// <summary>Who acts, at which practice. Every service method takes one: it decides what is seen, what may be done, and stands in the audit.</summary>
/// <param name="PersonId">The value of the Patient's, Practitioner's, StaffMember's or RelatedPerson's or Guest's id; Guid.Empty for the platform.</param>
public sealed record Actor(PracticeId Practice, ActorRole Role, Guid PersonId)
{
    public static Actor For(Patient patient) => new(patient.PracticeId, ActorRole.Patient, patient.Id.Value);

    public static Actor For(Practitioner practitioner) => new(practitioner.PracticeId, ActorRole.Practitioner, practitioner.Id.Value);

    public static Actor For(StaffMember member) =>
        new(member.PracticeId, member.IsAdministrator ? ActorRole.Administrator : ActorRole.Staff, member.Id.Value);

    /// <summary>What was granted is read with the carer at each request, and looked at again in the transaction of each write.</summary>
    public static Actor For(RelatedPerson carer) =>
        new(carer.PracticeId, ActorRole.Carer, carer.Id.Value) { ActsFor = carer.PatientId, Rights = carer.Rights };

    public static Actor For(Guest guest) => new(guest.PracticeId, ActorRole.Guest, guest.Id.Value);

    public static Actor System(PracticeId practice) => new(practice, ActorRole.System, Guid.Empty);

    /// <summary>The patient for whom a carer acts; null for everybody else.</summary>
    public PatientId? ActsFor { get; init; }

    /// <summary>What a carer may do for them.</summary>
    public CarerRights Rights { get; init; }

    /// <summary>The patient for whom a clinician books a follow-up of their own consultation; null otherwise.</summary>
    public PatientId? Treats { get; init; }

    /// <summary>Null unless the actor is a patient.</summary>
    public PatientId? AsPatient => Role == ActorRole.Patient ? new PatientId(PersonId) : null;

    /// <summary>Null unless the actor is a clinician.</summary>
    public PractitionerId? AsPractitioner => Role == ActorRole.Practitioner ? new PractitionerId(PersonId) : null;

    /// <summary>Null unless the actor is a carer.</summary>
    public RelatedPersonId? AsCarer => Role == ActorRole.Carer ? new RelatedPersonId(PersonId) : null;

    /// <summary>Null unless the actor is a guest.</summary>
    public GuestId? AsGuest => Role == ActorRole.Guest ? new GuestId(PersonId) : null;

    /// <summary>Whose appointments a patient's pages are about: a patient's own, or of whom a carer acts for; null for everybody else.</summary>
    public PatientId? OwnPatient => AsPatient ?? ActsFor;

    public bool IsStaff => Role is ActorRole.Staff or ActorRole.Administrator;

    /// <summary>Books on the practice's side: staff, and a clinician their patient's follow-up.</summary>
    public bool BooksForPractice => IsStaff || (Role == ActorRole.Practitioner && Treats is not null);

    /// <summary>A patient acts for themself, practice staff for any patient of their practice. A carer does not: what they may do has a name of its own below.</summary>
    public bool MayActFor(PatientId patient) => IsStaff || AsPatient == patient;

    /// <summary>Booking, moving, cancelling, and the waiting list.</summary>
    public bool MayBookFor(PatientId patient) => MayActFor(patient) || (Role == ActorRole.Practitioner && Treats == patient) || MayAsCarer(CarerRights.ChangeAppointments, patient);

    /// <summary>The one place that says whether a carer may do something for a patient.</summary>
    public bool MayAsCarer(CarerRights right, PatientId patient) => Role == ActorRole.Carer && ActsFor == patient && Rights.HasFlag(right);
}

/// <summary>A page called a service on behalf of someone whose role has no business there: its policy should have refused first.</summary>
public sealed class NotAllowedException(string message) : InvalidOperationException(message);
