using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Rooms;

/// <summary>Tells Web how the call is, every 10 s and when a session ends.</summary>
internal sealed partial class Consultation
{
    private static readonly TimeSpan QualityInterval = TimeSpan.FromSeconds(10);

    private ITimer? _qualityTimer;

    private void WatchQuality() =>
        _qualityTimer ??= time.CreateTimer(_ => clinic.Tell(ReportQuality), null, QualityInterval, QualityInterval);

    private void StopWatchingQuality()
    {
        _qualityTimer?.Dispose();
        _qualityTimer = null;
    }

    private void ReportQuality()
    {
        // A waiting room has nothing to tell.
        if (!_admitted)
            return;
        foreach (var session in _sessions.Values)
            ReportQuality(session);
    }

    /// <summary>Looks at the media as it is when its turn comes, which is before anything that is asked of it from now on.</summary>
    private void ReportQuality(Session session)
    {
        if (!_admitted || session is { SendTransport: null, ReceiveTransport: null })
            return;
        var (sending, receiving, tracks, now) = (session.SendTransport, session.ReceiveTransport, ObservedTracks(session), time.GetUtcNow());
        clinic.Observe(media.RunAsync(async () =>
        {
            TransportStatistics? sent, received;
            try
            {
                sent = sending is null ? null : await sending.ReadStatisticsAsync();
                received = receiving is null ? null : await receiving.ReadStatisticsAsync();
            }
            catch (MediaException)
            {
                // The node is stopping: what was reported before has to do.
                return;
            }
            var seen = session.Quality.Look(now, tracks, sent, received);
            if (seen.Count > 0)
                quality.Publish(new QualityReport(clinic.Id, id, session.Id, session.ParticipantId, session.Role, session.Quality.Number, now, seen, session.Quality.Recent));
        }));
    }

    private List<ObservedTrack> ObservedTracks(Session session)
    {
        var tracks = new List<ObservedTrack>();
        foreach (var producer in session.Producers.Values)
            tracks.Add(new ObservedTrack(TrackDirection.Sent, producer.Media.Id, producer.Source, !producer.Paused));
        foreach (var other in _sessions.Values)
        {
            foreach (var producer in other.Producers.Values.Where(producer => session.Consumers.GetValueOrDefault(producer.Media.Id)?.Media is not null))
                tracks.Add(new ObservedTrack(TrackDirection.Received, producer.Media.Id, producer.Source, !producer.Paused));
        }
        return tracks;
    }
}
