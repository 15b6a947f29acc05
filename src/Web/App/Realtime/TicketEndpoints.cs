using Microsoft.AspNetCore.Antiforgery;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Realtime;

/// <summary>What a page's script gets to open the hub once.</summary>
/// <param name="HubUrl">The address of the clinic's hub.</param>
public sealed record TicketAnswer(string Ticket, string HubUrl);

/// <summary>Why a page gets no ticket, where the status alone does not say it.</summary>
/// <param name="Reason">removed, or locked.</param>
public sealed record TicketRefused(string Reason);

/// <summary>
/// Fresh tickets for pages that hold a hub connection. 401: not signed in any more; 403 or 404: not for this person, or not now; 410: the consultation is over; 400: the request
/// token is missing or old.
/// </summary>
public sealed class TicketEndpoints(TicketMinter minter, WebOptions web, CurrentPerson current, ConsultationService consultations, HubSignIns signIns, IHttpContextAccessor http)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/consultations/{id}/ticket", (AppointmentId id, TicketEndpoints tickets, CancellationToken cancellationToken) => tickets.ForConsultationAsync(id, cancellationToken))
            .RequireAuthorization(Access.Participant)
            .WithMetadata(new CarerMayAttribute(CarerRights.JoinConsultations))
            .AddEndpointFilter(RequireRequestTokenAsync);
        app.MapPost(GuestCookie.Path + "/ticket", (TicketEndpoints tickets, CancellationToken cancellationToken) => tickets.ForGuestAsync(cancellationToken))
            .RequireAuthorization(Access.Guest)
            .AddEndpointFilter(RequireRequestTokenAsync);
        app.MapPost("/clinics/{id}/ticket", (ScheduleId id, TicketEndpoints tickets, CancellationToken cancellationToken) => tickets.ForBoardAsync(id, cancellationToken))
            .RequireAuthorization(Access.ClinicTeam)
            .AddEndpointFilter(RequireRequestTokenAsync);
    }

    private async Task<IResult> ForConsultationAsync(AppointmentId id, CancellationToken cancellationToken)
    {
        // Someone may be a clinician here and a patient there, though never while they act for somebody: the clinician's own consultation first, since it is the narrower claim.
        if (await current.AsClinicianAsync() is { } clinician)
        {
            switch (await consultations.OpenAsync(clinician.Actor, id, cancellationToken))
            {
                case OpenOutcome.Ok { Ticket: { } facts }:
                    return await AnswerAsync(facts, cancellationToken);
                case OpenOutcome.Ok or OpenOutcome.Cancelled:
                    return Results.StatusCode(StatusCodes.Status410Gone);
            }
        }
        if (await current.AsPatientAsync() is not { } patient)
            return Results.NotFound();
        var outcome = await consultations.JoinAsync(patient.Actor, id, cancellationToken);
        return outcome switch
        {
            JoinOutcome.Ok ok => await AnswerAsync(ok.Ticket, cancellationToken),
            JoinOutcome.TooEarly or JoinOutcome.Removed or JoinOutcome.Locked => Refuse(outcome),
            JoinOutcome.NotFound or JoinOutcome.NotVideo => Results.NotFound(),
            _ => Results.StatusCode(StatusCodes.Status410Gone),
        };
    }

    private async Task<IResult> ForGuestAsync(CancellationToken cancellationToken)
    {
        if (http.HttpContext?.GuestOf() is not { } guest)
            return Results.Unauthorized();
        var outcome = await consultations.JoinAsync(guest.Actor, guest.Appointment, cancellationToken);
        return outcome is JoinOutcome.Ok { Ticket: var facts } ? Answer(facts, await signIns.NoteGuestAsync(guest.Seat, facts.Clinic, cancellationToken)) : Refuse(outcome);
    }

    private static IResult Refuse(JoinOutcome outcome) => outcome switch
    {
        JoinOutcome.Removed => Results.Json(new TicketRefused("removed"), statusCode: StatusCodes.Status403Forbidden),
        JoinOutcome.Locked => Results.Json(new TicketRefused("locked"), statusCode: StatusCodes.Status403Forbidden),
        _ => Results.StatusCode(StatusCodes.Status403Forbidden),
    };

    private async Task<IResult> ForBoardAsync(ScheduleId id, CancellationToken cancellationToken)
    {
        foreach (var person in new[] { await current.AsClinicianAsync(), await current.AsStaffAsync() })
        {
            if (person is not null && await consultations.WatchAsync(person.Actor, id, cancellationToken) is { } facts)
                return await AnswerAsync(facts, cancellationToken);
        }
        return Results.NotFound();
    }

    private async Task<IResult> AnswerAsync(TicketFacts facts, CancellationToken cancellationToken) =>
        Answer(facts, http.HttpContext is { } context ? await signIns.NoteAsync(context, facts.Clinic, cancellationToken) : null);

    /// <param name="signIn">Null when it has ended in this moment.</param>
    private IResult Answer(TicketFacts facts, SignInId? signIn)
    {
        if (signIn is null)
            return Results.Unauthorized();
        var clinic = new ClinicId(facts.Clinic.Value);
        var ticket = new Ticket(
            Guid.NewGuid(),
            new ParticipantId(facts.Participant),
            facts.DisplayName,
            RoleOf(facts.Role),
            clinic,
            facts.Consultation is { } consultation ? new ConsultationId(consultation.Value) : null,
            facts.Admitted,
            signIn,
            facts.ChatKept,
            facts.Telephone)
        {
            Room = RoomOf(facts.Room),
        };
        var hub = $"{web.SignallingPublicUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')}/clinics/{clinic}/hub";
        return Results.Json(new TicketAnswer(minter.Mint(ticket), hub));
    }

    private static ParticipantRole RoleOf(ConsultationRole role) => role switch
    {
        ConsultationRole.Patient => ParticipantRole.Patient,
        ConsultationRole.Clinician => ParticipantRole.Clinician,
        ConsultationRole.Staff => ParticipantRole.Staff,
        ConsultationRole.Administrator => ParticipantRole.Administrator,
        ConsultationRole.Carer => ParticipantRole.Carer,
        ConsultationRole.Guest => ParticipantRole.Guest,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role of a ticket."),
    };

    private static RoomDecisions RoomOf(TicketRoom? room) => room is null
        ? RoomDecisions.None
        : new RoomDecisions(room.Held, room.Locked, room.Huddle, [.. room.Removed.Select(person => new RemovedPerson(new ParticipantId(person.Participant), RoleOf(person.Role), person.Name))]);

    internal static async ValueTask<object?> RequireRequestTokenAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        var antiforgery = context.HttpContext.RequestServices.GetRequiredService<IAntiforgery>();
        return await antiforgery.IsRequestValidAsync(context.HttpContext) ? await next(context) : Results.BadRequest();
    }
}
