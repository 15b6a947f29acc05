using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Events;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.MediaNode;

namespace Telemedicine.Signalling.Rooms;

/// <summary>
/// One clinic session: its consultations, its waiting room and the boards that watch it. All of it changes in one mailbox, in order;
/// media is made outside and registered inside, so that nobody waits for somebody else's.
/// </summary>
public sealed partial class Clinic
{
    private readonly Mailbox _mailbox;
    private readonly Dictionary<ConsultationId, Consultation> _consultations = [];
    private readonly HashSet<ClientConnection> _watchers = [];
    private readonly HashSet<SignInId> _signedOut = [];
    private readonly MediaHost _media;
    private readonly ConsultationEvents _events;
    private readonly QualityReports _quality;
    private readonly TimeProvider _time;
    private readonly ILogger<Clinic> _logger;
    private IReadOnlyList<BoardRow> _board = [];

    public Clinic(ClinicId id, MediaHost media, ConsultationEvents events, QualityReports quality, TimeProvider time, ILogger<Clinic> logger)
    {
        Id = id;
        (_media, _events, _quality, _time, _logger) = (media, events, quality, time, logger);
        _mailbox = new Mailbox(LogFailed);
    }

    public ClinicId Id { get; }

    public Task<JoinResult> JoinAsync(ClientConnection caller, JoinRequest request) => AskAsync(() =>
    {
        RequireSignedIn(caller);
        if (caller.Session is not null)
            throw HubErrors.Conflict("This page has joined already.");
        return Open(caller.RequireConsultation()).Join(caller, request.Resume);
    });

    public Task<BoardState> WatchBoardAsync(ClientConnection caller) => AskAsync(() =>
    {
        RequireSignedIn(caller);
        if (caller.Session is null && _watchers.Add(caller))
            caller.Outbox.Attach(caller, caller.Outbox.Sequence);
        else
            _watchers.Add(caller);
        return new BoardState(_board);
    });

    public Task AcknowledgeAsync(ClientConnection caller, long sequence) => AskAsync(() =>
        caller.Outbox.Acknowledge(sequence) ? true : throw HubErrors.Invalid("That message was not sent yet."));

    public Task AdmitAsync(ClientConnection caller, ConsultationId consultation) => AskAsync(() =>
    {
        var room = _consultations.GetValueOrDefault(consultation) ?? throw HubErrors.NotFound("The patient is not in the waiting room.");
        room.Admit(caller.Ticket);
        return true;
    });

    public Task SendChatAsync(ClientConnection caller, ChatRequest request) => AskAsync(() =>
    {
        var text = ReadText(request.Text);
        var session = caller.RequireSession();
        session.Consultation.Say(session, request.ClientId, text);
        return true;
    });

    public Task KeepChatAsync(ClientConnection caller) => AskAsync(() =>
    {
        var session = caller.RequireSession();
        session.Consultation.KeepChat(session);
        return true;
    });

    public Task ShowImageAsync(ClientConnection caller, ShowImageRequest request) => AskAsync(() =>
    {
        var session = caller.RequireSession();
        session.Consultation.ShowImage(session, request.FileId, ReadName(request.Name));
        return true;
    });

    public Task HideImageAsync(ClientConnection caller) => AskAsync(() =>
    {
        caller.RequireSession().Consultation.HideImage();
        return true;
    });

    public Task PointAsync(ClientConnection caller, double x, double y) => AskAsync(() =>
    {
        if (!(x is >= 0 and <= 1 && y is >= 0 and <= 1))
            throw HubErrors.Invalid("A place on an image is from 0 to 1, both ways.");
        var session = caller.RequireSession();
        session.Consultation.Point(session, x, y);
        return true;
    });

    public Task ReportDevicesAsync(ClientConnection caller, DeviceReport report) => AskAsync(() =>
    {
        var session = caller.RequireSession();
        session.Consultation.ReportDevices(session, report);
        return true;
    });

    public Task RaiseHandAsync(ClientConnection caller, bool up) => AskAsync(() =>
    {
        var session = caller.RequireSession();
        session.Consultation.RaiseHand(session, up);
        return true;
    });

    public Task KeepVideoAsync(ClientConnection caller, bool keep) => AskAsync(() =>
    {
        var session = caller.RequireSession();
        session.Consultation.KeepVideo(session, keep);
        return true;
    });

    public Task UseTelephoneAsync(ClientConnection caller, bool use) => AskAsync(() =>
    {
        var session = caller.RequireSession();
        session.Consultation.UseTelephone(session, use);
        return true;
    });

    public Task LeaveAsync(ClientConnection caller) => AskAsync(() =>
    {
        var session = caller.RequireSession();
        session.Consultation.Leave(session);
        return true;
    });

    /// <summary>The socket of a connection is gone.</summary>
    public Task DisconnectedAsync(ClientConnection connection) => AskAsync(() =>
    {
        _watchers.Remove(connection);
        connection.Outbox.Detach(connection);
        if (connection.Session is { } session)
            session.Consultation.Disconnected(session);
        connection.Session = null;
        return true;
    });

    public Task FinishAsync(ConsultationId consultation) => EndAsync(consultation, EndReason.Finished);

    public Task CancelAsync(ConsultationId consultation) => EndAsync(consultation, EndReason.Cancelled);

    /// <summary>This participant may not be there any more. A consultation that nobody joined here is opened, so that a ticket from before lets nobody in.</summary>
    public Task RemoveAsync(ConsultationId consultation, ParticipantId participant) => AskAsync(() =>
    {
        Open(consultation).Remove(participant);
        return true;
    });

    /// <summary>A sign-in has ended: its pages are sent away, and its tickets open nothing any more.</summary>
    public Task SignOutAsync(SignInId signIn) => AskAsync(() =>
    {
        _signedOut.Add(signIn);
        foreach (var consultation in _consultations.Values)
            consultation.SignOut(signIn);
        foreach (var watcher in _watchers.Where(watcher => watcher.Ticket.SignIn == signIn).ToList())
        {
            _watchers.Remove(watcher);
            watcher.Abort();
        }
        return true;
    });

    /// <summary>A file came or went at Web. Who joins later fetches the list anyway.</summary>
    public Task FilesChangedAsync(ConsultationId consultation) => AskAsync(() =>
    {
        _consultations.GetValueOrDefault(consultation)?.TellInCall(new FilesChanged());
        return true;
    });

    /// <summary>Bookings, messages or places changed at Web: the boards and the pages of those who wait fetch them again.</summary>
    public Task ChangedAsync() => AskAsync(() =>
    {
        foreach (var watcher in _watchers)
            watcher.Outbox.Push(new ClinicChanged());
        foreach (var consultation in _consultations.Values)
            consultation.TellWaiting(new ClinicChanged());
        return true;
    });

    /// <summary>Nobody is here and nothing is due: takes no more work.</summary>
    internal void Close() => _mailbox.Close();

    internal void Observe(Task task) => _mailbox.Observe(task);

    internal void Tell(Action work) => _mailbox.Tell(() =>
    {
        work();
        Settle();
    });

    private Task<T> AskAsync<T>(Func<T> work) => _mailbox.AskAsync(() =>
    {
        try
        {
            return work();
        }
        finally
        {
            Settle();
        }
    });

    /// <summary>Also for a consultation that nobody joined here: whoever still comes with a ticket is told that it has ended.</summary>
    private Task EndAsync(ConsultationId consultation, EndReason reason) => AskAsync(() =>
    {
        Open(consultation).End(reason);
        return true;
    });

    private Consultation Open(ConsultationId id)
    {
        if (_consultations.TryGetValue(id, out var known))
            return known;
        var media = new ConsultationMedia(_media);
        var consultation = new Consultation(id, this, media, _events, _quality, _time);
        media.SpeakerChanged = producer => Tell(() => consultation.SetSpeaker(producer));
        _consultations.Add(id, consultation);
        return consultation;
    }

    /// <summary>After each piece of work: ends the sessions that fell behind, then shows the board as it is now.</summary>
    private void Settle()
    {
        while (_consultations.Values.Count(consultation => consultation.DropOverflowed()) > 0)
        {
            // Whoever is told of a dropped session may overflow in turn; each round drops at least one.
        }
        ShowBoard();
        foreach (var watcher in _watchers.Where(watcher => watcher.Outbox.Overflowed).ToList())
        {
            _watchers.Remove(watcher);
            watcher.Abort();
        }
    }

    private void ShowBoard()
    {
        var rows = _consultations.Values.Select(consultation => consultation.Row()).OfType<BoardRow>().ToList();
        // A row stays until the clinic is forgotten. Sending all of them for each change would fill a watcher's outbox in a clinic of hundreds.
        var changed = rows.Except(_board).ToList();
        if (changed.Count == 0)
            return;
        _board = rows;
        foreach (var watcher in _watchers)
            watcher.Outbox.Push(new BoardChanged(changed));
    }

    private void RequireSignedIn(ClientConnection caller)
    {
        if (caller.Ticket.SignIn is { } signIn && _signedOut.Contains(signIn))
            throw HubErrors.SignedOut();
    }

    private static string ReadName(string name) => name.Length is 0 or > ShowImageRequest.MaxNameLength || name.Any(char.IsControl)
        ? throw HubErrors.Invalid($"A name has 1 to {ShowImageRequest.MaxNameLength} characters.")
        : name;

    private static string ReadText(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length is 0 or > ChatRequest.MaxTextLength)
            throw HubErrors.Invalid($"A message has 1 to {ChatRequest.MaxTextLength} characters.");
        return trimmed.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'))
            ? throw HubErrors.Invalid("This message has characters that cannot be shown.")
            : trimmed;
    }
}
