namespace Telemedicine.Clinical.Afterwards;

/// <summary>The letter as its clinician writes it. Times carry the practice's offset.</summary>
/// <param name="Version">To be sent back with the next save; 0 if there is no letter yet.</param>
/// <param name="MayBeSent">The consultation is over; before, the letter is only kept.</param>
public sealed record LetterToWrite(
    AppointmentId Appointment, string PatientName, DateTimeOffset Start, string Summary, string Next, int Version, DateTimeOffset? SavedAt, DateTimeOffset? SentAt, bool MayBeSent);

/// <summary>The letter as the patient reads it. Times carry the practice's offset.</summary>
public sealed record LetterToRead(
    AppointmentId Appointment,
    string Reference,
    string PatientName,
    DateOnly PatientDateOfBirth,
    string PractitionerName,
    string PracticeName,
    string? PracticePhone,
    string ServiceName,
    DateTimeOffset Start,
    DateTimeOffset SentAt,
    string Summary,
    string Next);

public abstract record LetterOutcome
{
    public sealed record Saved(int Version, DateTimeOffset At) : LetterOutcome;

    /// <summary>The patient can read it and is told.</summary>
    public sealed record Sent : LetterOutcome;

    /// <summary>Another window saved meanwhile. Nothing was overwritten.</summary>
    public sealed record ChangedElsewhere(string Summary, string Next, int Version) : LetterOutcome;

    /// <summary>What happened, or what happens next, is empty.</summary>
    public sealed record PartMissing(bool Summary, bool Next) : LetterOutcome;

    /// <summary>More characters than <see cref="PatientLetter.SummaryLength"/> or <see cref="PatientLetter.NextLength"/>.</summary>
    public sealed record TooLong(bool Summary) : LetterOutcome;

    /// <summary>The consultation is not over yet. The text is kept.</summary>
    public sealed record NotFinished(int Version) : LetterOutcome;

    /// <summary>It was sent before, or the appointment is not held: there is nothing to write.</summary>
    public sealed record Closed : LetterOutcome;

    public sealed record NotFound : LetterOutcome;
}
