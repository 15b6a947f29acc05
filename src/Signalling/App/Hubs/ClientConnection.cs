using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Rooms;

namespace Telemedicine.Signalling.Hubs;

/// <summary>
/// One WebSocket: the ticket that opened it, its rate limits, and the messages on their way out. They go out in order, apart from the
/// clinic's mailbox, so that a slow client holds nobody up; the outbox that fills the queue is bounded.
/// </summary>
public sealed class ClientConnection(string id, Ticket ticket, ISingleClientProxy client, Action abort, TimeProvider time)
{
    public const string ClientMethod = "Receive";

    private readonly Channel<QueuedMessage> _outgoing = Channel.CreateUnbounded<QueuedMessage>(new() { SingleReader = true });
    private readonly TokenBucket _general = new(60, 20, time);
    private readonly TokenBucket _chat = new(5, 1, time);
    private readonly TokenBucket _pointer = new(20, 12, time);
    private Task? _delivery;
    private volatile bool _attached;
    private long _lastSent;

    public string Id => id;

    public Ticket Ticket => ticket;

    /// <summary>The session it joined with. Touched in the clinic's mailbox only, like the next two.</summary>
    internal Session? Session { get; set; }

    internal Outbox Outbox { get; set; } = new();

    internal bool WatchesBoard { get; set; }

    /// <summary>The highest sequence given to the socket: nothing later can have been received.</summary>
    internal long LastSent => Volatile.Read(ref _lastSent);

    /// <summary>The consultation of the ticket.</summary>
    /// <exception cref="HubException">It is a clinic board's ticket.</exception>
    internal ConsultationId RequireConsultation() => ticket.Consultation ?? throw HubErrors.NotAllowed("You opened a clinic, not a consultation.");

    internal Session RequireSession() => Session ?? throw HubErrors.NotAllowed("Join the consultation first.");

    /// <summary>SignalR runs one call of a connection at a time, so the buckets have one caller. Pointing takes nothing from the other calls.</summary>
    public bool TryTakeToken(RateClass rate) => rate switch
    {
        RateClass.Pointer => _pointer.TryTake(),
        RateClass.Chat => _general.TryTake() && _chat.TryTake(),
        _ => _general.TryTake(),
    };

    internal void Send(QueuedMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>From now on an outbox fills this connection's queue.</summary>
    internal void Attach(long lastReceived)
    {
        Volatile.Write(ref _lastSent, lastReceived);
        _attached = true;
    }

    /// <summary>
    /// A call was answered. The first one that attached an outbox begins the sending, so that a page has Join's result before the
    /// messages that follow it.
    /// </summary>
    public void OnAnswered()
    {
        if (_attached)
            _delivery ??= DeliverAsync();
    }

    /// <summary>Closes the socket; what is not sent stays in the outbox.</summary>
    internal void Abort()
    {
        _outgoing.Writer.TryComplete();
        abort();
    }

    /// <summary>The socket is gone: waits until nothing is being sent any more.</summary>
    public async Task StopAsync()
    {
        _outgoing.Writer.TryComplete();
        if (_delivery is not null)
            await _delivery;
    }

    private async Task DeliverAsync()
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync())
        {
            Volatile.Write(ref _lastSent, message.Sequence);
            await client.SendAsync(ClientMethod, message);
        }
    }
}
