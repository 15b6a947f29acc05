using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>
/// Looks at each page of the call every two seconds: what its connection carries, and whether its person can be heard and seen at all. Says so to the pages, and to Web as events; offers the
/// telephone where nothing else is left.
/// </summary>
internal sealed partial class Consultation
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>A socket that breaks is mostly back within this.</summary>
    private static readonly TimeSpan AwayAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(ParticipantId Participant, CallTrouble Trouble), ParticipantRole> _troubles = [];

    /// <summary>Who was lost for good, and has not come back.</summary>
    private readonly Dictionary<ParticipantId, ParticipantRole> _lost = [];

    private ITimer? _lookTimer;
    private TelephoneState _telephone;

    /// <summary>The people talk by telephone from now on, or by video again. Everybody's page is told.</summary>
    public void UseTelephone(Session by, bool use)
    {
        RequireOpen();
        if (!IsInCall(by) || !_admitted)
            throw HubErrors.NotAllowed("You can change to the telephone once the consultation has begun.");
        if (use == (_telephone == TelephoneState.Chosen))
            return;
        var now = time.GetUtcNow();
        foreach (var session in _sessions.Values)
            session.Watch?.Restart(now);
        SetTelephone(use ? TelephoneState.Chosen : TelephoneState.None);
        events.Publish(Event(ConsultationEventType.Stepped, by.ParticipantId, by.Role, now) with { Step = use ? CallStep.Telephone : CallStep.Video });
        JudgeTroubles(now);
    }

    /// <summary>The person wants to be seen whatever the connection is like: a small picture is the least that they send.</summary>
    public void KeepVideo(Session session, bool keep)
    {
        session.KeepsVideo = keep;
        if (!keep || session.Watch is not { } watch || watch.Sending.Step <= CallStep.LowVideo)
            return;
        var now = time.GetUtcNow();
        watch.Sending.Look(now, default, CallStep.LowVideo);
        Stepped(session, TrackDirection.Sent, now);
        JudgeTroubles(now);
    }

    public void ReportDevices(Session session, DeviceReport report)
    {
        session.Devices = report;
        JudgeTroubles(time.GetUtcNow());
    }

    private void WatchLinks()
    {
        var now = time.GetUtcNow();
        foreach (var session in _sessions.Values)
            session.Watch = IsInCall(session) ? session.Watch ?? new PageWatch(now) : null;
        _lookTimer ??= time.CreateTimer(_ => clinic.Tell(Look), null, LookInterval, LookInterval);
    }

    private void StopWatchingLinks()
    {
        _lookTimer?.Dispose();
        _lookTimer = null;
    }

    private void Look()
    {
        if (!_admitted || _ended is not null)
            return;
        foreach (var session in _sessions.Values)
            Look(session);
        var now = time.GetUtcNow();
        OfferTelephone(now);
        JudgeTroubles(now);
    }

    /// <summary>Reads the counts outside of the mailbox and judges them in it.</summary>
    private void Look(Session session)
    {
        if (session.Watch is not { } watch || _telephone == TelephoneState.Chosen || session is { SendTransport: null, ReceiveTransport: null })
            return;
        var (sending, receiving, tracks) = (session.SendTransport, session.ReceiveTransport, ObservedTracks(session));
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
                // The node is stopping.
                return;
            }
            clinic.Tell(() => Judge(session, watch, tracks, sent, received));
        }));
    }

    private void Judge(Session session, PageWatch watch, List<ObservedTrack> tracks, TransportStatistics? sent, TransportStatistics? received)
    {
        if (session.Watch != watch || !_sessions.ContainsKey(session.Id) || _telephone == TelephoneState.Chosen)
            return;
        var now = time.GetUtcNow();
        foreach (var direction in watch.Look(now, tracks, sent, received, session.KeepsVideo ? CallStep.LowVideo : CallStep.Audio))
            Stepped(session, direction, now);
        Tell(session);
    }

    private void Stepped(Session session, TrackDirection direction, DateTimeOffset now)
    {
        if (session.Watch is not { } watch)
            return;
        var step = direction == TrackDirection.Sent ? watch.Sending.Step : watch.Receiving.Step;
        events.Publish(Event(ConsultationEventType.Stepped, session.ParticipantId, session.Role, now) with { Step = step, Direction = direction });
        Tell(session);
    }

    /// <summary>Tells a page, and the others, what is seen of it, when that has changed.</summary>
    private void Tell(Session session)
    {
        var state = session.LinkState;
        if (state == session.ToldLink)
            return;
        session.ToldLink = state;
        session.Outbox.Push(new LinkChanged(state));
        TellViewers(session, new ParticipantChanged(session.Describe()));
    }

    /// <summary>Both sides are offered the telephone while nothing has come from one of them for 20 s, at once and until something does.</summary>
    private void OfferTelephone(DateTimeOffset now)
    {
        // While one of the patient's side is on hold nothing is meant to come.
        if (_telephone == TelephoneState.Chosen || PatientsSide.Any(session => !IsInCall(session)))
            return;
        var clinician = Sessions(ParticipantRole.Clinician).ToList();
        var patient = PatientsSide.ToList();
        if (IsSilent(clinician, now) || IsSilent(patient, now))
            SetTelephone(TelephoneState.Offered);
        else if (clinician.Count > 0 && patient.Count > 0)
            SetTelephone(TelephoneState.None);
    }

    private static bool IsSilent(List<Session> side, DateTimeOffset now) => side.Count > 0 && side.TrueForAll(session => IsSilent(session, now));

    private static bool IsSilent(Session session, DateTimeOffset now) => session.Watch is { } watch && now - watch.MediaAt >= PageWatch.NoMediaAfter;

    private void SetTelephone(TelephoneState state)
    {
        if (_telephone == state)
            return;
        _telephone = state;
        foreach (var session in _sessions.Values.Where(IsInCall))
            session.Outbox.Push(new TelephoneChanged(state));
    }

    /// <summary>Compares who has which trouble now with what Web was told. Of several pages of a person one that works is enough.</summary>
    private void JudgeTroubles(DateTimeOffset now)
    {
        var current = _lost.ToDictionary(lost => (lost.Key, CallTrouble.Connection), lost => lost.Value);
        foreach (var person in _sessions.Values.GroupBy(session => session.ParticipantId))
        {
            var shared = person.Select(session => Troubles(session, now)).Aggregate((one, other) => [.. one.Intersect(other)]);
            foreach (var trouble in shared)
                current[(person.Key, trouble)] = person.First().Role;
        }
        foreach (var ((participant, trouble), role) in _troubles.Except(current).ToList())
        {
            _troubles.Remove((participant, trouble));
            events.Publish(Event(ConsultationEventType.TroubleEnded, participant, role, now) with { Trouble = trouble });
        }
        foreach (var ((participant, trouble), role) in current.Except(_troubles).OrderBy(each => each.Key.Item2).ToList())
        {
            _troubles.Add((participant, trouble), role);
            events.Publish(Event(ConsultationEventType.TroubleBegan, participant, role, now) with { Trouble = trouble });
        }
    }

    private HashSet<CallTrouble> Troubles(Session session, DateTimeOffset now)
    {
        var troubles = new HashSet<CallTrouble>();
        if (session.Devices is { Camera: false })
            troubles.Add(CallTrouble.Camera);
        if (session.Devices is { Microphone: false })
            troubles.Add(CallTrouble.Microphone);
        if (session.AwaySince is { } away && now - away >= AwayAfter)
            troubles.Add(CallTrouble.Connection);
        if (!_admitted || _telephone == TelephoneState.Chosen || session.Watch is not { } watch)
            return troubles;
        if (watch.Sending.Step != CallStep.Video || watch.Receiving.Step != CallStep.Video)
            troubles.Add(CallTrouble.Quality);
        if (IsSilent(session, now))
            troubles.Add(CallTrouble.NoMedia);
        if (watch.SilentMicrophone)
            troubles.Add(CallTrouble.SilentMicrophone);
        if (watch.FrozenCamera)
            troubles.Add(CallTrouble.FrozenCamera);
        return troubles;
    }
}
