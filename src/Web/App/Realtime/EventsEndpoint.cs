using System.Text.Json;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>
/// Takes in what Signalling says happened. 401: not signed with a shared key within five minutes; 413: too long; 400: not a batch of events;
/// 204: taken in, now or before.
/// </summary>
public sealed partial class EventsEndpoint(
    SharedKeys keys, ConsultationEvents events, SignallingCommands commands, TimeProvider time, ILogger<EventsEndpoint> logger)
{
    private const int MaxBody = 256 * 1024;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(EventBatch.Path, (HttpContext context, EventsEndpoint endpoint) => endpoint.TakeAsync(context)).AllowAnonymous();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        if (await ReadAsync(context.Request, cancellationToken) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (!MessageSignature.Verify(keys.All, context.Request.Headers[MessageSignature.Header], body, time.GetUtcNow()))
        {
            LogBadSignature(logger);
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }
        if (Parse(body) is not { } facts)
        {
            LogMalformed(logger);
            return Results.BadRequest();
        }
        // A batch that was begun is carried through: half of it would only come again.
        foreach (var clinic in await events.ApplyAsync(facts, CancellationToken.None))
            commands.ClinicChanged(new ClinicId(clinic.Value));
        return Results.NoContent();
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBody)
            return null;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (body.Length + read > MaxBody)
                return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static List<ConsultationFact>? Parse(byte[] body)
    {
        try
        {
            var batch = JsonSerializer.Deserialize(body, ContractsJson.Default.EventBatch);
            return batch?.Events is { Count: <= EventBatch.MaxEvents } all && all.All(e => e is { Id: var id, Consultation: var consultation } && id != Guid.Empty && consultation.Value != Guid.Empty)
                ? [.. all.Select(FactOf)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ConsultationFact FactOf(ConsultationEvent e) => new(
        e.Id,
        e.Type switch
        {
            ConsultationEventType.Waiting => ConsultationFactType.Waiting,
            ConsultationEventType.Admitted => ConsultationFactType.Admitted,
            ConsultationEventType.Connected => ConsultationFactType.Connected,
            ConsultationEventType.Disconnected => ConsultationFactType.Disconnected,
            ConsultationEventType.Ended => ConsultationFactType.Ended,
            _ => throw new JsonException("Not a type of event."),
        },
        new ScheduleId(e.Clinic.Value),
        new AppointmentId(e.Consultation.Value),
        e.Participant?.Value,
        e.Role switch
        {
            null => null,
            ParticipantRole.Patient => ConsultationRole.Patient,
            ParticipantRole.Clinician => ConsultationRole.Clinician,
            ParticipantRole.Staff => ConsultationRole.Staff,
            ParticipantRole.Administrator => ConsultationRole.Administrator,
            _ => throw new JsonException("Not a role."),
        },
        e.At);

    [LoggerMessage(1221, LogLevel.Warning, "Events refused: not signed by Signalling")]
    private static partial void LogBadSignature(ILogger logger);

    [LoggerMessage(1222, LogLevel.Error, "Events refused: signed, but not a batch of events")]
    private static partial void LogMalformed(ILogger logger);
}
