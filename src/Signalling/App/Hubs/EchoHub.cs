using Microsoft.AspNetCore.SignalR;
using Telemedicine.Media;
using Telemedicine.Signalling.MediaNode;
using Telemedicine.Signalling.Rooms;
using Telemedicine.Signalling.Tickets;

namespace Telemedicine.Signalling.Hubs;

/// <param name="Seconds">How long the echo may last.</param>
public sealed record EchoStart(RtpCapabilities RouterRtpCapabilities, int Seconds);

/// <summary>A track that was made, and what comes back of it; paused until Resume.</summary>
/// <param name="Id">Of the producer.</param>
/// <param name="RtpParameters">Of the consumer.</param>
public sealed record EchoProduced(Guid Id, Guid ConsumerId, MediaKind Kind, RtpParameters RtpParameters);

/// <summary>How what one page sends arrives here, over about the last second; counts are since the start.</summary>
/// <param name="Bitrate">Bits a second.</param>
public sealed record EchoTrack(MediaKind Kind, long Packets, long PacketsLost, double JitterMs, long Bitrate);

/// <summary>The echo as this server sees it.</summary>
/// <param name="RoundTripMs">Null until it was measured.</param>
/// <param name="AvailableBitrate">Bits a second towards the page, as estimated; null until it is known.</param>
public sealed record EchoStatistics(double? RoundTripMs, long? AvailableBitrate, IReadOnlyList<EchoTrack> Received);

/// <summary>
/// The hub of a device check: a room of one, in which the page's own tracks come back to it through the media node that would carry its call. It knows
/// no consultation, and tells nobody of anything. Who may call what is in <see cref="HubMethods.Echo"/>.
/// </summary>
public sealed class EchoHub(EchoRooms rooms, TurnServers turn, IHubContext<EchoHub> hub, TimeProvider time) : Hub
{
    private static readonly object RoomKey = new();

    public override Task OnConnectedAsync()
    {
        var ticket = Context.User?.Identity is TicketIdentity identity
            ? identity.Ticket
            : throw new InvalidOperationException("The hub was reached without a ticket.");
        Context.Items[ConsultationHub.ConnectionKey] = new ClientConnection(Context.ConnectionId, ticket, hub.Clients.Client(Context.ConnectionId), Context.Abort, time);
        return Task.CompletedTask;
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items.TryGetValue(RoomKey, out var room) && room is EchoRoom open)
            await open.CloseAsync();
    }

    public EchoStart Begin()
    {
        if (Context.Items.ContainsKey(RoomKey))
            throw HubErrors.Conflict("This check has begun already.");
        var context = Context;
        var room = rooms.Open(ConsultationHub.ConnectionOf(context).Ticket.Participant, context.Abort);
        Context.Items[RoomKey] = room;
        return new(MediaHost.RtpCapabilities, (int)EchoRooms.Longest.TotalSeconds);
    }

    public async Task<CreateTransportResult> CreateTransport(CreateTransportRequest request)
    {
        if (request is { Direction: TransportDirection.Receive, RtpCapabilities: null })
            throw HubErrors.Invalid("To receive, say what you can decode.");
        var made = await RequireRoom().CreateTransportAsync(request.Direction, request.RtpCapabilities);
        return new(made.Id, made.IceParameters, made.IceCandidates, made.DtlsParameters, turn.Issue(), turn.Policy);
    }

    public Task ConnectTransport(Guid transportId, DtlsParameters dtlsParameters) => RequireRoom().ConnectAsync(transportId, dtlsParameters);

    public Task<EchoProduced> Produce(ProduceRequest request) => RequireRoom().ProduceAsync(request);

    /// <summary>Lets what is sent come back. To be called once the receiving transport is connected.</summary>
    public Task Resume() => RequireRoom().ResumeAsync();

    public Task<EchoStatistics> Statistics() => RequireRoom().ReadStatisticsAsync();

    private EchoRoom RequireRoom() =>
        Context.Items.TryGetValue(RoomKey, out var room) && room is EchoRoom open ? open : throw HubErrors.NotAllowed("Begin the check first.");
}
