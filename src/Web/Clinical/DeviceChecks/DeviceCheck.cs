using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.DeviceChecks;

/// <summary>One check of the device that somebody means to use for an appointment. Of the device it knows the kind and the browser's name: nothing to tell it from others.</summary>
public sealed class DeviceCheck : IAudited
{
    public required DeviceCheckId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required CheckScore Score { get; init; }

    public required CheckOutcome Browser { get; init; }

    public required CheckOutcome Camera { get; init; }

    public required CheckOutcome Microphone { get; init; }

    public required CheckOutcome Speaker { get; init; }

    public required CheckOutcome Network { get; init; }

    /// <summary>The figures are null where the network was not measured.</summary>
    public CheckRoute? Route { get; init; }

    public int? RoundTripMs { get; init; }

    public double? LossUp { get; init; }

    public double? LossDown { get; init; }

    public int? JitterMs { get; init; }

    public int? UpBitrate { get; init; }

    public int? DownBitrate { get; init; }

    public required BrowserFamily BrowserFamily { get; init; }

    public int? BrowserVersion { get; init; }

    public required DeviceKind DeviceKind { get; init; }

    /// <summary>Somebody who acts for the patient did it.</summary>
    public required bool ByCarer { get; init; }

    public Guid AuditId => Id.Value;

    public CheckResult Result => new(
        Browser,
        Camera,
        Microphone,
        Speaker,
        Network,
        BrowserFamily,
        DeviceKind,
        this is { Route: { } route, LossUp: { } lossUp, LossDown: { } lossDown, JitterMs: { } jitter, UpBitrate: { } up, DownBitrate: { } down }
            ? new CheckFigures(route, lossUp, lossDown, jitter, up, down, RoundTripMs)
            : null,
        BrowserVersion);

    public static DeviceCheck Of(Appointment appointment, CheckResult result, bool byCarer, DateTimeOffset now) => new()
    {
        Id = DeviceCheckId.New(),
        PracticeId = appointment.PracticeId,
        AppointmentId = appointment.Id,
        At = now,
        Score = CheckRules.ScoreOf(result),
        Browser = result.Browser,
        Camera = result.Camera,
        Microphone = result.Microphone,
        Speaker = result.Speaker,
        Network = result.Network,
        Route = result.Figures?.Route,
        RoundTripMs = result.Figures?.RoundTripMs,
        LossUp = result.Figures?.LossUp,
        LossDown = result.Figures?.LossDown,
        JitterMs = result.Figures?.JitterMs,
        UpBitrate = result.Figures?.UpBitrate,
        DownBitrate = result.Figures?.DownBitrate,
        BrowserFamily = result.BrowserFamily,
        BrowserVersion = result.BrowserVersion,
        DeviceKind = result.DeviceKind,
        ByCarer = byCarer,
    };
}

/// <summary>What practice staff did about an appointment that may fail.</summary>
public enum FollowUpKind
{
    /// <summary>Phoned the patient.</summary>
    Called,

    /// <summary>Sent a message that asks for the check.</summary>
    Asked,
}

public sealed class DeviceCheckFollowUp : IAudited
{
    public const int NoteLength = 500;

    public required DeviceCheckFollowUpId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required FollowUpKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    public required StaffMemberId By { get; init; }

    /// <summary>What came of it, in the words of staff.</summary>
    [AuditRedacted]
    public string? Note { get; init; }

    public Guid AuditId => Id.Value;
}

internal sealed class DeviceCheckMapping : IEntityTypeConfiguration<DeviceCheck>
{
    public void Configure(EntityTypeBuilder<DeviceCheck> entity)
    {
        entity.ToTable("DeviceChecks");
        entity.Ignore(row => row.Result);
        entity.HasIndex(row => new { row.AppointmentId, row.At });
        // For deleting what is old.
        entity.HasIndex(row => row.At);
        entity.HasOne<Practice>().WithMany().HasForeignKey(row => row.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(row => row.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DeviceCheckFollowUpMapping : IEntityTypeConfiguration<DeviceCheckFollowUp>
{
    public void Configure(EntityTypeBuilder<DeviceCheckFollowUp> entity)
    {
        entity.ToTable("DeviceCheckFollowUps");
        entity.Property(row => row.Note).HasMaxLength(DeviceCheckFollowUp.NoteLength);
        entity.HasIndex(row => new { row.AppointmentId, row.At });
        entity.HasIndex(row => row.At);
        entity.HasOne<Practice>().WithMany().HasForeignKey(row => row.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(row => row.AppointmentId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<StaffMember>().WithMany().HasForeignKey(row => row.By).OnDelete(DeleteBehavior.Restrict);
    }
}
