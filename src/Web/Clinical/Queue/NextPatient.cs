namespace Telemedicine.Clinical.Queue;

/// <summary>Why somebody is the best to see next.</summary>
public enum NextReason
{
    /// <summary>They said that they need help now.</summary>
    AskedForHelp,

    /// <summary>Nobody else waits.</summary>
    OnlyOne,

    /// <summary>Of those whose time has come, theirs was the earliest; of equal times they have waited longest.</summary>
    EarliestDue,

    /// <summary>Nobody's time has come; theirs comes first.</summary>
    EarlyAndReady,
}

/// <summary>Whom to see next, and why: a proposal, from which the clinician may differ.</summary>
public sealed record NextPatient(AppointmentId Appointment, NextReason Reason)
{
    /// <param name="askedForHelp">Whose request nobody has seen.</param>
    /// <param name="claimed">Whom somebody else is busy with.</param>
    /// <returns>Null when nobody waits, or somebody is in call.</returns>
    public static NextPatient? Of(DateTimeOffset now, IEnumerable<QueueEntry> entries, IReadOnlySet<AppointmentId> askedForHelp, IReadOnlySet<AppointmentId> claimed)
    {
        var all = entries.ToList();
        if (all.Exists(entry => entry.State == QueueState.InCall))
            return null;
        var waiting = all.Where(entry => entry.State == QueueState.Here && !claimed.Contains(entry.Appointment))
            .OrderBy(entry => entry.Start).ThenBy(entry => entry.Since).ThenBy(entry => entry.Appointment.Value).ToList();
        if (waiting.Find(entry => askedForHelp.Contains(entry.Appointment)) is { } worried)
            return new(worried.Appointment, NextReason.AskedForHelp);
        return waiting switch
        {
            [] => null,
            [var one] => new(one.Appointment, NextReason.OnlyOne),
            [var first, ..] => new(first.Appointment, first.Start <= now ? NextReason.EarliestDue : NextReason.EarlyAndReady),
        };
    }
}
