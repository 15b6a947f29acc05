namespace Telemedicine.Clinical.Consultations;

/// <summary>One stay of a person in the call; <paramref name="End"/> is null while they are there.</summary>
public sealed record PresencePeriod(Guid PersonId, ConsultationRole Role, DateTimeOffset Start, DateTimeOffset? End);

/// <summary>
/// What all facts of one consultation together say. It is made from the whole set each time, sorted by when things happened, so the order
/// in which facts arrive, or how often, makes no difference.
/// </summary>
/// <param name="ArrivedAt">The first sign of the patient.</param>
/// <param name="WaitingSince">Null while the patient is not in the waiting room.</param>
/// <param name="ByTelephone">The people in it changed to the telephone, and not back.</param>
/// <param name="LeftWaitingAt">When the last of the patient's side went from the waiting room without being admitted, and has not come back.</param>
public sealed record ConsultationTimeline(
    DateTimeOffset? ArrivedAt,
    DateTimeOffset? WaitingSince,
    DateTimeOffset? LeftWaitingAt,
    DateTimeOffset? AdmittedAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<PresencePeriod> Periods,
    bool ByTelephone = false)
{
    public static ConsultationTimeline Of(IEnumerable<ReceivedEvent> facts)
    {
        DateTimeOffset? arrivedAt = null, waitingSince = null, leftWaitingAt = null, admittedAt = null, endedAt = null;
        var periods = new List<PresencePeriod>();
        var byTelephone = false;
        // The patient and their carers: the waiting is over when the last of them has gone.
        var waiting = new HashSet<Guid>();
        foreach (var fact in facts.DistinctBy(fact => fact.Id).OrderBy(fact => fact.At).ThenBy(fact => fact.Type).ThenBy(fact => fact.Id))
        {
            switch (fact.Type)
            {
                case ConsultationFactType.Waiting:
                    arrivedAt ??= fact.At;
                    waitingSince ??= fact.At;
                    leftWaitingAt = null;
                    if (fact.PersonId is { } waits)
                        waiting.Add(waits);
                    break;
                case ConsultationFactType.Admitted:
                    arrivedAt ??= fact.At;
                    admittedAt ??= fact.At;
                    waitingSince = null;
                    break;
                case ConsultationFactType.Connected when fact is { PersonId: { } person, Role: { } role }:
                    if (!periods.Exists(period => period.PersonId == person && period.End is null))
                        periods.Add(new PresencePeriod(person, role, fact.At, null));
                    break;
                case ConsultationFactType.Disconnected:
                    if (fact.PersonId is { } left && waiting.Remove(left) && waiting.Count == 0 && waitingSince is not null)
                        (waitingSince, leftWaitingAt) = (null, fact.At);
                    Close(periods, period => period.PersonId == fact.PersonId, fact.At);
                    break;
                case ConsultationFactType.Stepped when fact.Direction is null:
                    byTelephone = fact.Step == CallStep.Telephone;
                    break;
                case ConsultationFactType.Ended:
                    endedAt ??= fact.At;
                    waitingSince = null;
                    Close(periods, _ => true, fact.At);
                    break;
            }
        }

        return new ConsultationTimeline(arrivedAt, waitingSince, leftWaitingAt, admittedAt, endedAt, periods, byTelephone);
    }

    private static void Close(List<PresencePeriod> periods, Func<PresencePeriod, bool> whose, DateTimeOffset at)
    {
        for (var index = 0; index < periods.Count; index++)
        {
            if (periods[index].End is null && whose(periods[index]))
                periods[index] = periods[index] with { End = at };
        }
    }
}
