using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>Media on request of a page: looked up in the mailbox, done outside, registered in the mailbox.</summary>
public sealed partial class Clinic
{
    public async Task<TransportParameters> CreateTransportAsync(ClientConnection caller, CreateTransportRequest request)
    {
        if (request is { Direction: TransportDirection.Receive, RtpCapabilities: null })
            throw HubErrors.Invalid("To receive, say what you can decode.");
        var (session, making) = await AskAsync(() =>
        {
            var session = caller.RequireSession();
            return (session, session.Consultation.CreateTransportAsync(request.Direction));
        });
        var transport = await making;
        return await AskAsync(() =>
        {
            session.Consultation.Use(caller, session, transport, request.RtpCapabilities);
            return transport.Parameters;
        });
    }

    public Task ConnectTransportAsync(ClientConnection caller, Guid transportId, DtlsParameters remote) => RunMediaAsync(caller, session =>
    {
        var transport = session.RequireTransport(transportId);
        return () => transport.ConnectAsync(remote, CancellationToken.None);
    });

    public async Task<IceParameters> RestartIceAsync(ClientConnection caller, Guid transportId) => await await AskAsync(() =>
    {
        var session = caller.RequireSession();
        var transport = session.RequireTransport(transportId);
        return session.Consultation.RunMediaAsync(() => transport.RestartIceAsync(CancellationToken.None));
    });

    public async Task<ProduceResult> ProduceAsync(ClientConnection caller, ProduceRequest request)
    {
        if ((request.Source == ProducerSource.Microphone) != (request.Kind == MediaKind.Audio))
            throw HubErrors.Invalid("A microphone sends audio; a camera and a screen send video.");
        var (session, transport, making) = await AskAsync(() =>
        {
            var session = caller.RequireSession();
            var transport = session.RequireTransport(request.TransportId);
            if (session.Producers.Count >= Session.MaxProducers)
                throw HubErrors.TooMany("This page sends too many tracks.");
            if (request.Source == ProducerSource.Screen)
                session.Consultation.RequireNoScreen(session.ParticipantId);
            return (session, transport, session.Consultation.RunMediaAsync(
                () => transport.ProduceAsync(request.Kind, request.RtpParameters, SourceOf(request.Source), request.Paused, CancellationToken.None)));
        });
        var producer = await making;
        return await AskAsync(() =>
        {
            session.Consultation.AddProducer(caller, session, transport, producer, request.Source, request.Paused);
            return new ProduceResult(producer.Id);
        });
    }

    private static MediaSource SourceOf(ProducerSource source) => source switch
    {
        ProducerSource.Microphone => MediaSource.Microphone,
        ProducerSource.Camera => MediaSource.Camera,
        _ => MediaSource.Screen,
    };

    public Task PauseProducerAsync(ClientConnection caller, Guid id) => RunMediaAsync(caller, session =>
    {
        var producer = session.RequireProducer(id);
        session.Consultation.SetPaused(session, producer, true);
        return producer.Media.PauseAsync;
    });

    public Task ResumeProducerAsync(ClientConnection caller, Guid id) => RunMediaAsync(caller, session =>
    {
        var producer = session.RequireProducer(id);
        session.Consultation.SetPaused(session, producer, false);
        return producer.Media.ResumeAsync;
    });

    public Task MuteAsync(ClientConnection caller, SessionId other) => RunMediaAsync(caller, session => session.Consultation.Mute(session, other));

    public Task CloseProducerAsync(ClientConnection caller, Guid id) => AskAsync(() =>
    {
        var session = caller.RequireSession();
        session.Consultation.CloseProducer(session, session.RequireProducer(id));
        return true;
    });

    public Task PauseConsumerAsync(ClientConnection caller, Guid id) => RunMediaAsync(caller, session => session.RequireConsumer(id).PauseAsync);

    public Task ResumeConsumerAsync(ClientConnection caller, Guid id) => RunMediaAsync(caller, session => session.RequireConsumer(id).ResumeAsync);

    public Task SetShownSizeAsync(ClientConnection caller, Guid id, ShownSize size)
    {
        if (!size.IsValid)
            throw HubErrors.Invalid($"A picture's sides have 0 to {ShownSize.MaxSide} pixels.");
        var (spatial, temporal) = size.Layers;
        return RunMediaAsync(caller, session =>
        {
            var consumer = session.RequireConsumer(id);
            return () => consumer.SetPreferredLayersAsync(spatial, temporal);
        });
    }

    /// <summary>Finds in the mailbox what to do, and waits for it outside.</summary>
    private async Task RunMediaAsync(ClientConnection caller, Func<Session, Func<Task>> find) => await await AskAsync(() =>
    {
        var session = caller.RequireSession();
        return session.Consultation.RunMediaAsync(find(session));
    });
}
