using Microsoft.AspNetCore.SignalR;
using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.MediaNode;
using Telemedicine.Signalling.Rooms;
using Telemedicine.Signalling.Tickets;

namespace Telemedicine.Signalling.Hubs;

/// <summary>
/// The hub of one clinic, version 1. Who may call what is in <see cref="HubMethods"/> and enforced before a method runs; what happens
/// is the clinic's. Errors are those of <see cref="HubErrors"/>.
/// </summary>
public sealed class ConsultationHub(ClinicDirectory clinics, TurnServers turn, IHubContext<ConsultationHub> hub, TimeProvider time) : Hub
{
    /// <summary>Where a connection of either hub keeps its <see cref="ClientConnection"/>.</summary>
    internal static readonly object ConnectionKey = new();

    private static readonly object ClinicKey = new();

    private ClientConnection Caller => ConnectionOf(Context);

    private Clinic Clinic => ClinicOf(Context);

    public override Task OnConnectedAsync()
    {
        var ticket = Context.User?.Identity is TicketIdentity identity
            ? identity.Ticket
            : throw new InvalidOperationException("The hub was reached without a ticket.");
        Context.Items[ConnectionKey] = new ClientConnection(Context.ConnectionId, ticket, hub.Clients.Client(Context.ConnectionId), Context.Abort, time);
        Context.Items[ClinicKey] = clinics.Rent(ticket.Clinic);
        return Task.CompletedTask;
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        try
        {
            await Clinic.DisconnectedAsync(Caller);
            await Caller.StopAsync();
        }
        finally
        {
            clinics.Return(Clinic);
        }
    }

    public Task<JoinResult> Join(JoinRequest request) => Clinic.JoinAsync(Caller, request);

    public Task<BoardState> WatchBoard() => Clinic.WatchBoardAsync(Caller);

    public Task Acknowledge(long sequence) => Clinic.AcknowledgeAsync(Caller, sequence);

    public Task Admit(ConsultationId consultationId) => Clinic.AdmitAsync(Caller, consultationId);

    public async Task<CreateTransportResult> CreateTransport(CreateTransportRequest request)
    {
        var made = await Clinic.CreateTransportAsync(Caller, request);
        return new(made.Id, made.IceParameters, made.IceCandidates, made.DtlsParameters, turn.Issue(), turn.Policy);
    }

    public Task ConnectTransport(Guid transportId, DtlsParameters dtlsParameters) => Clinic.ConnectTransportAsync(Caller, transportId, dtlsParameters);

    public async Task<RestartIceResult> RestartIce(Guid transportId) => new(await Clinic.RestartIceAsync(Caller, transportId), turn.Issue());

    public Task<ProduceResult> Produce(ProduceRequest request) => Clinic.ProduceAsync(Caller, request);

    public Task PauseProducer(Guid id) => Clinic.PauseProducerAsync(Caller, id);

    public Task ResumeProducer(Guid id) => Clinic.ResumeProducerAsync(Caller, id);

    public Task CloseProducer(Guid id) => Clinic.CloseProducerAsync(Caller, id);

    public Task PauseConsumer(Guid id) => Clinic.PauseConsumerAsync(Caller, id);

    public Task ResumeConsumer(Guid id) => Clinic.ResumeConsumerAsync(Caller, id);

    /// <summary>How large a consumer's picture is shown, in pixels; 0 by 0 while it is not seen.</summary>
    public Task SetShownSize(Guid id, int width, int height) => Clinic.SetShownSizeAsync(Caller, id, new ShownSize(width, height));

    public Task SendChat(ChatRequest request) => Clinic.SendChatAsync(Caller, request);

    /// <summary>Whether a page has what a call takes: the board shows it of those who wait, and Web is told of what is missing.</summary>
    /// <summary>Keeps the conversation with the record, from its first message on. There is no way back.</summary>
    public Task KeepChat() => Clinic.KeepChatAsync(Caller);

    /// <summary>Shows one of the consultation's images to everybody in the call.</summary>
    public Task ShowImage(ShowImageRequest request) => Clinic.ShowImageAsync(Caller, request);

    public Task HideImage() => Clinic.HideImageAsync(Caller);

    /// <summary>Points at a place of the image that is shown: 0 to 1 from its left and from its top.</summary>
    public Task Point(double x, double y) => Clinic.PointAsync(Caller, x, y);

    public Task ReportDevices(DeviceReport report) => Clinic.ReportDevicesAsync(Caller, report);

    /// <summary>Raises this page's hand, or takes it down.</summary>
    public Task RaiseHand(bool up) => Clinic.RaiseHandAsync(Caller, up);

    /// <summary>Whether the person wants to be seen even where the connection hardly carries it: a small picture then, but never none.</summary>
    public Task KeepVideo(bool keep) => Clinic.KeepVideoAsync(Caller, keep);

    /// <summary>The consultation goes on by telephone, for everybody in it; or by video again.</summary>
    public Task UseTelephone(bool use) => Clinic.UseTelephoneAsync(Caller, use);

    /// <summary>Turns another's microphone off. Only they turn it on again.</summary>
    public Task Mute(SessionId sessionId) => Clinic.MuteAsync(Caller, sessionId);

    /// <summary>Lets a guest in who waits.</summary>
    public Task LetIn(ParticipantId participantId) => Clinic.LetInAsync(Caller, participantId);

    /// <summary>Puts somebody on hold: nothing of the call reaches them, nothing of theirs the others.</summary>
    public Task Hold(ParticipantId participantId) => Clinic.HoldAsync(Caller, participantId, true);

    /// <summary>Brings somebody back who was on hold.</summary>
    public Task Resume(ParticipantId participantId) => Clinic.HoldAsync(Caller, participantId, false);

    /// <summary>Sends somebody out. They do not come back before <see cref="Readmit"/>.</summary>
    public Task Remove(ParticipantId participantId) => Clinic.RemoveFromCallAsync(Caller, participantId);

    public Task Readmit(ParticipantId participantId) => Clinic.ReadmitAsync(Caller, participantId);

    /// <summary>Talks with this person alone, or takes them into such a talk. All others are on hold meanwhile.</summary>
    public Task Huddle(ParticipantId participantId) => Clinic.HuddleAsync(Caller, participantId);

    public Task EndHuddle() => Clinic.EndHuddleAsync(Caller);

    /// <summary>While locked, nobody enters who was not in the call.</summary>
    public Task Lock(bool locked) => Clinic.LockAsync(Caller, locked);

    public Task Leave() => Clinic.LeaveAsync(Caller);

    internal static ClientConnection ConnectionOf(HubCallerContext context) =>
        context.Items[ConnectionKey] as ClientConnection ?? throw new InvalidOperationException("The connection was not opened.");

    private static Clinic ClinicOf(HubCallerContext context) =>
        context.Items[ClinicKey] as Clinic ?? throw new InvalidOperationException("The connection has no clinic.");

    /// <summary>SignalR lets go of the hub once the call's result is written: from then on messages may follow.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Context.Items.TryGetValue(ConnectionKey, out var connection))
            (connection as ClientConnection)?.OnAnswered();
        base.Dispose(disposing);
    }
}
