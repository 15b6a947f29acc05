using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Realtime;

/// <summary>What the page of a check shows at its end.</summary>
/// <param name="Score">ready, limited or notWorking.</param>
public sealed record CheckAnswer(CheckScore Score, string Heading, IReadOnlyList<string> Problems, string Outlook);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.Strict, AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckResult))]
[JsonSerializable(typeof(CheckAnswer))]
internal sealed partial class DeviceCheckJson : JsonSerializerContext;

/// <summary>
/// What the page of a device check asks for: a ticket for the echo, and that its result is kept. 404: not for this person, or not now; 400: the request token is missing or old,
/// or no page can have found this; 413: too long; 429: so many were kept already.
/// </summary>
public sealed class DeviceCheckEndpoints(TicketMinter minter, WebOptions web, CurrentPerson current, DeviceCheckService checks)
{
    /// <summary>Bytes of a result: about 500 are used.</summary>
    private const int MaxBody = 2048;

    /// <summary>In place of a name: the echo shows nobody anything.</summary>
    private const string Nobody = "Device check";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/appointments/{id}/device-check/ticket", (AppointmentId id, DeviceCheckEndpoints endpoints, CancellationToken cancellationToken) => endpoints.TicketAsync(id, cancellationToken))
            .RequireAuthorization(Access.Patient)
            .WithMetadata(new CarerMayAttribute(CarerRights.JoinConsultations))
            .AddEndpointFilter(TicketEndpoints.RequireRequestTokenAsync);
        app.MapPost("/appointments/{id}/device-check/result", (AppointmentId id, HttpContext context, DeviceCheckEndpoints endpoints) => endpoints.SaveAsync(id, context))
            .RequireAuthorization(Access.Patient)
            .WithMetadata(new CarerMayAttribute(CarerRights.JoinConsultations))
            .AddEndpointFilter(TicketEndpoints.RequireRequestTokenAsync);
    }

    private async Task<IResult> TicketAsync(AppointmentId id, CancellationToken cancellationToken)
    {
        if (await current.AsPatientAsync() is not { } person || await checks.FindAsync(person.Actor, id, cancellationToken) is not { } appointment)
            return Results.NotFound();
        var clinic = new ClinicId(appointment.Clinic.Value);
        var ticket = new Ticket(Guid.NewGuid(), new ParticipantId(appointment.Person), Nobody, ParticipantRole.Check, clinic, new ConsultationId(id.Value), Admitted: false);
        return Results.Json(new TicketAnswer(minter.Mint(ticket), $"{web.SignallingPublicUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')}/clinics/{clinic}/echo"));
    }

    private async Task<IResult> SaveAsync(AppointmentId id, HttpContext context)
    {
        if (await current.AsPatientAsync() is not { } person)
            return Results.NotFound();
        if (context.Request.ContentLength is not { } length || length > MaxBody)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxBody;
        if (await ReadAsync(context) is not { } result)
            return Results.BadRequest();
        return await checks.SaveAsync(person.Actor, id, result, context.RequestAborted) switch
        {
            SaveCheckOutcome.Saved => Results.Json(AnswerTo(result), DeviceCheckJson.Default.CheckAnswer),
            SaveCheckOutcome.Unsound => Results.BadRequest(),
            SaveCheckOutcome.TooMany => Results.StatusCode(StatusCodes.Status429TooManyRequests),
            _ => Results.NotFound(),
        };
    }

    private static CheckAnswer AnswerTo(CheckResult result)
    {
        var score = CheckRules.ScoreOf(result);
        return new(score, score.Verdict(), result.Problems(), score.Outlook());
    }

    private static async Task<CheckResult?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, DeviceCheckJson.Default.CheckResult, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
