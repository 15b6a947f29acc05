using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Clinical.Rescue;

/// <summary>One thing that goes wrong for a person. Times carry the practice's offset.</summary>
/// <param name="Trouble">Null: the check of their device failed.</param>
/// <param name="Until">Null while it lasts.</param>
/// <param name="SeenBy">Who looks after it, since <paramref name="SeenAt"/>; null while nobody does.</param>
public sealed record RescueTrouble(Guid Id, CallTrouble? Trouble, DateTimeOffset Since, DateTimeOffset? Until, string? SeenBy, DateTimeOffset? SeenAt)
{
    public bool IsOpen => Until is null;
}

/// <summary>How a person's connection was at a time.</summary>
/// <param name="At">With the practice's offset.</param>
/// <param name="Loss">0 to 1.</param>
/// <param name="RoundTripMs">Null where it was not measured.</param>
public sealed record LinkPoint(DateTimeOffset At, double Loss, double? RoundTripMs);

/// <summary>A person who fails to take part, or did a short time ago, and what the practice can do about it. Times carry the practice's offset.</summary>
/// <param name="Person">The value of the id of the Patient, RelatedPerson, Guest or Practitioner.</param>
/// <param name="Phone">Where the patient said that they can be called back, else what the practice knows; null for everybody who is not on the patient's side, and where it is not known.</param>
/// <param name="Waits">The patient is on the page on which messages are shown.</param>
/// <param name="Troubles">Those that last first; never empty.</param>
/// <param name="Link">Of the last quarter of an hour, in order of time; empty where nothing was measured.</param>
public sealed record RescueCase(
    AppointmentId Appointment,
    ScheduleId Clinic,
    Guid Person,
    ConsultationRole Role,
    string Name,
    string PatientName,
    string PractitionerName,
    DateTimeOffset Start,
    string? Phone,
    bool Waits,
    bool ByTelephone,
    IReadOnlyList<RescueTrouble> Troubles,
    IReadOnlyList<LinkPoint> Link)
{
    public bool IsOpen => Troubles.Any(trouble => trouble.IsOpen);

    /// <summary>Something lasts that nobody looks after.</summary>
    public bool IsUnseen => Troubles.Any(trouble => trouble is { IsOpen: true, SeenBy: null });
}

public enum AcknowledgeOutcome
{
    Done,

    /// <summary>Somebody else looks after it, or it is over.</summary>
    NothingLeft,

    /// <summary>There is no such appointment, or it is not theirs to see.</summary>
    NotFound,
}
