using Microsoft.AspNetCore.SignalR;
using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>The media between the sessions: who receives which track.</summary>
internal sealed partial class Consultation
{
    /// <summary>Whose voice is heard now.</summary>
    private SessionId? _speaker;

    public Task<WebRtcTransport> CreateTransportAsync(TransportDirection direction)
    {
        RequireOpen();
        return media.CreateTransportAsync(direction);
    }

    /// <summary>Runs media work of a session after whatever was asked before.</summary>
    public Task<T> RunMediaAsync<T>(Func<Task<T>> work) => media.RunAsync(work);

    public Task RunMediaAsync(Func<Task> work) => media.RunAsync(work);

    /// <summary>A transport was made for a session; it takes the place of the former one of its direction.</summary>
    public void Use(ClientConnection caller, Session session, WebRtcTransport transport, RtpCapabilities? capabilities)
    {
        RequireStillThere(caller.Session == session, transport.CloseAsync);
        if (transport.Direction == TransportDirection.Send)
        {
            CloseSending(session);
            session.SendTransport = transport;
        }
        else
        {
            CloseReceiving(session);
            session.ReceiveTransport = transport;
            session.Capabilities = capabilities;
        }
        transport.StateChanged += (changed, state) =>
        {
            if (state is TransportState.Failed or TransportState.Closed)
                clinic.Tell(() => TransportLost(session, changed));
        };
        WatchQuality();
        ConnectMedia();
    }

    /// <summary>A track was made on a session's send transport.</summary>
    public void AddProducer(ClientConnection caller, Session session, WebRtcTransport transport, Producer producer, ProducerSource source, bool paused)
    {
        RequireStillThere(caller.Session == session && session.SendTransport == transport, producer.CloseAsync);
        if (source == ProducerSource.Screen && HasScreen(session.ParticipantId))
        {
            clinic.Observe(media.RunAsync(producer.CloseAsync));
            throw SecondScreen();
        }
        session.Producers.Add(producer.Id, new SessionProducer(producer, source) { Paused = paused });
        TellViewers(session, new ParticipantChanged(session.Describe()));
        ConnectMedia();
    }

    /// <summary>A person shows one screen at a time, whatever pages they have open.</summary>
    public void RequireNoScreen(ParticipantId participant)
    {
        if (HasScreen(participant))
            throw SecondScreen();
    }

    public void SetPaused(Session session, SessionProducer producer, bool paused)
    {
        if (producer.Paused == paused)
            return;
        producer.Paused = paused;
        foreach (var (receiver, consumer) in ConsumersOf(producer))
            receiver.Outbox.Push(paused ? new ConsumerPaused(consumer.Id) : new ConsumerResumed(consumer.Id));
        TellViewers(session, new ParticipantChanged(session.Describe()));
    }

    /// <summary>Turns somebody else's microphone off, and tells them. Only they turn it on again.</summary>
    public Func<Task> Mute(Session by, SessionId other)
    {
        if (_sessions.GetValueOrDefault(other) is not { } session || session.ParticipantId == by.ParticipantId)
            throw HubErrors.NotFound("Nobody else has joined with this.");
        if (session.Producers.Values.FirstOrDefault(producer => producer is { Source: ProducerSource.Microphone, Paused: false }) is not { } microphone)
            return () => Task.CompletedTask;
        SetPaused(session, microphone, true);
        session.Outbox.Push(new Muted(by.Name));
        return microphone.Media.PauseAsync;
    }

    public void CloseProducer(Session session, SessionProducer producer)
    {
        Remove(session, producer);
        TellViewers(session, new ParticipantChanged(session.Describe()));
    }

    private bool HasScreen(ParticipantId participant) => _sessions.Values.Any(session =>
        session.ParticipantId == participant && session.Producers.Values.Any(producer => producer.Source == ProducerSource.Screen));

    private static HubException SecondScreen() => HubErrors.Conflict("You are sharing a screen already. Stop that first.");

    private void Remove(Session session, SessionProducer producer)
    {
        foreach (var (receiver, consumer) in ConsumersOf(producer))
            receiver.Outbox.Push(new ConsumerRemoved(consumer.Id));
        foreach (var receiver in _sessions.Values)
        {
            if (receiver.Consumers.Remove(producer.Media.Id, out var consumer) && consumer.Refused)
                receiver.Outbox.Push(new ConsumerUnavailableEnded(session.Id, producer.Source));
        }
        session.Producers.Remove(producer.Media.Id);
        clinic.Observe(media.RunAsync(producer.Media.CloseAsync));
    }

    /// <summary>Makes the consumers that are missing: every track of the others, for every session in the call that can receive.</summary>
    private void ConnectMedia()
    {
        if (!_admitted || _ended is not null)
            return;
        foreach (var receiver in _sessions.Values)
        {
            if (receiver is not { ReceiveTransport: { } transport, Capabilities: { } capabilities })
                continue;
            foreach (var sender in HeardBy(receiver))
            {
                foreach (var producer in sender.Producers.Values)
                {
                    var consumer = new SessionConsumer();
                    if (receiver.Consumers.TryAdd(producer.Media.Id, consumer))
                        clinic.Observe(ConsumeAsync(receiver, transport, capabilities, sender, producer, consumer));
                }
            }
        }
    }

    /// <summary>Whose sound and picture reach this session: those in the call, while it is in the call itself.</summary>
    private IEnumerable<Session> HeardBy(Session receiver) => PhaseOf(receiver) != ConsultationPhase.InCall
        ? []
        : _sessions.Values.Where(sender => sender.ParticipantId != receiver.ParticipantId && PhaseOf(sender) == ConsultationPhase.InCall);

    /// <summary>Closes every consumer that carries what its session may not hear or see any more: the media node then forwards not a packet of it.</summary>
    private void DisconnectMedia()
    {
        foreach (var receiver in _sessions.Values)
        {
            var heard = HeardBy(receiver).SelectMany(sender => sender.Producers.Keys).ToHashSet();
            foreach (var (producer, consumer) in receiver.Consumers.Where(pair => !heard.Contains(pair.Key)).ToList())
            {
                // One that is still being made finds its entry gone, and is closed then.
                receiver.Consumers.Remove(producer);
                if (consumer.Media is not { } made)
                    continue;
                receiver.Outbox.Push(new ConsumerRemoved(made.Id));
                clinic.Observe(media.RunAsync(made.CloseAsync));
            }
        }
        if (_speaker is { } speaker && (_sessions.GetValueOrDefault(speaker) is not { } speaking || PhaseOf(speaking) != ConsultationPhase.InCall))
            SetSpeaker(null);
    }

    private async Task ConsumeAsync(
        Session receiver, WebRtcTransport transport, RtpCapabilities capabilities, Session sender, SessionProducer producer, SessionConsumer consumer)
    {
        Consumer made;
        try
        {
            made = await media.RunAsync(() => transport.ConsumeAsync(producer.Media, capabilities, CancellationToken.None));
        }
        catch (MediaException refused)
        {
            // The receiver cannot decode it, or one of the two closed meanwhile. The empty entry keeps it from being tried again.
            clinic.LogNotConsumed(id);
            if (refused is CannotPlayException)
                clinic.Tell(() => Refuse(receiver, sender, producer, consumer));
            return;
        }
        clinic.Tell(() => Announce(receiver, sender, producer, consumer, made));
    }

    private void Announce(Session receiver, Session sender, SessionProducer producer, SessionConsumer consumer, Consumer made)
    {
        if (receiver.Consumers.GetValueOrDefault(producer.Media.Id) != consumer)
        {
            clinic.Observe(media.RunAsync(made.CloseAsync));
            return;
        }
        consumer.Media = made;
        receiver.Outbox.Push(new ConsumerAdded(
            made.Id, sender.ParticipantId, sender.Id, made.Kind, producer.Source, producer.Paused, made.RtpParameters));
        made.LayersChanged += (_, layers) => clinic.Tell(() => SetStarved(receiver, producer.Media.Id, consumer, layers is null));
    }

    /// <summary>The receiver's connection stopped carrying a picture, or carries it again.</summary>
    internal static void SetStarved(Session receiver, Guid producer, SessionConsumer consumer, bool starved)
    {
        if (consumer.Media is not { } media || consumer.Starved == starved || receiver.Consumers.GetValueOrDefault(producer) != consumer)
            return;
        consumer.Starved = starved;
        receiver.Outbox.Push(starved ? new ConsumerStarved(media.Id) : new ConsumerFed(media.Id));
    }

    private static void Refuse(Session receiver, Session sender, SessionProducer producer, SessionConsumer consumer)
    {
        if (receiver.Consumers.GetValueOrDefault(producer.Media.Id) != consumer)
            return;
        consumer.Refused = true;
        receiver.Outbox.Push(new ConsumerUnavailable(sender.ParticipantId, sender.Id, producer.Media.Kind, producer.Source));
    }

    /// <summary>Says whose voice is heard now. A waiting patient hears nobody, and nobody hears them.</summary>
    public void SetSpeaker(Guid? producer)
    {
        if (!_admitted || _ended is not null)
            return;
        var speaker = producer is { } known ? _sessions.Values.FirstOrDefault(session => session.Producers.ContainsKey(known)) : null;
        _speaker = speaker is not null && PhaseOf(speaker) == ConsultationPhase.InCall ? speaker.Id : null;
        foreach (var session in _sessions.Values.Where(IsInCall))
            session.Outbox.Push(new SpeakerChanged(_speaker));
    }

    private void TransportLost(Session session, WebRtcTransport transport)
    {
        if (session.SendTransport == transport)
            CloseSending(session);
        else if (session.ReceiveTransport == transport)
            CloseReceiving(session);
    }

    private void CloseMedia(Session session)
    {
        CloseSending(session);
        CloseReceiving(session);
    }

    private void CloseSending(Session session)
    {
        var producers = session.Producers.Values.ToList();
        foreach (var producer in producers)
            Remove(session, producer);
        if (producers.Count > 0 && _sessions.ContainsKey(session.Id))
            TellViewers(session, new ParticipantChanged(session.Describe()));
        if (session.SendTransport is { } transport)
            clinic.Observe(media.RunAsync(transport.CloseAsync));
        session.SendTransport = null;
    }

    private void CloseReceiving(Session session)
    {
        foreach (var consumer in session.Consumers.Values)
        {
            if (consumer.Media is not { } made)
                continue;
            if (_sessions.ContainsKey(session.Id))
                session.Outbox.Push(new ConsumerRemoved(made.Id));
            clinic.Observe(media.RunAsync(made.CloseAsync));
        }
        session.Consumers.Clear();
        if (session.ReceiveTransport is { } transport)
            clinic.Observe(media.RunAsync(transport.CloseAsync));
        session.ReceiveTransport = null;
        session.Capabilities = null;
    }

    private void CloseRouterWhenEmpty()
    {
        if (_sessions.Count > 0)
            return;
        StopWatchingQuality();
        StopWatchingLinks();
        clinic.Observe(media.CloseAsync());
    }

    /// <summary>The page may have left, or been taken over by its next connection, while its media was being made.</summary>
    private void RequireStillThere(bool stillThere, Func<Task> close)
    {
        if (stillThere)
            return;
        clinic.Observe(media.RunAsync(close));
        throw HubErrors.Conflict("This page left the consultation meanwhile.");
    }

    private IEnumerable<(Session Receiver, Consumer Consumer)> ConsumersOf(SessionProducer producer)
    {
        foreach (var receiver in _sessions.Values)
        {
            if (receiver.Consumers.GetValueOrDefault(producer.Media.Id)?.Media is { } consumer)
                yield return (receiver, consumer);
        }
    }
}
