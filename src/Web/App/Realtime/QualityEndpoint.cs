using System.Text.Json;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using ClinicalSource = Telemedicine.Clinical.Consultations.TrackSource;
using WireSource = Telemedicine.Signalling.Contracts.TrackSource;

namespace Telemedicine.Web.Realtime;

/// <summary>Takes in how Signalling says calls are. 204: taken in, now or before; the refusals are those of <see cref="SignedBody"/>.</summary>
public sealed class QualityEndpoint(SignedBody signed, CallQualities qualities)
{
    /// <summary>No call lasts a month, in seconds; no packet takes an hour, in milliseconds.</summary>
    private const double Longest = 2_592_000;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(QualityBatch.Path, (HttpContext context, QualityEndpoint endpoint) => endpoint.TakeAsync(context)).AllowAnonymous();

    private Task<IResult> TakeAsync(HttpContext context) =>
        signed.TakeAsync(context, Parse, facts => qualities.ApplyAsync(facts, CancellationToken.None));

    private static List<CallQualityFact>? Parse(byte[] body)
    {
        var batch = JsonSerializer.Deserialize(body, ContractsJson.Default.QualityBatch);
        return batch?.Reports is { Count: <= QualityBatch.MaxReports } all && all.All(IsSound) ? [.. all.Select(FactOf)] : null;
    }

    private static bool IsSound(QualityReport? report) =>
        report is { Number: > 0, Tracks: { } tracks, Recent: null or { Loss: >= 0 and <= 1, RoundTripMs: null or (>= 0 and <= Longest) } }
        && report.Consultation.Value != Guid.Empty
        && report.Session.Value != Guid.Empty
        && tracks.All(IsSound)
        && tracks.DistinctBy(track => (track.Direction, track.Source)).Count() == tracks.Count;

    private static bool IsSound(TrackQuality? track) =>
        track is { Seconds: >= 0 and <= Longest, PausedSeconds: >= 0 and <= Longest, WorstJitterMs: >= 0 and <= Longest, WorstLoss: >= 0 and <= 1 }
        && track is { Packets: >= 0, PacketsLost: >= 0, Bitrate: >= 0, Freezes: >= 0, Layer: null or >= 0 }
        && track is { RoundTripMs: null or (>= 0 and <= Longest), WorstRoundTripMs: null or (>= 0 and <= Longest) };

    private static CallQualityFact FactOf(QualityReport report) => new(
        new ScheduleId(report.Clinic.Value),
        new AppointmentId(report.Consultation.Value),
        report.Session.Value,
        report.Participant.Value,
        SignedBody.RoleOf(report.Role),
        report.Number,
        report.At,
        [.. report.Tracks.Select(FactOf)],
        report.Recent is { } recent ? new LinkFigures(recent.Loss, recent.RoundTripMs) : null);

    private static TrackFact FactOf(TrackQuality track) => new(
        SignedBody.DirectionOf(track.Direction),
        track.Source switch
        {
            WireSource.Microphone => ClinicalSource.Microphone,
            WireSource.Camera => ClinicalSource.Camera,
            WireSource.Screen => ClinicalSource.Screen,
            _ => throw new JsonException("Not a source."),
        },
        new TrackFigures(
            track.Seconds,
            track.PausedSeconds,
            track.Packets,
            track.PacketsLost,
            track.WorstLoss,
            track.RoundTripMs,
            track.WorstRoundTripMs,
            track.WorstJitterMs,
            track.Bitrate,
            track.Layer,
            track.Freezes));
}
