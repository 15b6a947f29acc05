using System.Text.Json;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using CallStep = Telemedicine.Signalling.Contracts.CallStep;
using CallTrouble = Telemedicine.Signalling.Contracts.CallTrouble;

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
        return batch?.Events is { Count: <= EventBatch.MaxEvents } all && all.All(IsSound)
            ? [.. all.Select(FactOf)]
            : null;
    }

    private static bool IsSound(ConsultationEvent? e) =>
        e is { Id: var id, Consultation: var consultation } && id != Guid.Empty && consultation.Value != Guid.Empty
        && (e.Trouble is not null) == (e.Type is ConsultationEventType.TroubleBegan or ConsultationEventType.TroubleEnded)
        && (e.Step is not null) == (e.Type is ConsultationEventType.Stepped)
        && (e.Direction is null || e.Step is not null);

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
            ConsultationEventType.TroubleBegan => ConsultationFactType.TroubleBegan,
            ConsultationEventType.TroubleEnded => ConsultationFactType.TroubleEnded,
            ConsultationEventType.Stepped => ConsultationFactType.Stepped,
            _ => throw new JsonException("Not a type of event."),
        },
        new ScheduleId(e.Clinic.Value),
        new AppointmentId(e.Consultation.Value),
        e.Participant?.Value,
        e.Role is { } role ? SignedBody.RoleOf(role) : null,
        e.At,
        e.Text,
        e.Trouble switch
        {
            null => null,
            CallTrouble.Camera => Clinical.Consultations.CallTrouble.Camera,
            CallTrouble.Microphone => Clinical.Consultations.CallTrouble.Microphone,
            CallTrouble.Connection => Clinical.Consultations.CallTrouble.Connection,
            CallTrouble.Quality => Clinical.Consultations.CallTrouble.Quality,
            CallTrouble.NoMedia => Clinical.Consultations.CallTrouble.NoMedia,
            CallTrouble.SilentMicrophone => Clinical.Consultations.CallTrouble.SilentMicrophone,
            CallTrouble.FrozenCamera => Clinical.Consultations.CallTrouble.FrozenCamera,
            _ => throw new JsonException("Not a trouble."),
        },
        e.Step switch
        {
            null => null,
            CallStep.Video => Clinical.Consultations.CallStep.Video,
            CallStep.LowVideo => Clinical.Consultations.CallStep.LowVideo,
            CallStep.Audio => Clinical.Consultations.CallStep.Audio,
            CallStep.Telephone => Clinical.Consultations.CallStep.Telephone,
            _ => throw new JsonException("Not a step."),
        },
        e.Direction is { } direction ? SignedBody.DirectionOf(direction) : null);
}
