using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Rooms;

namespace Telemedicine.Signalling.Commands;

/// <summary>Where Web tells a clinic of what was decided there. Believed by its signature only (<see cref="MessageSignature"/>).</summary>
public static class CommandEndpoint
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>POST /clinics/{clinicId}/commands: 202 carried out; 401 not signed by Web; 400 not a command; 413 too long.</summary>
    public static void MapClinicCommands(this IEndpointRouteBuilder app) =>
        app.MapPost("/clinics/{clinicId}/commands", HandleAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));

    private static async Task<IResult> HandleAsync(
        ClinicId clinicId, HttpRequest request, SignallingSettings settings, ClinicDirectory clinics, TimeProvider time, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!MessageSignature.Verify(settings.Keys, request.Headers[MessageSignature.Header], bytes.Span, time.GetUtcNow()))
            return Results.Unauthorized();
        if (Read(bytes.Span) is not { } command)
            return Problem("The body is not a command.");
        if (command.Clinic != clinicId)
            return Problem("The command is for another clinic.");

        var clinic = clinics.Rent(clinicId);
        try
        {
            switch (command)
            {
                case { Type: ClinicCommandType.Finish, Consultation: { } finished }:
                    await clinic.FinishAsync(finished);
                    break;
                case { Type: ClinicCommandType.Cancel, Consultation: { } cancelled }:
                    await clinic.CancelAsync(cancelled);
                    break;
                case { Type: ClinicCommandType.ClinicChanged }:
                    await clinic.ChangedAsync();
                    break;
                case { Type: ClinicCommandType.Remove, Consultation: { } left, Participant: { } participant }:
                    await clinic.RemoveAsync(left, participant);
                    break;
                case { Type: ClinicCommandType.SignOut, SignIn: { } signIn }:
                    await clinic.SignOutAsync(signIn);
                    break;
                case { Type: ClinicCommandType.FilesChanged, Consultation: { } changed }:
                    await clinic.FilesChangedAsync(changed);
                    break;
                default:
                    return Problem("The command is unknown, or names no consultation, participant or sign-in.");
            }
        }
        finally
        {
            clinics.Return(clinic);
        }
        return Results.Accepted();
    }

    private static ClinicCommand? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ContractsJson.Default.ClinicCommand);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult Problem(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
}
