using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Files;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Files;

/// <summary>What the call page shows.</summary>
public sealed record FileAnswer(bool MayAdd, IReadOnlyList<FileLine> Files);

/// <param name="Error">A sentence for the person, without its full stop.</param>
public sealed record FileRefused(string Error);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(FileRefused))]
internal sealed partial class FileJson : JsonSerializerContext;

/// <summary>
/// The files of an appointment, for the script of the call and for links. A file is sent as the body itself, its name percent-encoded in <see cref="NameHeader"/>, and is given out as
/// an attachment alone. 204: done; 404: not for this person, or not there; 400: the request token is missing or old, or (with <see cref="FileRefused"/>) the file was not taken;
/// 413 and 503 likewise: too large; it cannot be scanned now.
/// </summary>
public sealed class FileEndpoints(FileDesk desk, SharedFiles files, CurrentPerson current)
{
    public const string NameHeader = "X-File-Name";

    public static void Map(IEndpointRouteBuilder app)
    {
        var ofGuest = app.MapGroup(GuestCookie.Path + "/files").RequireAuthorization(Access.Guest);
        var ofParticipant = app.MapGroup("/consultations/{id}/files").RequireAuthorization(Access.Participant).WithMetadata(new CarerMayAttribute(CarerRights.JoinConsultations));
        foreach (var group in new[] { ofGuest, ofParticipant })
        {
            group.MapGet("", (HttpContext context, FileEndpoints endpoints) => endpoints.ListAsync(context)).AddEndpointFilter(NoStoreAsync);
            group.MapGet("/{file}", (SharedFileId file, HttpContext context, FileEndpoints endpoints) => endpoints.OpenAsync(context, file)).AddEndpointFilter(NoStoreAsync).WithMetadata(new SandboxedAttribute());
            group.MapPost("", (HttpContext context, FileEndpoints endpoints) => endpoints.TakeAsync(context)).AddEndpointFilter(TicketEndpoints.RequireRequestTokenAsync);
            group.MapPost("/{file}/remove", (SharedFileId file, HttpContext context, FileEndpoints endpoints) => endpoints.RemoveAsync(context, file)).AddEndpointFilter(TicketEndpoints.RequireRequestTokenAsync);
        }
        app.MapPost("/consultations/{id}/files/{file}/show", (SharedFileId file, HttpContext context, FileEndpoints endpoints) => endpoints.ShowAsync(context, file))
            .RequireAuthorization(Access.Clinician)
            .AddEndpointFilter(TicketEndpoints.RequireRequestTokenAsync);
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        if (await WhoAsync(context) is not var (_, id, list))
            return Results.NotFound();
        var address = context.Request.PathBase + context.Request.Path;
        return Results.Json(new FileAnswer(list.MayAdd, list.Lines(file => $"{address}/{file}")), FileJson.Default.FileAnswer);
    }

    private async Task<IResult> OpenAsync(HttpContext context, SharedFileId file)
    {
        if (await WhoAsync(context) is not var (actor, id, _) || await desk.OpenAsync(actor, id, file, context.RequestAborted) is not var (found, content))
            return Results.NotFound();
        return Results.Bytes(content, found.Kind.ContentType(), found.Name);
    }

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        if (await WhoAsync(context) is not var (actor, id, _))
            return Results.NotFound();
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var refusal = context.Request.ContentLength > SharedFile.MaxBytes
            ? FileRefusal.TooLarge
            : await desk.TakeAsync(actor, id, Uri.UnescapeDataString(context.Request.Headers[NameHeader].ToString()), context.Request.Body, context.RequestAborted);
        return refusal is { } why
            ? Results.Json(new FileRefused(why.Sentence()), FileJson.Default.FileRefused, statusCode: why switch
            {
                FileRefusal.TooLarge => StatusCodes.Status413PayloadTooLarge,
                FileRefusal.ScannerAway => StatusCodes.Status503ServiceUnavailable,
                FileRefusal.NotFound => StatusCodes.Status404NotFound,
                _ => StatusCodes.Status400BadRequest,
            })
            : Results.NoContent();
    }

    private async Task<IResult> RemoveAsync(HttpContext context, SharedFileId file) =>
        await WhoAsync(context) is var (actor, id, _) && await desk.RemoveAsync(actor, id, file, context.RequestAborted) ? Results.NoContent() : Results.NotFound();

    private async Task<IResult> ShowAsync(HttpContext context, SharedFileId file) =>
        await WhoAsync(context) is var (actor, id, _) && actor.AsPractitioner is not null && await files.ShowAsync(actor, id, file, context.RequestAborted) ? Results.NoContent() : Results.NotFound();

    /// <summary>Who asks, for which appointment, and what they may see of it. Somebody may be a clinician here and a patient there, though never both in one appointment.</summary>
    private async Task<(Actor Actor, AppointmentId Appointment, SharedFileList List)?> WhoAsync(HttpContext context)
    {
        if (context.GuestOf() is { } guest)
            return await files.ListAsync(guest.Actor, guest.Appointment, context.RequestAborted) is { } seen ? (guest.Actor, guest.Appointment, seen) : null;
        if (!AppointmentId.TryParse(context.GetRouteValue("id")?.ToString(), null, out var id))
            return null;
        foreach (var person in new[] { await current.AsClinicianAsync(), await current.AsPatientAsync() })
        {
            if (person is not null && await files.ListAsync(person.Actor, id, context.RequestAborted) is { } list)
                return (person.Actor, id, list);
        }
        return null;
    }

    private static ValueTask<object?> NoStoreAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}

/// <summary>What others sent: a browser that shows it in spite of all gives it no rights.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SandboxedAttribute : Attribute;

internal static class FilesExtensions
{
    public static IServiceCollection AddFiles(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(FileSettings.From(configuration))
        .AddSingleton<ClamAv>()
        .AddScoped<FileDesk>()
        .AddScoped<FileEndpoints>();

    public static string FilesFor(this Microsoft.AspNetCore.Mvc.IUrlHelper url, AppointmentId consultation) => url.Content($"~/consultations/{consultation}/files");
}
