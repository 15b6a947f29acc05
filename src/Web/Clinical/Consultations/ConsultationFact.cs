using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Consultations;

/// <summary>What a person is in a consultation.</summary>
public enum ConsultationRole
{
    Patient,
    Clinician,
    Staff,
    Administrator,

    /// <summary>On the patient's side, with a name of their own.</summary>
    Carer,

    /// <summary>Invited to this one consultation: an interpreter, a relative, a student, a colleague.</summary>
    Guest,
}

public enum ConsultationFactType
{
    /// <summary>The patient, or their carer, entered the waiting room.</summary>
    Waiting,

    /// <summary>The clinician let the patient in.</summary>
    Admitted,

    /// <summary>The person is in the call.</summary>
    Connected,

    /// <summary>The person left, or was lost for good.</summary>
    Disconnected,

    /// <summary>The room is closed.</summary>
    Ended,

    // What the clinician decided: of the person, or of the whole room where none is named (RoomRecord).

    /// <summary>This guest was let in.</summary>
    LetIn,
    Held,
    Resumed,
    Removed,
    Readmitted,
    Locked,
    Unlocked,

    /// <summary>The clinician talks with this person alone.</summary>
    HuddleBegan,
    HuddleEnded,

    /// <summary>The clinician keeps the messages of the call with the record.</summary>
    ChatKept,

    /// <summary>Somebody said this in the call, and it is kept.</summary>
    Said,

    /// <summary>The person fails to take part.</summary>
    TroubleBegan,
    TroubleEnded,

    /// <summary>What the person sends or receives went up or down; without a direction: they chose how the consultation goes on.</summary>
    Stepped,
}

/// <summary>What a connection carries, from the top down.</summary>
public enum CallStep
{
    Video,
    LowVideo,
    Audio,

    /// <summary>Somebody chose it, for everybody in the consultation.</summary>
    Telephone,
}

/// <summary>Why somebody does not take part as they should.</summary>
public enum CallTrouble
{
    /// <summary>Blocked, missing or unplugged.</summary>
    Camera,
    Microphone,

    /// <summary>Their page is gone, and they did not leave.</summary>
    Connection,

    /// <summary>Their connection carries less than video.</summary>
    Quality,

    /// <summary>Neither sound nor picture came for 20 seconds.</summary>
    NoMedia,

    /// <summary>It is on, and nothing but digital silence comes from it.</summary>
    SilentMicrophone,

    /// <summary>It is on, and no picture comes from it although sound does.</summary>
    FrozenCamera,
}

/// <summary>What the real-time service says happened. It may come more than once and out of order.</summary>
/// <param name="PersonId">The value of the Patient's, Practitioner's, RelatedPerson's or Guest's id; null when it is about the whole consultation.</param>
/// <param name="Text">What was said; null for every other type than <see cref="ConsultationFactType.Said"/>.</param>
/// <param name="Trouble">What began or ended; null for every other type.</param>
/// <param name="Step">Of <see cref="ConsultationFactType.Stepped"/>; null for every other type.</param>
public sealed record ConsultationFact(
    Guid Id,
    ConsultationFactType Type,
    ScheduleId Clinic,
    AppointmentId Consultation,
    Guid? PersonId,
    ConsultationRole? Role,
    DateTimeOffset At,
    string? Text = null,
    CallTrouble? Trouble = null,
    CallStep? Step = null,
    TrackDirection? Direction = null);

/// <summary>A fact that has been taken in; its id is the key, so that the database refuses it a second time.</summary>
/// <remarks>It belongs to no practice by itself: it is kept before anyone knows whose it is.</remarks>
public sealed class ReceivedEvent
{
    public required Guid Id { get; init; }

    public required ConsultationFactType Type { get; init; }

    public required ScheduleId ClinicId { get; init; }

    public required AppointmentId ConsultationId { get; init; }

    public required Guid? PersonId { get; init; }

    public required ConsultationRole? Role { get; init; }

    public required DateTimeOffset At { get; init; }

    public CallTrouble? Trouble { get; init; }

    public CallStep? Step { get; init; }

    public TrackDirection? Direction { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>False when it fits no appointment: kept for whoever looks into it, and without effect.</summary>
    public required bool Applied { get; init; }
}

internal sealed class ReceivedEventMapping : IEntityTypeConfiguration<ReceivedEvent>
{
    public void Configure(EntityTypeBuilder<ReceivedEvent> entity)
    {
        entity.Property(received => received.Id).ValueGeneratedNever();
        entity.HasIndex(received => new { received.ConsultationId, received.At });
        // When a clinician was in any consultation of their clinic.
        entity.HasIndex(received => new { received.ClinicId, received.Role, received.At });
    }
}
