using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Carers;

/// <summary>
/// A carer or trusted person, and what they may do for one patient until when. It is of one grant: whoever is asked again later, or for more, gets a new one,
/// so that what was allowed at any time can be read afterwards.
/// </summary>
public sealed class RelatedPerson : IAudited, IVersioned
{
    public const int NameLength = 100;
    public const int EmailLength = EmailAddress.Length;

    /// <summary>The longest that rights may last.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>What is proposed.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(90);

    /// <summary>How long an invitation can be answered.</summary>
    public static readonly TimeSpan ToAnswer = TimeSpan.FromDays(14);

    public required RelatedPersonId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required PatientId PatientId { get; init; }

    /// <summary>As the patient knows them.</summary>
    public required string Name { get; init; }

    public required Relationship Relationship { get; init; }

    /// <summary>Whom the invitation was sent to. Only an account of this address accepts it.</summary>
    public required string Email { get; init; }

    public required CarerRights Rights { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>The first instant at which they may do nothing any more.</summary>
    public required DateTimeOffset Until { get; init; }

    public required DateTimeOffset AnswerUntil { get; init; }

    /// <summary>SHA-256 of the code in the invitation's link, in hexadecimal digits.</summary>
    [AuditRedacted]
    public required string CodeHash { get; init; }

    public GrantStatus Status { get; private set; }

    /// <summary>The OpenID subject of who accepted; null before.</summary>
    public string? Subject { get; private set; }

    /// <summary>When they accepted or declined.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    public DateTimeOffset? WithdrawnAt { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    /// <summary>They may act now.</summary>
    public bool IsActiveAt(DateTimeOffset now) => Status == GrantStatus.Accepted && now < Until;

    /// <summary>The invitation can be answered now.</summary>
    public bool IsOpenAt(DateTimeOffset now) => Status == GrantStatus.Invited && now < AnswerUntil && now < Until;

    public void Accept(string subject, DateTimeOffset now)
    {
        Status = GrantStates.Table.Move(Status, GrantStatus.Accepted);
        (Subject, AnsweredAt) = (subject, now);
    }

    public void Decline(DateTimeOffset now)
    {
        Status = GrantStates.Table.Move(Status, GrantStatus.Declined);
        AnsweredAt = now;
    }

    /// <summary>By the patient, by staff for them, or by the carer.</summary>
    public void Withdraw(DateTimeOffset now)
    {
        Status = GrantStates.Table.Move(Status, GrantStatus.Withdrawn);
        WithdrawnAt = now;
    }
}

/// <summary>What a carer may do: each is granted by itself.</summary>
[Flags]
public enum CarerRights
{
    None = 0,

    /// <summary>All appointments, coming and past, without what the patient wants to talk about.</summary>
    SeeAppointments = 1,

    /// <summary>Book, move and cancel, and the waiting list. It shows the appointments that can still be changed, and no others.</summary>
    ChangeAppointments = 2,

    /// <summary>Be in the call. It shows the video appointments that can still be joined, and no others.</summary>
    JoinConsultations = 4,
}

/// <summary>What the carer is to the patient (FHIR RelatedPerson.relationship, in few words).</summary>
public enum Relationship
{
    Partner,
    Parent,
    Child,
    OtherRelative,
    Friend,

    /// <summary>Someone whose work it is.</summary>
    PaidCarer,
}

public enum GrantStatus
{
    Invited,
    Accepted,
    Declined,
    Withdrawn,
}

public static class GrantStates
{
    public static readonly StateTable<GrantStatus> Table = new(new Dictionary<GrantStatus, GrantStatus[]>
    {
        [GrantStatus.Invited] = [GrantStatus.Accepted, GrantStatus.Declined, GrantStatus.Withdrawn],
        [GrantStatus.Accepted] = [GrantStatus.Withdrawn],
    });
}

internal sealed class RelatedPersonMapping : IEntityTypeConfiguration<RelatedPerson>
{
    public void Configure(EntityTypeBuilder<RelatedPerson> entity)
    {
        entity.ToTable("RelatedPersons");
        entity.Property(person => person.Name).HasMaxLength(RelatedPerson.NameLength);
        entity.Property(person => person.Email).HasMaxLength(RelatedPerson.EmailLength);
        entity.Property(person => person.Rights).HasConversion<int>();
        entity.Property(person => person.CodeHash).HasMaxLength(64);
        entity.Property(person => person.Subject).HasMaxLength(255);
        entity.HasIndex(person => person.CodeHash).IsUnique();
        entity.HasIndex(person => person.Subject);
        entity.HasIndex(person => new { person.PatientId, person.GrantedAt });
        entity.HasOne<Practice>().WithMany().HasForeignKey(person => person.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(person => person.PatientId).OnDelete(DeleteBehavior.Restrict);
    }
}
