using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Practices;

/// <summary>Someone who runs the practice: a receptionist, a manager, an administrator.</summary>
public sealed class StaffMember : IAudited, IVersioned
{
    private string? _subject;
    private string? _email;
    private string? _title;
    private string _givenName = "";
    private string _familyName = "";
    private bool _isAdministrator;

    public required StaffMemberId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>The OpenID subject of who signs in; null until the account is recognised.</summary>
    public string? Subject { get => _subject; init => _subject = value; }

    /// <summary>Where the account that signs in is recognised by, once: in lower case.</summary>
    public string? Email { get => _email; init => _email = value; }

    public string? Title { get => _title; init => _title = value; }

    public required string GivenName { get => _givenName; init => _givenName = value; }

    public required string FamilyName { get => _familyName; init => _familyName = value; }

    public required bool IsAdministrator { get => _isAdministrator; init => _isAdministrator = value; }

    /// <summary>When they stopped working here; null while they work here.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public int Version { get; private set; }

    public string DisplayName => PersonName.Of(Title, GivenName, FamilyName);

    public Guid AuditId => Id.Value;

    /// <summary>Another address is another account: the one that was recognised by the old one opens nothing any more.</summary>
    public void Change(string? title, string givenName, string familyName, string email, bool isAdministrator) =>
        (_title, _givenName, _familyName, _email, _subject, _isAdministrator) = (title, givenName, familyName, email, _email is null || email == _email ? _subject : null, isAdministrator);

    public void Recognise(string subject) => _subject = subject;

    public void End(DateTimeOffset now) => EndedAt ??= now;

    public void WorkAgain() => EndedAt = null;
}

internal sealed class StaffMemberMapping : IEntityTypeConfiguration<StaffMember>
{
    public void Configure(EntityTypeBuilder<StaffMember> entity)
    {
        entity.Property(m => m.Subject).HasMaxLength(Practitioner.SubjectLength);
        entity.Property(m => m.Email).HasMaxLength(EmailAddress.Length);
        entity.Property(m => m.Title).HasMaxLength(Practitioner.TitleLength);
        entity.Property(m => m.GivenName).HasMaxLength(Practitioner.NameLength);
        entity.Property(m => m.FamilyName).HasMaxLength(Practitioner.NameLength);
        entity.HasIndex(m => m.Subject).IsUnique();
        entity.HasIndex(m => m.Email).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(m => m.PracticeId).OnDelete(DeleteBehavior.Restrict);
    }
}
