using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Patients;

/// <summary>A patient's record at one practice.</summary>
public sealed class Patient : IAudited, IVersioned
{
    public required PatientId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>The OpenID subject of who signs in as this patient; null for a record nobody signs in to.</summary>
    public string? Subject { get; private set; }

    public required string GivenName { get; init; }

    public required string FamilyName { get; init; }

    public required DateOnly DateOfBirth { get; init; }

    /// <summary>Somebody brings them: under 16 on that day.</summary>
    public bool IsChildOn(DateOnly day) => DateOfBirth.AddYears(16) > day;

    /// <summary>Ten digits without spaces.</summary>
    public string? NhsNumber { get; init; }

    public string? Phone { get; init; }

    public string? Email { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>What a search looks in: <see cref="SearchText"/> of the names and the digits of phone and NHS number.</summary>
    [AuditRedacted]
    public required string SearchKey { get; init; }

    /// <summary>Pieces of the search key, for searches that are misspelt.</summary>
    public ICollection<PatientGram> Grams { get; } = [];

    public int Version { get; private set; }

    public string DisplayName => PersonName.Of(null, GivenName, FamilyName);

    public Guid AuditId => Id.Value;

    public static Patient Register(
        PracticeId practice, string? subject, string givenName, string familyName, DateOnly dateOfBirth,
        string? phone, string? email, string? nhsNumber, DateTimeOffset now)
    {
        var patient = new Patient
        {
            Id = PatientId.New(),
            PracticeId = practice,
            Subject = subject,
            GivenName = givenName,
            FamilyName = familyName,
            DateOfBirth = dateOfBirth,
            Phone = phone,
            Email = email,
            NhsNumber = nhsNumber,
            RegisteredAt = now,
            SearchKey = $"{SearchText(givenName)} {SearchText(familyName)} {Digits(phone)} {Digits(nhsNumber)}",
        };
        foreach (var gram in PatientGram.Of(patient.SearchKey))
            patient.Grams.Add(new PatientGram { PracticeId = practice, PatientId = patient.Id, Gram = gram });
        return patient;
    }

    /// <exception cref="InvalidOperationException">Someone signs in as this patient already.</exception>
    public void LinkTo(string subject) =>
        Subject = Subject is null || Subject == subject ? subject : throw new InvalidOperationException("The record is linked to another sign-in.");

    /// <summary>Lower case, without accents or punctuation, so that "O'Connor" and "oconnor", "Wójcik" and "wojcik" meet.</summary>
    public static string SearchText(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var character in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(character))
                key.Append(char.ToLowerInvariant(character));
            else if (char.IsWhiteSpace(character) || character == '-')
                key.Append(' ');
        }

        return key.ToString();
    }

    public static string Digits(string? text) =>
        text is null ? string.Empty : string.Concat(text.Where(char.IsAsciiDigit));
}

internal sealed class PatientMapping : IEntityTypeConfiguration<Patient>
{
    public void Configure(EntityTypeBuilder<Patient> entity)
    {
        entity.Property(p => p.Subject).HasMaxLength(255);
        entity.Property(p => p.GivenName).HasMaxLength(PatientService.NameLength);
        entity.Property(p => p.FamilyName).HasMaxLength(PatientService.NameLength);
        entity.Property(p => p.NhsNumber).HasMaxLength(10);
        entity.Property(p => p.Phone).HasMaxLength(PatientService.PhoneLength);
        entity.Property(p => p.Email).HasMaxLength(254);
        entity.Property(p => p.SearchKey).HasMaxLength(300);
        entity.HasMany(p => p.Grams).WithOne().HasForeignKey(g => g.PatientId).OnDelete(DeleteBehavior.Cascade);
        entity.HasIndex(p => p.Subject).IsUnique();
        entity.HasIndex(p => new { p.PracticeId, p.DateOfBirth });
        entity.HasOne<Practice>().WithMany().HasForeignKey(p => p.PracticeId).OnDelete(DeleteBehavior.Restrict);
    }
}
