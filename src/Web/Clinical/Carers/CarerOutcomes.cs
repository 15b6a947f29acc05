using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Carers;

/// <summary>Whom a patient asks for help, and what they may do.</summary>
/// <param name="LastDay">The last day of the practice's calendar on which they may.</param>
/// <param name="Reason">Why staff record it for the patient; the patient themself need not say.</param>
public sealed record CarerGrant(PatientId Patient, string Name, Relationship Relationship, string Email, CarerRights Rights, DateOnly LastDay, string? Reason = null);

public abstract record GrantOutcome
{
    public sealed record Granted(RelatedPersonId Carer) : GrantOutcome;

    /// <summary>A name or an address is missing, too long, or is none.</summary>
    public sealed record Incomplete : GrantOutcome;

    /// <summary>Nothing that they may do.</summary>
    public sealed record NoRights : GrantOutcome;

    /// <summary>The last day is before today, or later than a year from now.</summary>
    /// <param name="Latest">The latest that it can be.</param>
    public sealed record WrongDay(DateOnly Latest) : GrantOutcome;

    /// <summary>The patient's own address.</summary>
    public sealed record OwnAddress : GrantOutcome;

    /// <summary>This address is invited, or acts for the patient: withdraw that first.</summary>
    public sealed record AlreadyThere : GrantOutcome;

    /// <summary>More than <see cref="CarerService.MostAtOnce"/>.</summary>
    public sealed record TooMany : GrantOutcome;

    /// <summary>Staff gave no reason, or it is too long.</summary>
    public sealed record ReasonMissing : GrantOutcome;

    public sealed record NotFound : GrantOutcome;
}

public abstract record WithdrawOutcome
{
    /// <param name="Rooms">Where the carer may be at this moment: they must be sent away.</param>
    public sealed record Withdrawn(RelatedPersonId Carer, IReadOnlyList<Room> Rooms) : WithdrawOutcome;

    /// <summary>It was over already.</summary>
    public sealed record Over : WithdrawOutcome;

    /// <summary>Staff gave no reason, or it is too long.</summary>
    public sealed record ReasonMissing : WithdrawOutcome;

    public sealed record NotFound : WithdrawOutcome;
}

/// <summary>How a grant stands now.</summary>
public enum CarerState
{
    Invited,

    /// <summary>Nobody answered the invitation in time.</summary>
    NotAnswered,

    Active,
    Declined,
    Withdrawn,

    /// <summary>Its last day is over.</summary>
    Expired,
}

/// <summary>One grant, for the patient and for staff.</summary>
/// <param name="AnswerUntil">With the practice's offset.</param>
public sealed record CarerView(
    RelatedPersonId Id, string Name, Relationship Relationship, string Email, CarerRights Rights, DateOnly LastDay, DateTimeOffset AnswerUntil, CarerState State)
{
    public bool CanBeWithdrawn => State is CarerState.Active or CarerState.Invited;
}

/// <summary>One thing that a carer did for the patient.</summary>
/// <param name="Action">What was done, such as appointment.move.</param>
/// <param name="Start">Of the appointment it was about; null if it was about none.</param>
public sealed record CarerAct(DateTimeOffset At, string CarerName, string Action, DateTimeOffset? Start);

/// <summary>Someone whom the signed-in person acts for, or did.</summary>
public sealed record ActsForView(RelatedPersonId Id, string PatientName, string PracticeName, CarerRights Rights, DateOnly LastDay, CarerState State);

/// <summary>A carer at work: the actor that services take, with what pages say.</summary>
public sealed record CarerAtPractice(PersonAtPractice Person, string PatientName);

/// <summary>What an invitation's link shows to whoever opens it, signed in.</summary>
public abstract record Invitation
{
    /// <summary>It can be answered by this account.</summary>
    public sealed record Open(string CarerName, string PatientName, string PracticeName, CarerRights Rights, DateOnly LastDay, DateTimeOffset AnswerUntil) : Invitation;

    /// <summary>This account has accepted it.</summary>
    public sealed record Accepted(RelatedPersonId Carer, string PatientName) : Invitation;

    /// <summary>It was sent to another address than that of this account, or the account's address is not confirmed.</summary>
    public sealed record OtherAccount : Invitation;

    /// <summary>Another account has accepted it, or it was declined.</summary>
    public sealed record Used : Invitation;

    public sealed record Expired : Invitation;

    public sealed record Withdrawn : Invitation;

    /// <summary>There is no such invitation.</summary>
    public sealed record NotFound : Invitation;
}
