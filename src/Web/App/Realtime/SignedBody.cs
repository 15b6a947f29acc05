using System.Text.Json;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>
/// Reads what Signalling posts. 401: not signed with a shared key within five minutes; 413: too long; 400: not what it should be; 204: taken in.
/// </summary>
public sealed partial class SignedBody(SharedKeys keys, TimeProvider time, ILogger<SignedBody> logger)
{
    private const int MaxBody = 256 * 1024;

    /// <param name="parse">What the body says; null, or a <see cref="JsonException"/>, when it is not what it should be.</param>
    public async Task<IResult> TakeAsync<T>(HttpContext context, Func<byte[], T?> parse, Func<T, Task> take)
        where T : class
    {
        if (await ReadAsync(context.Request, context.RequestAborted) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (!MessageSignature.Verify(keys.All, context.Request.Headers[MessageSignature.Header], body, time.GetUtcNow()))
        {
            LogBadSignature(logger);
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }
        if (TryParse(body, parse) is not { } said)
        {
            LogMalformed(logger);
            return Results.BadRequest();
        }
        await take(said);
        return Results.NoContent();
    }

    /// <exception cref="JsonException">Not a role.</exception>
    internal static ConsultationRole RoleOf(ParticipantRole role) => role switch
    {
        ParticipantRole.Patient => ConsultationRole.Patient,
        ParticipantRole.Clinician => ConsultationRole.Clinician,
        ParticipantRole.Staff => ConsultationRole.Staff,
        ParticipantRole.Administrator => ConsultationRole.Administrator,
        ParticipantRole.Carer => ConsultationRole.Carer,
        ParticipantRole.Guest => ConsultationRole.Guest,
        _ => throw new JsonException("Not a role."),
    };

    /// <exception cref="JsonException">Not a direction.</exception>
    internal static Clinical.Consultations.TrackDirection DirectionOf(Signalling.Contracts.TrackDirection direction) => direction switch
    {
        Signalling.Contracts.TrackDirection.Sent => Clinical.Consultations.TrackDirection.Sent,
        Signalling.Contracts.TrackDirection.Received => Clinical.Consultations.TrackDirection.Received,
        _ => throw new JsonException("Not a direction."),
    };

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

    private static T? TryParse<T>(byte[] body, Func<byte[], T?> parse)
        where T : class
    {
        try
        {
            return parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(1221, LogLevel.Warning, "Events refused: not signed by Signalling")]
    private static partial void LogBadSignature(ILogger logger);

    [LoggerMessage(1222, LogLevel.Error, "Events refused: signed, but not a batch of events")]
    private static partial void LogMalformed(ILogger logger);
}
