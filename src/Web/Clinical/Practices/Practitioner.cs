using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Practices;

/// <summary>A clinician of a practice.</summary>
public sealed class Practitioner : IAudited, IVersioned
{
    public const int TitleLength = 20;
    public const int NameLength = 100;
    public const int SubjectLength = 255;

    private string? _subject;
    private string? _email;
    private string? _title;
    private string _givenName = "";
    private string _familyName = "";
    private string? _profession;

    public required PractitionerId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>The OpenID subject of who signs in as this clinician; null while nobody does.</summary>
    public string? Subject { get => _subject; init => _subject = value; }

    /// <summary>Where the account that signs in is recognised by, once: in lower case. Null for a clinician who does not sign in.</summary>
    public string? Email { get => _email; init => _email = value; }

    public string? Title { get => _title; init => _title = value; }

    public required string GivenName { get => _givenName; init => _givenName = value; }

    public required string FamilyName { get => _familyName; init => _familyName = value; }

    /// <summary>In words: General practitioner, Physiotherapist, Practice nurse.</summary>
    public string? Profession { get => _profession; init => _profession = value; }

    /// <summary>What this clinician offers.</summary>
    public ICollection<HealthcareService> Services { get; } = [];

    /// <summary>When they stopped working here: nothing new is booked with them. Null while they work here.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public int Version { get; private set; }

    public string DisplayName => PersonName.Of(Title, GivenName, FamilyName);

    public Guid AuditId => Id.Value;

    /// <summary>Another address is another account: the one that was recognised by the old one opens nothing any more.</summary>
    public void Change(string? title, string givenName, string familyName, string? profession, string? email) =>
        (_title, _givenName, _familyName, _profession, _email, _subject) = (title, givenName, familyName, profession, email, _email is null || email == _email ? _subject : null);

    public void Recognise(string subject) => _subject = subject;

    public void End(DateTimeOffset now) => EndedAt ??= now;

    public void WorkAgain() => EndedAt = null;
}

internal sealed class PractitionerMapping : IEntityTypeConfiguration<Practitioner>
{
    public void Configure(EntityTypeBuilder<Practitioner> entity)
    {
        entity.Property(p => p.Subject).HasMaxLength(Practitioner.SubjectLength);
        entity.Property(p => p.Title).HasMaxLength(Practitioner.TitleLength);
        entity.Property(p => p.GivenName).HasMaxLength(Practitioner.NameLength);
        entity.Property(p => p.FamilyName).HasMaxLength(Practitioner.NameLength);
        entity.Property(p => p.Profession).HasMaxLength(Practitioner.NameLength);
        entity.Property(p => p.Email).HasMaxLength(EmailAddress.Length);
        entity.HasIndex(p => p.Subject).IsUnique();
        entity.HasIndex(p => p.Email).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(p => p.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasMany(p => p.Services).WithMany().UsingEntity("PractitionerServices");
    }
}
