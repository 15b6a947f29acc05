using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Booking;
namespace Telemedicine.Clinical.Consultations;

/// <summary>What a join ticket says.</summary>
/// <param name="Participant">The value of the Patient's, Practitioner's, StaffMember's, RelatedPerson's or Guest's id.</param>
/// <param name="Consultation">Null for a ticket to the clinic's board alone.</param>
/// <param name="Admitted">The clinician has let the patient in; of a guest: the guest too.</param>
/// <param name="ChatKept">The clinician keeps the messages of the call with the record.</param>
/// <param name="Telephone">The consultation goes on by telephone.</param>
public sealed record TicketFacts(
    Guid Participant, string DisplayName, ConsultationRole Role, ScheduleId Clinic, AppointmentId? Consultation, bool Admitted, bool ChatKept = false, bool Telephone = false)
{
    /// <summary>Null while the clinician has decided nothing of the people in the call.</summary>
    public TicketRoom? Room { get; init; }
}

public abstract record JoinOutcome
{
    /// <param name="FirstTime">The patient was not recorded as arrived before: the clinic's boards have something to show.</param>
    public sealed record Ok(TicketFacts Ticket, bool FirstTime) : JoinOutcome;

    /// <param name="OpensAt">With the practice's offset.</param>
    public sealed record TooEarly(DateTimeOffset OpensAt) : JoinOutcome;

    /// <param name="ClosedAt">With the practice's offset.</param>
    public sealed record TooLate(DateTimeOffset ClosedAt) : JoinOutcome;

    public sealed record Cancelled : JoinOutcome;

    public sealed record Finished : JoinOutcome;

    /// <summary>The practice marked it as missed.</summary>
    public sealed record DidNotAttend : JoinOutcome;

    /// <summary>It is held by telephone or in person.</summary>
    public sealed record NotVideo : JoinOutcome;

    /// <summary>The clinician removed this person from the call, and has not let them back.</summary>
    public sealed record Removed : JoinOutcome;

    /// <summary>The clinician lets nobody in who was not in the call before.</summary>
    public sealed record Locked : JoinOutcome;

    /// <summary>There is none, or it is somebody else's.</summary>
    public sealed record NotFound : JoinOutcome;
}

/// <summary>The clinician's side of a consultation. Times carry the practice's offset.</summary>
/// <param name="Note">The draft, or the signed note; empty if there is none yet.</param>
/// <param name="Phone">Where the patient said that they can be called back, else what the practice knows; null if nobody does.</param>
/// <param name="NoteVersion">To be sent back with the next save; 0 if there is no note yet.</param>
public sealed record ConsultationView(
    AppointmentId Id,
    ScheduleId Clinic,
    PatientId Patient,
    string PatientName,
    DateOnly PatientDateOfBirth,
    string ServiceName,
    DateTimeOffset Start,
    DateTimeOffset End,
    BoardStatus Status,
    string? ReasonForVisit,
    string Note,
    int NoteVersion,
    DateTimeOffset? NoteSavedAt,
    DateTimeOffset? NoteSignedAt,
    IReadOnlyList<AnswerView> Answers,
    IReadOnlyList<ArrivalView> Arrivals,
    string? Phone)
{
    /// <summary>A code of <see cref="ProblemList"/>; null if it is not coded.</summary>
    public string? Problem { get; init; }

    public EncounterOutcome? Outcome { get; init; }

    /// <summary>False for a clinician who has agreed to take over, until the other hands over: they do not write the note yet.</summary>
    public bool IsResponsible { get; init; } = true;
}

public abstract record OpenOutcome
{
    /// <param name="Ticket">Null when there is no call to join any more, or none at all (telephone, in person).</param>
    public sealed record Ok(TicketFacts? Ticket, ConsultationView Consultation) : OpenOutcome;

    public sealed record Cancelled : OpenOutcome;

    /// <summary>There is none, or it is in another clinician's clinic.</summary>
    public sealed record NotFound : OpenOutcome;
}

public abstract record SaveNoteOutcome
{
    public sealed record Saved(int Version, DateTimeOffset At) : SaveNoteOutcome;

    /// <summary>Another window saved meanwhile. Nothing was overwritten: show both and let the clinician choose.</summary>
    public sealed record ChangedElsewhere(string Text, int Version) : SaveNoteOutcome;

    /// <summary>More than <see cref="EncounterNote.MaxLength"/> characters.</summary>
    public sealed record TooLong : SaveNoteOutcome;

    /// <summary>Finished, cancelled or missed: the note is closed.</summary>
    public sealed record Closed : SaveNoteOutcome;

    public sealed record NotFound : SaveNoteOutcome;
}

public abstract record FinishOutcome
{
    /// <summary>Whoever is in the room must be told.</summary>
    public sealed record Finished(ScheduleId Clinic) : FinishOutcome;

    /// <summary>The patient has not been let in yet, so there is nothing to finish. The note is kept as a draft.</summary>
    public sealed record NotStarted(int NoteVersion) : FinishOutcome;

    public sealed record AlreadyFinished : FinishOutcome;

    /// <summary>Cancelled, or marked as missed.</summary>
    public sealed record Cancelled : FinishOutcome;

    public sealed record NoteMissing : FinishOutcome;

    public sealed record NoteTooLong : FinishOutcome;

    public sealed record NoteChangedElsewhere(string Text, int Version) : FinishOutcome;

    public sealed record NotFound : FinishOutcome;
}

/// <summary>A change of a signed note. Times carry the practice's offset.</summary>
/// <param name="Author">Who changed it.</param>
public sealed record AmendmentView(DateTimeOffset At, string Author, string Reason, string TextBefore, string? ProblemBefore, EncounterOutcome? OutcomeBefore);

public abstract record AmendOutcome
{
    public sealed record Amended : AmendOutcome;

    /// <summary>Text, problem and outcome are as they were.</summary>
    public sealed record NothingChanged : AmendOutcome;

    /// <summary>No reason, or one longer than <see cref="Appointment.ReasonLength"/> characters.</summary>
    public sealed record ReasonMissing : AmendOutcome;

    public sealed record TextMissing : AmendOutcome;

    /// <summary>More than <see cref="EncounterNote.MaxLength"/> characters.</summary>
    public sealed record TooLong : AmendOutcome;

    /// <summary>Another window amended it meanwhile. Nothing was overwritten.</summary>
    public sealed record ChangedElsewhere(string Text, int Version) : AmendOutcome;

    /// <summary>There is no signed note.</summary>
    public sealed record NotSigned : AmendOutcome;

    public sealed record NotFound : AmendOutcome;
}

public abstract record ArrivedOutcome
{
    public sealed record Marked(ScheduleId Clinic) : ArrivedOutcome;

    /// <summary>Only who is booked arrives.</summary>
    public sealed record NotPossible(BoardStatus Status) : ArrivedOutcome;

    public sealed record NotFound : ArrivedOutcome;
}

public abstract record UndoOutcome
{
    public sealed record Undone(ScheduleId Clinic) : UndoOutcome;

    /// <summary>The patient really is in the waiting room.</summary>
    public sealed record PatientIsWaiting(DateTimeOffset Since) : UndoOutcome;

    /// <summary>It is neither marked as arrived nor as missed.</summary>
    public sealed record NotPossible : UndoOutcome;

    public sealed record ReasonMissing : UndoOutcome;

    public sealed record NotFound : UndoOutcome;
}

public abstract record DidNotAttendOutcome
{
    /// <param name="As">A child is always "was not brought".</param>
    public sealed record Marked(ScheduleId Clinic, bool HasRoom, Absence As) : DidNotAttendOutcome;

    /// <summary>What is known of who was there speaks against it.</summary>
    public sealed record Refused(AttendanceRefusal Refusal) : DidNotAttendOutcome;

    /// <summary>It has been held, cancelled or marked already.</summary>
    public sealed record NotPossible(BoardStatus Status) : DidNotAttendOutcome;

    public sealed record NotFound : DidNotAttendOutcome;
}

/// <summary>What the patient reads after the call. Times carry the practice's offset.</summary>
/// <param name="StartedAt">When the clinician let them in; null if that has not happened.</param>
public sealed record ConsultationResult(
    AppointmentId Id,
    string Reference,
    BoardStatus Status,
    string ServiceName,
    string PractitionerName,
    string PracticeName,
    string? PracticePhone,
    DateTimeOffset Start,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string? CancellationReason)
{
    /// <summary>The patient may go back to the call now.</summary>
    public bool CanRejoin { get; init; }

    /// <summary>Until then; null for whom the clinician has let in: they may come back until it is finished.</summary>
    public DateTimeOffset? RejoinUntil { get; init; }
}
