using static Telemedicine.Clinical.Booking.AppointmentStatus;

namespace Telemedicine.Clinical.Booking;

/// <summary>FHIR AppointmentStatus.</summary>
public enum AppointmentStatus
{
    Proposed,
    Pending,
    Waitlist,
    Booked,

    /// <summary>The patient opened the consultation, or is at the desk.</summary>
    Arrived,

    /// <summary>The clinician has let the patient in.</summary>
    CheckedIn,
    Fulfilled,
    Cancelled,

    /// <summary>Did not attend.</summary>
    NoShow,
    EnteredInError,
}

/// <summary>How an appointment was missed: NoShow in FHIR either way.</summary>
public enum Absence
{
    DidNotAttend,

    /// <summary>A child, or an adult who depends on others, whom nobody brought: no fault of theirs.</summary>
    WasNotBrought,
}

/// <summary>Why an appointment was not held although the patient did nothing wrong.</summary>
public enum NotHeld
{
    ClinicianDidNotCome,
    TechnicalFailure,

    /// <summary>The patient came, waited, and went before the clinician let them in.</summary>
    LeftBeforeSeen,
}

public static class NotHeldReasons
{
    /// <summary>For the patient to read, in messages and on their pages.</summary>
    public static string Told(this NotHeld why) => why switch
    {
        NotHeld.ClinicianDidNotCome => "Your clinician did not come. This was our fault, and we are sorry.",
        NotHeld.TechnicalFailure => "The video call did not work. You did nothing wrong, and we are sorry.",
        NotHeld.LeftBeforeSeen => "We did not see you in time. This was not your fault, and we are sorry.",
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, "Not a reason."),
    };
}

public static class AppointmentStates
{
    public static readonly StateTable<AppointmentStatus> Table = new(new Dictionary<AppointmentStatus, AppointmentStatus[]>
    {
        [Proposed] = [Pending, Booked, Waitlist, Cancelled, EnteredInError],
        [Waitlist] = [Pending, Booked, Cancelled, EnteredInError],
        [Pending] = [Booked, Waitlist, Cancelled, EnteredInError],
        [Booked] = [Arrived, Cancelled, NoShow, EnteredInError],
        [Arrived] = [CheckedIn, Fulfilled, Cancelled, Booked, EnteredInError],
        [CheckedIn] = [Fulfilled, Cancelled, EnteredInError],
        [NoShow] = [Booked, EnteredInError],
        [Fulfilled] = [EnteredInError],
        [Cancelled] = [EnteredInError],
    });
}
