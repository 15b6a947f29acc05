using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Patients;

/// <summary>
/// Three characters in a row of a patient's <see cref="Patient.SearchKey"/>, of which misspelt words still share some: an index that both providers have, for
/// what neither searches by itself.
/// </summary>
public sealed class PatientGram : IPracticeOwned
{
    public required PracticeId PracticeId { get; init; }

    public required PatientId PatientId { get; init; }

    /// <summary>The three characters as one number, because databases disagree on which texts are equal.</summary>
    public required long Gram { get; init; }

    /// <summary>The grams of words parted by spaces, each once. A word begins and ends with a space, so that its first letters count more.</summary>
    public static IEnumerable<long> Of(string words)
    {
        var padded = $" {words} ";
        return Enumerable.Range(0, padded.Length - 2)
            .Where(at => padded[at + 1] != ' ')
            .Select(at => ((long)padded[at] << 32) + ((long)padded[at + 1] << 16) + padded[at + 2])
            .Distinct();
    }
}

internal sealed class PatientGramMapping : IEntityTypeConfiguration<PatientGram>
{
    public void Configure(EntityTypeBuilder<PatientGram> entity)
    {
        entity.ToTable("PatientGrams");
        entity.HasKey(g => new { g.PracticeId, g.Gram, g.PatientId });
        entity.Property(g => g.Gram).ValueGeneratedNever();
        entity.HasOne<Practices.Practice>().WithMany().HasForeignKey(g => g.PracticeId).OnDelete(DeleteBehavior.Restrict);
    }
}
