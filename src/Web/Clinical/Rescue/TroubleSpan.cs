using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Clinical.Rescue;

/// <summary>One trouble of one person, from when it began.</summary>
/// <param name="Id">Of the event that it began with.</param>
/// <param name="Until">Null while it lasts.</param>
public sealed record TroubleSpan(Guid Id, Guid PersonId, ConsultationRole Role, CallTrouble Trouble, DateTimeOffset Since, DateTimeOffset? Until)
{
    /// <summary>
    /// Made from all events of one consultation, sorted by when things happened, so neither their order nor a repetition makes a difference. Who comes in again has a connection again, even
    /// where nobody said so: the node that saw it break may be gone. Who left has no other trouble any more, and the end of the consultation ends them all.
    /// </summary>
    public static IReadOnlyList<TroubleSpan> Of(IEnumerable<ReceivedEvent> events)
    {
        var spans = new List<TroubleSpan>();
        void End(DateTimeOffset at, Func<TroubleSpan, bool> which)
        {
            for (var index = 0; index < spans.Count; index++)
            {
                if (spans[index].Until is null && which(spans[index]))
                    spans[index] = spans[index] with { Until = at };
            }
        }

        foreach (var e in events.DistinctBy(e => e.Id).OrderBy(e => e.At).ThenBy(e => e.Type).ThenBy(e => e.Id))
        {
            switch (e)
            {
                case { Type: ConsultationFactType.TroubleBegan, PersonId: { } person, Role: { } role, Trouble: { } trouble }:
                    if (!spans.Exists(span => span.Until is null && span.PersonId == person && span.Trouble == trouble))
                        spans.Add(new TroubleSpan(e.Id, person, role, trouble, e.At, null));
                    break;
                case { Type: ConsultationFactType.TroubleEnded, PersonId: { } person, Trouble: { } trouble }:
                    End(e.At, span => span.PersonId == person && span.Trouble == trouble);
                    break;
                case { Type: ConsultationFactType.Waiting or ConsultationFactType.Connected, PersonId: { } person }:
                    End(e.At, span => span.PersonId == person && span.Trouble == CallTrouble.Connection);
                    break;
                case { Type: ConsultationFactType.Disconnected, PersonId: { } person }:
                    End(e.At, span => span.PersonId == person && span.Trouble != CallTrouble.Connection);
                    break;
                case { Type: ConsultationFactType.Ended }:
                    End(e.At, _ => true);
                    break;
            }
        }

        return spans;
    }
}
