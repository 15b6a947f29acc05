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
