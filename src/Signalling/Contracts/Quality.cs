using System.Text.Json.Serialization;

namespace Telemedicine.Signalling.Contracts;

/// <summary>Which way a track goes, as the person's page sees it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrackDirection>))]
public enum TrackDirection
{
    [JsonStringEnumMemberName("sent")]
    Sent,

    [JsonStringEnumMemberName("received")]
    Received,
}

/// <summary>What a track shows or carries.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrackSource>))]
public enum TrackSource
{
    [JsonStringEnumMemberName("microphone")]
    Microphone,

    [JsonStringEnumMemberName("camera")]
    Camera,

    [JsonStringEnumMemberName("screen")]
    Screen,
}

/// <summary>How one track of a session fared, from the session's start until now.</summary>
/// <param name="Seconds">How long it flowed; a muted track does not.</param>
/// <param name="PausedSeconds">Of those: how long video was held back because the network did not carry it.</param>
/// <param name="PacketsLost">Before any were sent again.</param>
/// <param name="WorstLoss">0 to 1: the worst span between two looks.</param>
/// <param name="RoundTripMs">Mean; null until it was measured.</param>
/// <param name="WorstRoundTripMs">The longest that a look met.</param>
/// <param name="WorstJitterMs">The most that a look met.</param>
/// <param name="Bitrate">Mean bits a second.</param>
/// <param name="Layer">The last seen spatial layer, 0 the smallest; null for sound and for nothing.</param>
/// <param name="Freezes">How often video stood still.</param>
public sealed record TrackQuality(
    TrackDirection Direction,
    TrackSource Source,
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

/// <summary>How a session's connection was between the report before and this one, both ways.</summary>
/// <param name="Loss">0 to 1: the worst track's.</param>
/// <param name="RoundTripMs">Null until it was measured.</param>
public sealed record LinkSample(double Loss, double? RoundTripMs);

/// <summary>
/// How the call of one session has been from its start until <paramref name="At"/>. Each report contains the ones before it, so any of them
/// may be lost, repeated or late: the highest <paramref name="Number"/> of a session is the truth. It names no address.
/// </summary>
/// <param name="Number">Rises with each report of the session.</param>
/// <param name="Tracks">Each direction and source at most once.</param>
/// <param name="Recent">Null in a session's first report.</param>
public sealed record QualityReport(
    ClinicId Clinic,
    ConsultationId Consultation,
    SessionId Session,
    ParticipantId Participant,
    ParticipantRole Role,
    int Number,
    DateTimeOffset At,
    IReadOnlyList<TrackQuality> Tracks,
    LinkSample? Recent = null);

/// <summary>The body of POST <see cref="Path"/> at Web, signed as events are: at most <see cref="MaxReports"/>.</summary>
public sealed record QualityBatch(IReadOnlyList<QualityReport> Reports)
{
    public const string Path = "/signalling/quality";
    public const int MaxReports = 50;
}
