using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Events;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.MediaNode;

namespace Telemedicine.Signalling.Rooms;

/// <summary>
/// One consultation: who is here, who may see whom, the conversation and the media between them. Touched in the clinic's mailbox only.
/// </summary>
internal sealed partial class Consultation(ConsultationId id, Clinic clinic, ConsultationMedia media, ConsultationEvents events, QualityReports quality, TimeProvider time)
{
    public const int MaxSessions = 16;
    public const int MaxSessionsOfOneParticipant = 8;
    public const int MaxChatMessages = 500;

    private readonly Dictionary<SessionId, Session> _sessions = [];
    private readonly List<ChatMessage> _chat = [];
    private readonly HashSet<ParticipantId> _removed = [];
    private bool _admitted;
    private EndReason? _ended;
    private DateTimeOffset? _waitingSince;
    private DateTimeOffset? _startedAt;
    private (BoardRowState State, DateTimeOffset Since)? _boardState;

    private ConsultationPhase Phase =>
        _ended is not null ? ConsultationPhase.Ended : _admitted ? ConsultationPhase.InCall : ConsultationPhase.Waiting;

    /// <summary>The patient, or a carer of theirs.</summary>
    private bool IsPatientPresent => PatientsSide.Any();

    private IEnumerable<Session> PatientsSide => _sessions.Values.Where(session => session.Role is ParticipantRole.Patient or ParticipantRole.Carer);

    public JoinResult Join(ClientConnection connection, ResumePoint? resume)
    {
        RequireOpen();
        var ticket = connection.Ticket;
        if (_removed.Contains(ticket.Participant))
            throw HubErrors.NotAllowed("You may not be in this consultation any more.");
        MeetAtTheDoor(ticket);
        if (ticket.Telephone && _sessions.Count == 0)
            _telephone = TelephoneState.Chosen;
        if (ticket is { Admitted: true, Role: ParticipantRole.Patient or ParticipantRole.Carer })
            LetIn(time.GetUtcNow());
        if (ticket.ChatKept)
            Keep();

        if (resume is not null && _sessions.GetValueOrDefault(resume.SessionId) is { } former && former.ParticipantId == ticket.Participant && former.Role == ticket.Role)
        {
            if (former.Outbox.CanResumeAfter(resume.LastSequence))
            {
                Connect(former, connection, resume.LastSequence);
                TellViewers(former, new ParticipantChanged(former.Describe()));
                return Describe(former, resumed: true);
            }
            Drop(former);
        }
        return Describe(Add(connection), resumed: false);
    }

    /// <summary>The connection is gone: the participant has 30 s to come back.</summary>
    public void Disconnected(Session session)
    {
        session.Connection = null;
        session.AwaySince = time.GetUtcNow();
        session.GraceTimer?.Dispose();
        ITimer? timer = null;
        timer = time.CreateTimer(_ => clinic.Tell(() => Expire(session, timer)), null, Session.Grace, Timeout.InfiniteTimeSpan);
        session.GraceTimer = timer;
        TellViewers(session, new ParticipantChanged(session.Describe()));
    }

    /// <summary>All pages of a participant are sent away, and none comes back.</summary>
    public void Remove(ParticipantId participant)
    {
        // A clinician who handed the patient over, or declined to take them, may be asked again: whether they may come, their ticket says.
        if (_people.GetValueOrDefault(participant)?.Role != ParticipantRole.Clinician)
            _removed.Add(participant);
        foreach (var session in _sessions.Values.Where(session => session.ParticipantId == participant).ToList())
            Drop(session);
    }

    /// <summary>The pages that this sign-in opened are sent away; the person's others stay.</summary>
    public void SignOut(SignInId signIn)
    {
        foreach (var session in _sessions.Values.Where(session => session.SignIn == signIn).ToList())
            Drop(session);
    }

    public void Leave(Session session) => Remove(session, LeaveReason.Left);

    public void Admit(Ticket by)
    {
        RequireOpen();
        if (_admitted)
            return;
        if (!IsPatientPresent)
            throw HubErrors.NotFound("The patient is not in the waiting room.");
        var now = time.GetUtcNow();
        Publish(ConsultationEventType.Admitted, by.Participant, by.Role, now);
        LetIn(now);
    }

    public void Say(Session session, Guid clientId, string text)
    {
        RequireOpen();
        if (!IsInCall(session))
            throw HubErrors.NotAllowed("You can send messages while you are in the call.");
        if (_chat.Exists(said => said.ClientId == clientId && said.ParticipantId == session.ParticipantId))
            return;
        if (_chat.Count == MaxChatMessages)
        {
            _notForAll.Remove(_chat[0].Id);
            _chat.RemoveAt(0);
        }
        var message = new ChatMessage(Guid.CreateVersion7(time.GetUtcNow()), clientId, session.ParticipantId, session.Name, session.Role, text, time.GetUtcNow());
        _chat.Add(message);
        KeepFromOthers(message);
        if (_chatKept && IsForAll(message))
            PublishSaid(message);
        foreach (var listener in _sessions.Values.Where(IsInCall))
            listener.Outbox.Push(new ChatReceived(message));
    }

    public void RaiseHand(Session session, bool up)
    {
        RequireOpen();
        if (!IsInCall(session))
            throw HubErrors.NotAllowed("You can raise your hand while you are in the call.");
        if (session.Hand == up)
            return;
        session.Hand = up;
        TellViewers(session, new ParticipantChanged(session.Describe()));
    }

    /// <summary>Closes the room for good. Ending it again changes nothing.</summary>
    public void End(EndReason reason)
    {
        if (_ended is not null)
            return;
        _ended = reason;
        if (_sessions.Count > 0 || _waitingSince is not null || _admitted)
            Publish(ConsultationEventType.Ended, null, null, time.GetUtcNow());
        foreach (var session in _sessions.Values)
            session.Outbox.Push(new ConsultationEnded(reason));
        ReportQuality();
        StopWatchingLinks();
        // All of them first: what one's going means for another's page is of no interest to it any more.
        var sessions = _sessions.Values.ToList();
        _sessions.Clear();
        foreach (var session in sessions)
            Forget(session);
        CloseRouterWhenEmpty();
    }

    /// <summary>Ends the sessions whose client did not keep up with its messages. True if there were any.</summary>
    public bool DropOverflowed()
    {
        var overflowed = _sessions.Values.Where(session => session.Outbox.Overflowed).ToList();
        foreach (var session in overflowed)
        {
            clinic.LogOverflowed(id);
            Drop(session);
        }
        return overflowed.Count > 0;
    }

    /// <summary>What the clinic's board shows, or null while there is nothing to show.</summary>
    public BoardRow? Row()
    {
        var patient = IsPatientPresent;
        BoardRowState? state = Phase switch
        {
            ConsultationPhase.Ended => BoardRowState.Ended,
            ConsultationPhase.InCall => patient ? BoardRowState.InCall : BoardRowState.Disconnected,
            _ when patient => BoardRowState.Waiting,
            _ => _waitingSince is null ? null : BoardRowState.Disconnected,
        };
        if (state is not { } known)
            return null;
        if (_boardState is not { } shown || shown.State != known)
            _boardState = shown = (known, known == BoardRowState.Waiting ? _waitingSince ?? time.GetUtcNow() : time.GetUtcNow());
        return new BoardRow(id, known, shown.Since, patient, Sessions(ParticipantRole.Clinician).Any(), known == BoardRowState.Waiting ? Devices() : null);
    }

    /// <summary>Tells the patient's side as long as it waits.</summary>
    public void TellWaiting(RoomMessage message)
    {
        if (Phase != ConsultationPhase.Waiting)
            return;
        foreach (var session in PatientsSide)
            session.Outbox.Push(message);
    }

    public void TellInCall(RoomMessage message)
    {
        foreach (var session in _sessions.Values.Where(IsInCall))
            session.Outbox.Push(message);
    }

    /// <summary>Of several pages the one that has most: a person needs one that works.</summary>
    private WaitingDevices? Devices() => PatientsSide.Where(session => session.Devices is not null).Select(session => session.Devices switch
    {
        { Microphone: true, Camera: true } => WaitingDevices.Ready,
        { Microphone: true } => WaitingDevices.NoCamera,
        { Camera: true } => WaitingDevices.NoMicrophone,
        _ => WaitingDevices.Neither,
    }).Order().Select(devices => (WaitingDevices?)devices).FirstOrDefault();

    private Session Add(ClientConnection connection)
    {
        var ticket = connection.Ticket;
        if (_sessions.Count >= MaxSessions || _sessions.Values.Count(other => other.ParticipantId == ticket.Participant) >= MaxSessionsOfOneParticipant)
            throw HubErrors.TooMany("This consultation is open in too many places. Close some of them.");

        // The place is kept from the first person in the waiting room on: whoever was let in is never told that the node is full.
        media.Open(begun: ticket.Admitted);
        var first = !_sessions.Values.Any(other => other.ParticipantId == ticket.Participant);
        var session = new Session(this, ticket);
        _sessions.Add(session.Id, session);
        Connect(session, connection, 0);
        if (first)
            Arrived(session, time.GetUtcNow());
        if (_admitted)
            WatchLinks();
        if (_lost.Remove(session.ParticipantId))
            JudgeTroubles(time.GetUtcNow());
        TellViewers(session, new ParticipantJoined(session.Describe()));
        return session;
    }

    private void Arrived(Session session, DateTimeOffset now)
    {
        if (session.Role == ParticipantRole.Clinician || PhaseOf(session) != ConsultationPhase.Waiting)
        {
            Met(session);
            Publish(ConsultationEventType.Connected, session.ParticipantId, session.Role, now);
            return;
        }
        // A guest waits along: the place in the waiting room is the patient's.
        if (session.Role == ParticipantRole.Guest)
            return;
        _waitingSince = now;
        Publish(ConsultationEventType.Waiting, session.ParticipantId, session.Role, now);
        TellViewers(session, new PhaseChanged(ConsultationPhase.Waiting, now, now));
    }

    private void Connect(Session session, ClientConnection connection, long lastSequence)
    {
        if (session.Connection is { } former)
        {
            former.Session = null;
            former.Outbox = new Outbox();
            former.Abort();
        }
        session.GraceTimer?.Dispose();
        session.GraceTimer = null;
        session.Connection = connection;
        session.SignIn = connection.Ticket.SignIn;
        session.AwaySince = null;
        connection.Session = session;
        connection.Outbox = session.Outbox;
        session.Outbox.Attach(connection, lastSequence);
    }

    private void Expire(Session session, ITimer? timer)
    {
        // Back in time, and perhaps gone again since: then another timer runs.
        if (session.GraceTimer != timer)
            return;
        Remove(session, LeaveReason.Lost);
        // Whoever did not come back to a node that is about to stop is at another by now. The rest follow.
        if (media.IsDraining)
        {
            foreach (var left in _sessions.Values.Where(left => left.Connection is not null).ToList())
                Drop(left);
        }
    }

    private void Drop(Session session)
    {
        var connection = session.Connection;
        Remove(session, LeaveReason.Lost);
        connection?.Abort();
    }

    private void Remove(Session session, LeaveReason reason)
    {
        var viewers = Viewers(session).ToList();
        ReportQuality(session);
        Forget(session);
        foreach (var viewer in viewers)
            viewer.Outbox.Push(new ParticipantLeft(session.ParticipantId, session.Id, reason));
        var now = time.GetUtcNow();
        if (!_sessions.Values.Any(other => other.ParticipantId == session.ParticipantId))
        {
            Publish(ConsultationEventType.Disconnected, session.ParticipantId, session.Role, now);
            if (reason == LeaveReason.Lost && !_removed.Contains(session.ParticipantId))
                _lost[session.ParticipantId] = session.Role;
        }
        JudgeTroubles(now);
        CloseRouterWhenEmpty();
    }

    private void Forget(Session session)
    {
        _sessions.Remove(session.Id);
        session.GraceTimer?.Dispose();
        session.GraceTimer = null;
        if (session.Connection is { } connection)
            connection.Session = null;
        session.Connection = null;
        CloseMedia(session);
    }

    private void LetIn(DateTimeOffset now)
    {
        if (_admitted)
            return;
        Rearrange(() =>
        {
            _admitted = true;
            _startedAt = now;
        });
    }

    private JoinResult Describe(Session session, bool resumed) => new(
        session.Id,
        session.ParticipantId,
        resumed,
        session.Outbox.Sequence,
        PhaseOf(session),
        Phase == ConsultationPhase.Waiting && IsPatientPresent ? _waitingSince : null,
        _startedAt,
        [.. SeenBy(session).Select(other => other.Describe())],
        IsInCall(session) ? [.. _chat.Where(message => MayRead(session, message))] : [],
        IsInCall(session) && _chatKept,
        IsInCall(session) ? _image : null,
        IsInCall(session) ? _speaker : null,
        session.Hand,
        session.Role == ParticipantRole.Clinician ? Standing : null,
        session.LinkState,
        session.KeepsVideo,
        IsInCall(session) ? _telephone : TelephoneState.None,
        MediaHost.RtpCapabilities);

    private void RequireOpen()
    {
        if (_ended is not null)
            throw HubErrors.Ended("This consultation has ended.");
    }

    /// <summary>The clinician once joined, everybody else once they are let in and while they are not on hold.</summary>
    private bool IsInCall(Session session) => session.Role == ParticipantRole.Clinician || PhaseOf(session) == ConsultationPhase.InCall;

    /// <summary>Others, not one's own other pages; nobody at all while waiting or on hold. Who waits is the clinician's to see.</summary>
    private bool Sees(Session viewer, Session other) =>
        viewer.ParticipantId != other.ParticipantId && IsInCall(viewer) && (viewer.Role == ParticipantRole.Clinician || PhaseOf(other) != ConsultationPhase.Waiting);

    private IEnumerable<Session> SeenBy(Session viewer) => _sessions.Values.Where(other => Sees(viewer, other));

    private IEnumerable<Session> Viewers(Session session) => _sessions.Values.Where(viewer => Sees(viewer, session));

    private IEnumerable<Session> Sessions(ParticipantRole role) => _sessions.Values.Where(session => session.Role == role);

    private void TellViewers(Session session, RoomMessage message)
    {
        foreach (var viewer in Viewers(session))
            viewer.Outbox.Push(message);
    }

    private void Publish(ConsultationEventType type, ParticipantId? participant, ParticipantRole? role, DateTimeOffset now) =>
        events.Publish(Event(type, participant, role, now));

    private ConsultationEvent Event(ConsultationEventType type, ParticipantId? participant, ParticipantRole? role, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), type, clinic.Id, id, participant, role, now);
}
