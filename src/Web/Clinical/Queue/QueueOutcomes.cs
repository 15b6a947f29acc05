using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Clinical.Queue;

/// <summary>What the practice told somebody. The time carries the practice's offset.</summary>
public sealed record CommunicationView(Guid Id, string From, string Text, DateTimeOffset SentAt);

/// <summary>Times carry the practice's offset.</summary>
/// <param name="SeenAt">Null until somebody of the practice has seen it.</param>
public sealed record HelpView(DateTimeOffset AskedAt, DateTimeOffset? SeenAt, string? SeenBy);

/// <summary>What somebody who waits may know. Times carry the practice's offset.</summary>
/// <param name="Forecast">Null when they do not wait.</param>
/// <param name="Late">How much after its time the appointment will begin, as far as can be told; zero or less: in time.</param>
/// <param name="ClinicianLate">The clinic should have begun and has not.</param>
/// <param name="Messages">The newest first.</param>
/// <param name="Help">The last time they asked for help; null if they did not.</param>
public sealed record QueueView(
    AppointmentId Appointment,
    BoardStatus Status,
    DateTimeOffset Start,
    string PractitionerName,
    string PracticeName,
    string? PracticePhone,
    WaitForecast? Forecast,
    TimeSpan Late,
    bool ClinicianLate,
    IReadOnlyList<CommunicationView> Messages,
    HelpView? Help);

public abstract record AskOutcome
{
    /// <summary>The practice is told; also when it had been told before and nobody has seen it yet.</summary>
    public sealed record Asked(ScheduleId Clinic) : AskOutcome;

    /// <summary>Only who waits asks this way: before and after there is the telephone, in the call the clinician.</summary>
    public sealed record NotWaiting(BoardStatus Status) : AskOutcome;

    public sealed record NotFound : AskOutcome;
}

public abstract record SendOutcome
{
    /// <param name="To">How many patients it went to.</param>
    public sealed record Sent(ScheduleId Clinic, int To) : SendOutcome;

    public sealed record Empty : SendOutcome;

    /// <summary>More than <see cref="Communication.MaxLength"/> characters, or characters that cannot be shown.</summary>
    public sealed record NotPossible : SendOutcome;

    /// <summary><see cref="Communication.MaxOfAppointment"/> messages were sent.</summary>
    public sealed record TooMany : SendOutcome;

    /// <summary>Nobody would see it now.</summary>
    public sealed record NobodyWaits : SendOutcome;

    public sealed record NotFound : SendOutcome;
}

public abstract record SeeOutcome
{
    public sealed record Seen(ScheduleId Clinic) : SeeOutcome;

    /// <summary>Somebody else was first.</summary>
    public sealed record SeenBefore(string By, DateTimeOffset At) : SeeOutcome;

    public sealed record NotFound : SeeOutcome;
}

public abstract record ClaimOutcome
{
    public sealed record Claimed(ScheduleId Clinic) : ClaimOutcome;

    /// <summary>Somebody else is busy with this patient.</summary>
    public sealed record ClaimedBy(string Name, DateTimeOffset Until) : ClaimOutcome;

    /// <summary>The patient is with the clinician, or the appointment is over.</summary>
    public sealed record Over(LastAct? Act) : ClaimOutcome;

    public sealed record NotFound : ClaimOutcome;
}

/// <summary>What happened to an appointment last, for whoever acts on what they saw before. The time carries the practice's offset.</summary>
/// <param name="Who">Null for the platform itself.</param>
/// <param name="Action">As in the audit.</param>
public sealed record LastAct(string? Who, string Action, DateTimeOffset At);
