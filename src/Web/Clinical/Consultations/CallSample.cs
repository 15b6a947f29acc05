using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Consultations;

/// <summary>How a page's connection was over some seconds.</summary>
/// <param name="Loss">0 to 1: of the track that lost most.</param>
/// <param name="RoundTripMs">Null where it was not measured.</param>
public sealed record LinkFigures(double Loss, double? RoundTripMs);

/// <summary>How the connection of one page was at one moment of its call: the last quarter of an hour of them make the graph at the rescue desk.</summary>
public sealed class CallSample : IPracticeOwned
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(20);

    public required Guid Session { get; init; }

    /// <summary>Of the report that it came with.</summary>
    public required int Number { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId ConsultationId { get; init; }

    public required Guid PersonId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Loss { get; init; }

    public required double? RoundTripMs { get; init; }
}

internal sealed class CallSampleMapping : IEntityTypeConfiguration<CallSample>
{
    public void Configure(EntityTypeBuilder<CallSample> entity)
    {
        entity.ToTable("CallSamples");
        entity.HasKey(row => new { row.Session, row.Number });
        entity.Property(row => row.Session).ValueGeneratedNever();
        entity.HasIndex(row => new { row.ConsultationId, row.At });
        entity.HasIndex(row => row.At);
    }
}
