using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Guests;

/// <summary>What a guest is in the consultation (FHIR Encounter.participant.type, in few words).</summary>
public enum GuestRole
{
    /// <summary>The patient themself, who joins by a link and without an account.</summary>
    Patient,

    /// <summary>A relative, friend or carer.</summary>
    Family,
    Interpreter,
    Student,

    /// <summary>Another clinician.</summary>
    Colleague,
}

public static class GuestRoles
{
    /// <summary>As it stands behind the name in a call.</summary>
    public static string Word(this GuestRole role) => role switch
    {
        GuestRole.Family => "family or friend",
        GuestRole.Interpreter => "interpreter",
        GuestRole.Student => "student",
        GuestRole.Colleague => "colleague",
        _ => "patient",
    };
}

/// <summary>Somebody who joins one consultation by a link, with no account: the patient, or whom the patient or the practice asks to be there.</summary>
public sealed class Guest : IAudited, IVersioned
{
    public const int NameLength = 100;
    public const int AddressLength = 254;

    /// <summary>After each so many wrong answers the link rests for <see cref="Rest"/>.</summary>
    public const int WrongBeforeRest = 5;

    /// <summary>After so many it works no more, until whoever invited makes a new one.</summary>
    public const int WrongInAll = 15;

    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(30);

    public required GuestId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required PatientId PatientId { get; init; }

    public required GuestRole Role { get; init; }

    public required string Name { get; init; }

    /// <summary>Where the link was sent; null when it was not.</summary>
    public string? Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>Six digits that whoever invites tells the guest by another way than the link; a patient says their date of birth instead.</summary>
    [AuditRedacted]
    public string? Code { get; init; }

    public required DateTimeOffset InvitedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public int WrongAnswers { get; private set; }

    /// <summary>No answer is looked at before.</summary>
    public DateTimeOffset? RestsUntil { get; private set; }

    /// <summary>The one browser that the consultation is open in for this guest; null before anybody came.</summary>
    public Guid? Seat { get; private set; }

    public DateTimeOffset? SeatedAt { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    public bool IsSpent => WrongAnswers >= WrongInAll;

    public bool RestsAt(DateTimeOffset now) => now < RestsUntil;

    public void AnswerWrong(DateTimeOffset now)
    {
        WrongAnswers++;
        if (WrongAnswers % WrongBeforeRest == 0)
            RestsUntil = now + Rest;
    }

    /// <summary>The right answer was given in this browser. Another one that had the seat has it no more.</summary>
    public void Sit(Guid seat, DateTimeOffset now)
    {
        (Seat, SeatedAt) = (seat, now);
        (WrongAnswers, RestsUntil) = (0, null);
    }

    /// <summary>Whoever invites makes a new link: what was answered wrong before is forgotten.</summary>
    public void Forgive() => (WrongAnswers, RestsUntil) = (0, null);

    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}

/// <summary>One link that was given out for a guest. Only the hash of its code is kept.</summary>
public sealed class GuestLink : IPracticeOwned
{
    /// <summary>SHA-256 of the code in the link, in hexadecimal digits.</summary>
    public required string CodeHash { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required GuestId GuestId { get; init; }

    /// <summary>When the appointment was to be when the link was made: who opens it later is told if it moved.</summary>
    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset MadeAt { get; init; }
}

internal sealed class GuestMapping : IEntityTypeConfiguration<Guest>
{
    public void Configure(EntityTypeBuilder<Guest> entity)
    {
        entity.ToTable("Guests");
        entity.Property(guest => guest.Name).HasMaxLength(Guest.NameLength);
        entity.Property(guest => guest.Email).HasMaxLength(Guest.AddressLength);
        entity.Property(guest => guest.Phone).HasMaxLength(Guest.AddressLength);
        entity.Property(guest => guest.Code).HasMaxLength(6);
        entity.HasIndex(guest => new { guest.AppointmentId, guest.Role });
        entity.HasOne<Practice>().WithMany().HasForeignKey(guest => guest.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(guest => guest.PatientId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(guest => guest.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class GuestLinkMapping : IEntityTypeConfiguration<GuestLink>
{
    public void Configure(EntityTypeBuilder<GuestLink> entity)
    {
        entity.ToTable("GuestLinks");
        entity.HasKey(link => link.CodeHash);
        entity.Property(link => link.CodeHash).HasMaxLength(64);
        entity.HasOne<Practice>().WithMany().HasForeignKey(link => link.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Guest>().WithMany().HasForeignKey(link => link.GuestId).OnDelete(DeleteBehavior.Restrict);
    }
}
