using Telemedicine.Clinical.Booking;

namespace Telemedicine.Clinical.Consultations;

/// <summary>What was seen of either side of an appointment.</summary>
public enum AttendanceFactType
{
    /// <summary>The patient, or their carer, pressed Join.</summary>
    PatientOpened,

    /// <summary>The patient's side came into the waiting room.</summary>
    PatientWaiting,
    PatientConnected,
    PatientLeft,

    /// <summary>The practice marked the patient as arrived.</summary>
    MarkedArrived,

    /// <summary>The clinician opened their clinic or one of its consultations.</summary>
    ClinicianCame,
    ClinicianLeft,
    Admitted,
    Ended,

    /// <summary>The patient's side was there, or on the way, and their camera, microphone or connection failed.</summary>
    PatientFailed,

    /// <summary>The patient checked the device, and it did not work.</summary>
    CheckFailed,
}

public sealed record AttendanceFact(DateTimeOffset At, AttendanceFactType Type)
{
    /// <summary>The patient's side was there.</summary>
    public bool ShowsPatient => Type is AttendanceFactType.PatientWaiting or AttendanceFactType.PatientConnected or AttendanceFactType.MarkedArrived or AttendanceFactType.Admitted;

    /// <summary>The patient's side tried to be there.</summary>
    public bool ShowsAttempt => Type is AttendanceFactType.PatientOpened or AttendanceFactType.PatientFailed;

    /// <summary>The patient's side could not have come through.</summary>
    public bool ShowsFailure => Type == AttendanceFactType.CheckFailed;
}

/// <summary>A time during which somebody was there; <paramref name="To"/> is null while they are.</summary>
public sealed record Stay(DateTimeOffset From, DateTimeOffset? To);

/// <summary>Why what is known speaks against saying that an appointment was missed, or not held.</summary>
public abstract record AttendanceRefusal
{
    private AttendanceRefusal()
    {
    }

    /// <param name="From">It can be said from then on.</param>
    public sealed record TooEarly(DateTimeOffset From) : AttendanceRefusal;

    /// <summary>The patient's side was there.</summary>
    public sealed record PatientCame(DateTimeOffset At) : AttendanceRefusal;

    /// <summary>The patient's side tried to come, and it did not work.</summary>
    public sealed record PatientTried(DateTimeOffset At) : AttendanceRefusal;

    /// <summary>The patient's device failed its check, so that they could not come.</summary>
    public sealed record DeviceFailed(DateTimeOffset At) : AttendanceRefusal;

    /// <param name="Present">How long the clinician was there after the start.</param>
    public sealed record ClinicianNotThere(TimeSpan Present) : AttendanceRefusal;

    /// <summary>The clinician was there long enough to be met.</summary>
    public sealed record ClinicianWasThere(TimeSpan Present) : AttendanceRefusal;

    public sealed record PatientNeverCame : AttendanceRefusal;
}

/// <summary>
/// Who was where, when, from both sides, and what may be said because of it. It depends on what happened alone: the order in which it became known, or how often, makes no difference. Times
/// carry the practice's offset.
/// </summary>
/// <param name="IsVideo">Of telephone and visits nothing is seen but what the practice marks.</param>
/// <param name="ClinicianPresent">How long the clinician was in their clinic or one of its consultations, from the start on.</param>
/// <param name="Facts">In order of time.</param>
public sealed record AttendanceEvidence(DateTimeOffset Start, bool IsVideo, TimeSpan ClinicianPresent, IReadOnlyList<AttendanceFact> Facts)
{
    /// <summary>How long a clinician must have been there before a patient can have missed them.</summary>
    public static readonly TimeSpan Needed = TimeSpan.FromMinutes(5);

    public DateTimeOffset? PatientCameAt => Facts.FirstOrDefault(fact => fact.ShowsPatient)?.At;

    public DateTimeOffset? PatientTriedAt => Facts.FirstOrDefault(fact => fact.ShowsAttempt)?.At;

    public DateTimeOffset? DeviceFailedAt => Facts.FirstOrDefault(fact => fact.ShowsFailure)?.At;

    public static AttendanceEvidence Of(DateTimeOffset start, bool isVideo, IEnumerable<Stay> clinician, IEnumerable<AttendanceFact> patient, DateTimeOffset now)
    {
        var stays = Merged(clinician, now);
        var facts = patient.Concat(stays.SelectMany(FactsOf)).Where(fact => fact.At <= now).Distinct().OrderBy(fact => fact.At).ThenBy(fact => fact.Type).ToList();
        return new AttendanceEvidence(start, isVideo, stays.Aggregate(TimeSpan.Zero, (sum, stay) => sum + After(start, stay, now)), facts);
    }

    /// <summary>Why nobody may say that the patient missed it; null if they may.</summary>
    public AttendanceRefusal? RefusalOfMissed(DateTimeOffset now)
    {
        if (now < Start + Needed)
            return new AttendanceRefusal.TooEarly(Start + Needed);
        if (PatientCameAt is { } came)
            return new AttendanceRefusal.PatientCame(came);
        if (PatientTriedAt is { } tried)
            return new AttendanceRefusal.PatientTried(tried);
        if (DeviceFailedAt is { } failed)
            return new AttendanceRefusal.DeviceFailed(failed);
        return IsVideo && ClinicianPresent < Needed ? new AttendanceRefusal.ClinicianNotThere(ClinicianPresent) : null;
    }

    /// <summary>Why nobody may say that it was not held for this reason; null if they may.</summary>
    public AttendanceRefusal? RefusalOf(NotHeld why, DateTimeOffset now) => why switch
    {
        NotHeld.ClinicianDidNotCome when now < Start + Needed => new AttendanceRefusal.TooEarly(Start + Needed),
        _ when now < Start => new AttendanceRefusal.TooEarly(Start),
        NotHeld.ClinicianDidNotCome when IsVideo && ClinicianPresent >= Needed => new AttendanceRefusal.ClinicianWasThere(ClinicianPresent),
        NotHeld.LeftBeforeSeen when PatientCameAt is null => new AttendanceRefusal.PatientNeverCame(),
        _ => null,
    };

    /// <summary>Stays that overlap or touch are one.</summary>
    private static List<Stay> Merged(IEnumerable<Stay> stays, DateTimeOffset now)
    {
        var merged = new List<Stay>();
        foreach (var stay in stays.Where(stay => stay.From <= now && (stay.To is not { } to || to >= stay.From)).OrderBy(stay => stay.From))
        {
            if (merged is [.., var last] && (last.To is not { } end || stay.From <= end))
                merged[^1] = last with { To = last.To is { } one && stay.To is { } other ? (one > other ? one : other) : null };
            else
                merged.Add(stay);
        }

        return merged;
    }

    private static IEnumerable<AttendanceFact> FactsOf(Stay stay)
    {
        yield return new AttendanceFact(stay.From, AttendanceFactType.ClinicianCame);
        if (stay.To is { } to)
            yield return new AttendanceFact(to, AttendanceFactType.ClinicianLeft);
    }

    private static TimeSpan After(DateTimeOffset start, Stay stay, DateTimeOffset now)
    {
        var from = stay.From > start ? stay.From : start;
        var to = stay.To is { } end && end < now ? end : now;
        return to > from ? to - from : TimeSpan.Zero;
    }
}
