using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Consultations;

/// <summary>Which way a track goes, as the person's page sees it.</summary>
public enum TrackDirection
{
    Sent,
    Received,
}

/// <summary>What a track shows or carries.</summary>
public enum TrackSource
{
    Microphone,
    Camera,
    Screen,
}

/// <summary>What was counted of one track.</summary>
/// <param name="Seconds">How long it flowed; a muted track does not.</param>
/// <param name="PausedSeconds">Of those: how long video was held back because the network did not carry it.</param>
/// <param name="PacketsLost">Before any were sent again.</param>
/// <param name="WorstLoss">0 to 1, of the worst span of ten seconds.</param>
/// <param name="RoundTripMs">Mean; null until it was measured.</param>
/// <param name="Bitrate">Mean, bits a second.</param>
/// <param name="Layer">The last seen, 0 the smallest picture; null for sound.</param>
/// <param name="Freezes">How often video stood still.</param>
public sealed record TrackFigures(
    double Seconds,
    double PausedSeconds,
    long Packets,
    long PacketsLost,
    double WorstLoss,
    double? RoundTripMs,
    double? WorstRoundTripMs,
    double WorstJitterMs,
    long Bitrate,
    int? Layer,
    int Freezes);

/// <summary>How one track of one page fared in a call, from when the page joined until <see cref="At"/>. It names no address.</summary>
/// <remarks>Not a clinical fact: no audit. One row a page, direction and source, brought up to date while the call lasts.</remarks>
public sealed class CallQuality : IPracticeOwned
{
    /// <summary>Of the real-time service: one page that joined.</summary>
    public required Guid Session { get; init; }

    public required TrackDirection Direction { get; init; }

    public required TrackSource Source { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId ConsultationId { get; init; }

    /// <summary>The value of the Patient's or Practitioner's id.</summary>
    public required Guid PersonId { get; init; }

    public required ConsultationRole Role { get; init; }

    /// <summary>Of the report that the row is from: an older one changes nothing.</summary>
    public required int Number { get; set; }

    public required DateTimeOffset At { get; set; }

    public required TrackFigures Figures { get; set; }
}

internal sealed class CallQualityMapping : IEntityTypeConfiguration<CallQuality>
{
    public void Configure(EntityTypeBuilder<CallQuality> entity)
    {
        entity.ToTable("CallQuality");
        entity.HasKey(row => new { row.Session, row.Direction, row.Source });
        entity.Property(row => row.Session).ValueGeneratedNever();
        // Two instances with reports of one page: the later report wins, whoever writes first.
        entity.Property(row => row.Number).IsConcurrencyToken();
        entity.ComplexProperty(row => row.Figures);
        entity.HasIndex(row => row.ConsultationId);
        // For deleting what is old.
        entity.HasIndex(row => row.At);
    }
}
