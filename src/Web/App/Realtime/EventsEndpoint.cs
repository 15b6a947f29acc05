using System.Text.Json;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>Takes in what Signalling says happened. 204: taken in, now or before; the refusals are those of <see cref="SignedBody"/>.</summary>
public sealed class EventsEndpoint(SignedBody signed, ConsultationEvents events, SignallingCommands commands)
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(EventBatch.Path, (HttpContext context, EventsEndpoint endpoint) => endpoint.TakeAsync(context)).AllowAnonymous();

    private Task<IResult> TakeAsync(HttpContext context) => signed.TakeAsync(context, Parse, async facts =>
    {
        // A batch that was begun is carried through: half of it would only come again.
        foreach (var clinic in await events.ApplyAsync(facts, CancellationToken.None))
            commands.ClinicChanged(new ClinicId(clinic.Value));
    });

    private static List<ConsultationFact>? Parse(byte[] body)
    {
        var batch = JsonSerializer.Deserialize(body, ContractsJson.Default.EventBatch);
        return batch?.Events is { Count: <= EventBatch.MaxEvents } all && all.All(e => e is { Id: var id, Consultation: var consultation } && id != Guid.Empty && consultation.Value != Guid.Empty)
            ? [.. all.Select(FactOf)]
            : null;
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
            ConsultationEventType.LetIn => ConsultationFactType.LetIn,
            ConsultationEventType.Held => ConsultationFactType.Held,
            ConsultationEventType.Resumed => ConsultationFactType.Resumed,
            ConsultationEventType.Removed => ConsultationFactType.Removed,
            ConsultationEventType.Readmitted => ConsultationFactType.Readmitted,
            ConsultationEventType.Locked => ConsultationFactType.Locked,
            ConsultationEventType.Unlocked => ConsultationFactType.Unlocked,
            ConsultationEventType.HuddleBegan => ConsultationFactType.HuddleBegan,
            ConsultationEventType.HuddleEnded => ConsultationFactType.HuddleEnded,
            ConsultationEventType.ChatKept => ConsultationFactType.ChatKept,
            ConsultationEventType.Said => ConsultationFactType.Said,
            _ => throw new JsonException("Not a type of event."),
        },
        new ScheduleId(e.Clinic.Value),
        new AppointmentId(e.Consultation.Value),
        e.Participant?.Value,
        e.Role is { } role ? SignedBody.RoleOf(role) : null,
        e.At,
        e.Text);
}
