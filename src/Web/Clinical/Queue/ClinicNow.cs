namespace Telemedicine.Clinical.Queue;

/// <summary>How far an appointment is, for the queue.</summary>
public enum QueueState
{
    /// <summary>Booked; the patient is not there (yet, or any more).</summary>
    Expected,

    /// <summary>The patient waits. Someone who left for a moment keeps their place by their time, not by their connection.</summary>
    Here,

    InCall,

    /// <summary>Finished, missed or cancelled.</summary>
    Over,
}

/// <param name="Since">Here: since when. In call: from when. Otherwise null.</param>
/// <param name="Announces">False when nobody announces themselves, as on the telephone: the patient is taken to be there at the time.</param>
public sealed record QueueEntry(AppointmentId Appointment, DateTimeOffset Start, QueueState State, DateTimeOffset? Since, bool Announces = true);

/// <summary>A clinic at a moment: what the forecast looks at.</summary>
/// <param name="Start">When the clinic begins by its plan.</param>
/// <param name="Slot">How long a time of it is by its plan.</param>
/// <param name="ClinicianHere">The clinician has been in a consultation of this clinic today.</param>
/// <param name="FreeSince">When the last consultation ended; null before the first has.</param>
/// <param name="Today">How it has gone so far.</param>
public sealed record ClinicNow(
    DateTimeOffset Now, DateTimeOffset Start, TimeSpan Slot, bool ClinicianHere, DateTimeOffset? FreeSince, IReadOnlyList<QueueEntry> Entries, IReadOnlyList<Course> Today)
{
    /// <summary>Those still to be seen in the order in which a clinic runs: by their time, and of one time whoever came first.</summary>
    public IReadOnlyList<QueueEntry> Order { get; } =
        [.. Entries.Where(entry => entry.State is QueueState.Expected or QueueState.Here).OrderBy(entry => entry.Start).ThenBy(entry => entry.Since ?? DateTimeOffset.MaxValue).ThenBy(entry => entry.Appointment.Value)];

    /// <summary>Somebody who is so much later is not counted as before those who wait.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromMinutes(10);

    /// <summary>How many will be seen before this one, as far as can be told: those who wait with an earlier time, and those of an earlier time who may still come.</summary>
    public int Before(AppointmentId appointment) =>
        Order.TakeWhile(entry => entry.Appointment != appointment).Count(entry => entry.State == QueueState.Here || entry.Start + GivenUpAfter > Now);
}
