namespace Telemedicine.Clinical.Consultations;

public sealed record TrackFact(TrackDirection Direction, TrackSource Source, TrackFigures Figures);

/// <summary>What the real-time service says of one page's call so far. It may come more than once and out of order.</summary>
/// <param name="Tracks">Each direction and source at most once.</param>
/// <param name="Recent">How the connection was since the report before; null in a page's first.</param>
public sealed record CallQualityFact(
    ScheduleId Clinic,
    AppointmentId Consultation,
    Guid Session,
    Guid PersonId,
    ConsultationRole Role,
    int Number,
    DateTimeOffset At,
    IReadOnlyList<TrackFact> Tracks,
    LinkFigures? Recent = null);

/// <summary>How the call was for one person, over all the pages they had it on.</summary>
/// <param name="SoundLost">0 to 1: of the sound that went to or came from them, whichever is more.</param>
/// <param name="PicturePaused">How long the picture of the other was held back from them.</param>
/// <param name="Freezes">How often the picture of the other stood still.</param>
/// <param name="RoundTrip">Mean; null if it was never measured.</param>
public sealed record PersonCallQuality(ConsultationRole Role, double SoundLost, TimeSpan PicturePaused, int Freezes, TimeSpan? RoundTrip)
{
    /// <summary>Where words begin to be missed in spite of the codec's own repair.</summary>
    public const double MostSoundLost = 0.08;

    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan LongestRoundTrip = TimeSpan.FromMilliseconds(500);
    public const int MostFreezes = 5;

    public bool IsGood => SoundLost <= MostSoundLost && PicturePaused < LongestPause && Freezes <= MostFreezes && !(RoundTrip > LongestRoundTrip);
}
