using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Consultations;

/// <summary>
/// What the clinician decided of the people in a call, as all facts together say. Whoever asks for a ticket is measured by it, so that a decision outlives every server.
/// </summary>
/// <param name="LetIn">Guests; the patient's side comes in when the patient is admitted.</param>
/// <param name="InHuddle">With whom the clinician talks alone; null outside of such a talk.</param>
/// <param name="Met">Who has been in the call, so that a lock does not keep them out.</param>
public sealed record RoomRecord(
    bool Locked, IReadOnlySet<Guid> LetIn, IReadOnlySet<Guid> Held, IReadOnlyDictionary<Guid, ConsultationRole> Removed, IReadOnlySet<Guid>? InHuddle, IReadOnlySet<Guid> Met)
{
    /// <summary>The types of fact that are the clinician's decisions.</summary>
    public static IReadOnlyList<ConsultationFactType> Decisions { get; } =
    [
        ConsultationFactType.LetIn, ConsultationFactType.Held, ConsultationFactType.Resumed, ConsultationFactType.Removed, ConsultationFactType.Readmitted,
        ConsultationFactType.Locked, ConsultationFactType.Unlocked, ConsultationFactType.HuddleBegan, ConsultationFactType.HuddleEnded,
    ];

    public static RoomRecord Of(IEnumerable<ReceivedEvent> facts)
    {
        var locked = false;
        HashSet<Guid> letIn = [], held = [], met = [];
        HashSet<Guid>? huddle = null;
        Dictionary<Guid, ConsultationRole> removed = [];
        foreach (var fact in facts.DistinctBy(fact => fact.Id).OrderBy(fact => fact.At).ThenBy(fact => fact.Type).ThenBy(fact => fact.Id))
        {
            switch (fact.Type, fact.PersonId)
            {
                case (ConsultationFactType.Connected, { } person):
                    met.Add(person);
                    break;
                case (ConsultationFactType.LetIn, { } person):
                    letIn.Add(person);
                    break;
                case (ConsultationFactType.Held, { } person):
                    held.Add(person);
                    break;
                case (ConsultationFactType.Resumed, { } person):
                    held.Remove(person);
                    break;
                case (ConsultationFactType.Removed, { } person) when fact.Role is { } role:
                    removed[person] = role;
                    letIn.Remove(person);
                    held.Remove(person);
                    huddle?.Remove(person);
                    break;
                case (ConsultationFactType.Readmitted, { } person):
                    removed.Remove(person);
                    break;
                case (ConsultationFactType.HuddleBegan, { } person):
                    (huddle ??= []).Add(person);
                    held.Remove(person);
                    break;
                case (ConsultationFactType.HuddleEnded, _):
                    huddle = null;
                    break;
                case (ConsultationFactType.Locked or ConsultationFactType.Unlocked, _):
                    locked = fact.Type == ConsultationFactType.Locked;
                    break;
            }
        }

        return new RoomRecord(locked, letIn, held, removed, huddle, met);
    }

    /// <summary>What this person's ticket says of the room; null while nothing was decided.</summary>
    public TicketRoom? For(Guid person) => Held.Contains(person) || Locked || InHuddle is not null ? new(Held.Contains(person), Locked, InHuddle?.Contains(person), []) : null;

    /// <summary>What a clinician's ticket says of it; null while nothing was decided.</summary>
    /// <param name="names">Of those who were removed.</param>
    public TicketRoom? ForClinician(IReadOnlyDictionary<Guid, string> names) => !Locked && InHuddle is null && Removed.Count == 0
        ? null
        : new(false, Locked, InHuddle is null ? null : true, [.. Removed.Select(person => new TicketRoomPerson(person.Key, person.Value, names.GetValueOrDefault(person.Key, "A guest")))]);
}

/// <summary>What a join ticket says of the room.</summary>
/// <param name="Held">This person is on hold.</param>
/// <param name="Huddle">The clinician talks with some alone: whether this person is one of them; null while there is no such talk.</param>
/// <param name="Removed">Those who may not come back; for clinicians alone.</param>
public sealed record TicketRoom(bool Held, bool Locked, bool? Huddle, IReadOnlyList<TicketRoomPerson> Removed);

public sealed record TicketRoomPerson(Guid Participant, ConsultationRole Role, string Name);

internal static class RoomQueries
{
    public static async Task<RoomRecord> RoomAsync(this ClinicalDbContext db, AppointmentId consultation, CancellationToken cancellationToken) =>
        RoomRecord.Of(await db.ReceivedEvents.AsNoTracking().Where(row => row.ConsultationId == consultation && row.Applied).ToListAsync(cancellationToken));
}
