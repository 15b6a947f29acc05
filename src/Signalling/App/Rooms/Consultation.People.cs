using Microsoft.AspNetCore.SignalR;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>
/// What the clinician decides of the people in the room: who comes in, who is on hold, who is out. Web keeps each decision and says it again in tickets, so that it outlives this node.
/// </summary>
internal sealed partial class Consultation
{
    private readonly Dictionary<ParticipantId, Person> _people = [];

    /// <summary>Messages that were said while somebody was on hold, by their id.</summary>
    private readonly Dictionary<Guid, Audience> _notForAll = [];
    private bool _known;
    private bool _locked;
    private bool _huddle;

    private RoomStanding Standing => new(_locked, _huddle, [.. _people.Values.Where(person => person.Removed).Select(person => new RemovedPerson(person.Id, person.Role, person.Name))]);

    /// <summary>Where a session stands: a clinician in the call from the patient's admission on, everybody else as the clinician decided.</summary>
    public ConsultationPhase PhaseOf(Session session)
    {
        if (_ended is not null || session.Role == ParticipantRole.Clinician || !_admitted)
            return Phase;
        var person = _people[session.ParticipantId];
        if (session.Role == ParticipantRole.Guest && !person.LetIn)
            return ConsultationPhase.Waiting;
        return person.Held || (_huddle && !person.InHuddle) ? ConsultationPhase.OnHold : ConsultationPhase.InCall;
    }

    public void LetInGuest(Session by, ParticipantId id)
    {
        var person = Require(by, id);
        if (person.LetIn || person.Role != ParticipantRole.Guest || person.Removed)
            return;
        Rearrange(() => person.LetIn = true);
        Decided(ConsultationEventType.LetIn, person);
    }

    public void Hold(Session by, ParticipantId id, bool held)
    {
        var person = Require(by, id);
        if (person.Held == held || person.Removed)
            return;
        Rearrange(() => person.Held = held);
        Decided(held ? ConsultationEventType.Held : ConsultationEventType.Resumed, person);
    }

    public void RemoveFromCall(Session by, ParticipantId id)
    {
        var person = Require(by, id);
        if (person.Removed)
            return;
        foreach (var session in _sessions.Values.Where(session => session.ParticipantId == id).ToList())
            Drop(session);
        _lost.Remove(id);
        person.Remove();
        Decided(ConsultationEventType.Removed, person);
        TellClinicians();
    }

    /// <summary>They may come again. A guest waits at the door anew.</summary>
    public void Readmit(Session by, ParticipantId id)
    {
        var person = Require(by, id);
        if (!person.Removed)
            return;
        person.Removed = false;
        Decided(ConsultationEventType.Readmitted, person);
        TellClinicians();
    }

    public void Huddle(Session by, ParticipantId id)
    {
        var person = Require(by, id);
        if (person.InHuddle)
            return;
        if (person.Removed || !_sessions.Values.Any(session => session.ParticipantId == id && PhaseOf(session) is ConsultationPhase.InCall or ConsultationPhase.OnHold))
            throw HubErrors.Conflict("This person is not in the call.");
        Rearrange(() =>
        {
            _huddle = person.InHuddle = true;
            person.Held = false;
        });
        Decided(ConsultationEventType.HuddleBegan, person);
        TellClinicians();
    }

    public void EndHuddle()
    {
        RequireOpen();
        if (!_huddle)
            return;
        Rearrange(StopHuddle);
        Publish(ConsultationEventType.HuddleEnded, null, null, time.GetUtcNow());
        TellClinicians();
    }

    public void Lock(bool locked)
    {
        RequireOpen();
        if (!_admitted)
            throw HubErrors.Conflict("There is no call to lock yet.");
        if (_locked == locked)
            return;
        _locked = locked;
        Publish(locked ? ConsultationEventType.Locked : ConsultationEventType.Unlocked, null, null, time.GetUtcNow());
        TellClinicians();
    }

    /// <summary>Learns what the ticket says of a room, or a person, that this node knows nothing of yet; what was decided here is newer than any ticket.</summary>
    /// <exception cref="HubException">They may not come in.</exception>
    private void MeetAtTheDoor(Ticket ticket)
    {
        if (!_known)
            (_known, _locked, _huddle) = (true, ticket.Room.Locked, ticket.Room.Huddle is not null);
        if (!_people.TryGetValue(ticket.Participant, out var person))
        {
            person = new Person(ticket.Participant, ticket.Role, ticket.DisplayName)
            {
                LetIn = ticket.Admitted,
                Held = ticket.Room.Held,
                InHuddle = _huddle && ticket is { Role: not ParticipantRole.Clinician, Room.Huddle: true },
                // A ticket to a locked room is for whoever was in it.
                Met = ticket.Room.Locked,
            };
            _people.Add(ticket.Participant, person);
        }
        foreach (var removed in ticket.Room.Removed)
            _people.TryAdd(removed.ParticipantId, new Person(removed.ParticipantId, removed.Role, removed.Name) { Removed = true });
        if (person.Removed)
            throw HubErrors.Removed();
        if (_locked && !person.Met && ticket.Role != ParticipantRole.Clinician && !_sessions.Values.Any(session => session.ParticipantId == ticket.Participant))
            throw HubErrors.Locked();
    }

    private void Met(Session session) => _people[session.ParticipantId].Met = true;

    /// <summary>Carries out a decision, then tells everybody what it means for them. Nothing flows for a moment longer to, or from, whom it puts aside.</summary>
    private void Rearrange(Action decide)
    {
        var before = _sessions.Values.ToDictionary(session => session, session => (Phase: PhaseOf(session), Seen: SeenBy(session).ToHashSet()));
        decide();
        var now = time.GetUtcNow();
        DisconnectMedia();
        var came = _sessions.Values.Where(session => session.Role != ParticipantRole.Clinician && before[session].Phase == ConsultationPhase.Waiting && PhaseOf(session) != ConsultationPhase.Waiting).ToList();
        foreach (var session in came.DistinctBy(session => session.ParticipantId))
        {
            Met(session);
            Publish(ConsultationEventType.Connected, session.ParticipantId, session.Role, now);
        }
        foreach (var session in _sessions.Values)
        {
            // Those whom it saw first, so that at no moment somebody seems to wait at the door of a call that they are in.
            foreach (var other in SeenBy(session).Where(other => before[session].Seen.Contains(other) && before[other].Phase != PhaseOf(other)))
                session.Outbox.Push(new ParticipantChanged(other.Describe()));
            if (before[session].Phase != PhaseOf(session))
                session.Outbox.Push(new PhaseChanged(PhaseOf(session), now, _waitingSince));
            foreach (var other in SeenBy(session).Where(other => !before[session].Seen.Contains(other)))
                session.Outbox.Push(new ParticipantJoined(other.Describe()));
            if (session.Role == ParticipantRole.Clinician || before[session].Phase == ConsultationPhase.InCall || !IsInCall(session))
                continue;
            // Those that it has already are known by their ids.
            foreach (var message in _chat.Where(message => MayRead(session, message)))
                session.Outbox.Push(new ChatReceived(message));
            if (_chatKept)
                session.Outbox.Push(new ChatKept());
            // On hold they did not hear of what was hidden, or taken back.
            var returns = before[session].Phase == ConsultationPhase.OnHold;
            if (_image is not null || returns)
                session.Outbox.Push(_image is { } image ? image : new ImageHidden());
            if (_telephone != TelephoneState.None || returns)
                session.Outbox.Push(new TelephoneChanged(_telephone));
        }
        if (_admitted)
            WatchLinks();
        ConnectMedia();
    }

    /// <summary>What is said while somebody is on hold is not theirs to read afterwards, and what is said in a huddle is its own.</summary>
    private void KeepFromOthers(ChatMessage message)
    {
        var aside = _people.Values.Where(person => person.Held || (_huddle && !person.InHuddle)).Select(person => person.Id).ToHashSet();
        if (_huddle || aside.Count > 0)
            _notForAll.Add(message.Id, new Audience(_huddle ? [.. _people.Values.Where(person => person.InHuddle).Select(person => person.Id)] : null, aside));
    }

    private bool IsForAll(ChatMessage message) => !_notForAll.ContainsKey(message.Id);

    private bool MayRead(Session session, ChatMessage message) =>
        session.Role == ParticipantRole.Clinician
        || !_notForAll.TryGetValue(message.Id, out var audience)
        || (audience.Only?.Contains(session.ParticipantId) ?? !audience.Without.Contains(session.ParticipantId));

    /// <summary>Everybody but a clinician, and never oneself.</summary>
    private Person Require(Session by, ParticipantId id)
    {
        RequireOpen();
        return _people.GetValueOrDefault(id) is { Role: not ParticipantRole.Clinician } person && id != by.ParticipantId
            ? person
            : throw HubErrors.NotFound("There is no such person in this call.");
    }

    private void StopHuddle()
    {
        _huddle = false;
        foreach (var person in _people.Values)
            person.InHuddle = false;
    }

    private void Decided(ConsultationEventType type, Person person) => Publish(type, person.Id, person.Role, time.GetUtcNow());

    private void TellClinicians()
    {
        foreach (var session in Sessions(ParticipantRole.Clinician))
            session.Outbox.Push(new RoomChanged(Standing));
    }

    /// <param name="Only">Whoever was in the huddle; null outside of one.</param>
    /// <param name="Without">Whoever was on hold.</param>
    private sealed record Audience(HashSet<ParticipantId>? Only, HashSet<ParticipantId> Without);

    /// <summary>Somebody who came to the door, whatever pages they have open.</summary>
    private sealed class Person(ParticipantId id, ParticipantRole role, string name)
    {
        public ParticipantId Id => id;

        public ParticipantRole Role => role;

        public string Name => name;

        /// <summary>A guest's own admission; the patient's side comes in with the patient.</summary>
        public bool LetIn { get; set; }

        public bool Held { get; set; }

        public bool InHuddle { get; set; }

        public bool Removed { get; set; }

        /// <summary>They have been in the call, so that a lock does not keep them out.</summary>
        public bool Met { get; set; }

        public void Remove() => (Removed, LetIn, Held, InHuddle) = (true, false, false, false);
    }
}
