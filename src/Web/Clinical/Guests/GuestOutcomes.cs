using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Guests;

/// <summary>Whom somebody asks to be in a consultation.</summary>
/// <param name="Email">Null or empty: no email is sent.</param>
/// <param name="Phone">Null or empty: no text message is sent.</param>
public sealed record GuestRequest(GuestRole Role, string Name, string? Email, string? Phone);

public abstract record InviteOutcome
{
    /// <param name="Code">What the guest must be told by another way; null for a patient, who knows their date of birth.</param>
    /// <param name="Sent">An email or a text message is on its way.</param>
    public sealed record Invited(GuestId Guest, string? Code, bool Sent) : InviteOutcome;

    /// <summary>The name is missing or too long.</summary>
    public sealed record NameMissing : InviteOutcome;

    /// <summary>The email address is none.</summary>
    public sealed record WrongEmail : InviteOutcome;

    /// <summary>The phone number is too long to be one.</summary>
    public sealed record WrongPhone : InviteOutcome;

    /// <summary>Who invites may not invite such a guest.</summary>
    public sealed record WrongRole : InviteOutcome;

    /// <summary>More than <see cref="GuestService.MostAtOnce"/>.</summary>
    public sealed record TooMany : InviteOutcome;

    /// <summary>The appointment is over, cancelled, or not by video.</summary>
    public sealed record Closed : InviteOutcome;

    public sealed record NotFound : InviteOutcome;
}

/// <summary>A guest's invitation was taken back.</summary>
/// <param name="Seat">The browser in which the guest may be in the call at this moment.</param>
public sealed record RevokedGuest(string Name, Guid? Seat);

/// <summary>One guest, for whoever invites.</summary>
/// <param name="Code">What to tell them; null for a patient.</param>
/// <param name="OpenedAt">When they last proved who they are; null before. With the practice's offset.</param>
public sealed record GuestView(GuestId Id, GuestRole Role, string Name, string? Email, string? Phone, string? Code, bool IsRevoked, bool IsSpent, DateTimeOffset? OpenedAt);

/// <summary>The guests of an appointment, for whoever may invite. Times carry the practice's offset.</summary>
/// <param name="Roles">Whom the reader may invite.</param>
public sealed record GuestList(
    AppointmentId Appointment, string PatientName, bool PatientHasAccount, string ServiceName, string PractitionerName, DateTimeOffset Start, bool IsOpen,
    IReadOnlyList<GuestRole> Roles, IReadOnlyList<GuestView> Guests);

/// <summary>Why a link leads nowhere any more.</summary>
public enum LinkOver
{
    /// <summary>Whoever invited has taken it back.</summary>
    Revoked,
    Cancelled,
    Finished,

    /// <summary>The practice marked the appointment as missed.</summary>
    Missed,

    /// <summary>The time to join has passed, or it is held in another way now.</summary>
    Closed,
}

/// <summary>What a link shows to whoever opens it. Of the person it says nothing before they have proved who they are.</summary>
public abstract record GuestLinkView(string PracticeName, string? PracticePhone)
{
    /// <param name="Start">Of the appointment, with the practice's offset.</param>
    /// <param name="MovedFrom">When it was to be when the link was made, if that has changed.</param>
    public sealed record Open(string PracticeName, string? PracticePhone, GuestId Guest, GuestRole Role, DateTimeOffset Start, DateTimeOffset? MovedFrom) : GuestLinkView(PracticeName, PracticePhone);

    /// <summary>Too many wrong answers.</summary>
    /// <param name="Until">With the practice's offset; null when only a new link helps.</param>
    public sealed record Resting(string PracticeName, string? PracticePhone, DateTimeOffset? Until) : GuestLinkView(PracticeName, PracticePhone);

    public sealed record Over(string PracticeName, string? PracticePhone, LinkOver Why) : GuestLinkView(PracticeName, PracticePhone);
}

/// <summary>What only the guest knows: a patient their date of birth, everybody else the code they were told.</summary>
public sealed record GuestAnswer(DateOnly? DateOfBirth, string? Code);

public abstract record ConfirmOutcome
{
    /// <param name="Former">The browser that had the seat before, whose call ends now; null if there was none.</param>
    public sealed record Confirmed(GuestId Guest, Guid Seat, Guid? Former) : ConfirmOutcome;

    /// <param name="Left">So many tries before the link rests.</param>
    public sealed record Wrong(int Left) : ConfirmOutcome;

    /// <summary>The answer is right, and the consultation is open in another browser since then: say whether to move it here.</summary>
    /// <param name="Since">With the practice's offset.</param>
    public sealed record Taken(DateTimeOffset Since) : ConfirmOutcome;

    /// <summary>There is nothing to confirm: what the link shows says why. Null when there is no such link.</summary>
    public sealed record Refused(GuestLinkView? Why) : ConfirmOutcome;
}

/// <summary>A guest who has proved who they are, and the one consultation that is open to them. Times carry the practice's offset.</summary>
/// <param name="JoinsFrom">When the doors open; null when they are open.</param>
public sealed record GuestAtConsultation(
    GuestId Id, Guid Seat, GuestRole Role, string Name, AppointmentId Appointment, string PatientName, string ServiceName, string PractitionerName,
    string PracticeName, string? PracticePhone, string TimeZone, DateTimeOffset Start, DateTimeOffset? JoinsFrom, Actor Actor);
