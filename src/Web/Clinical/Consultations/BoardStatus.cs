using Telemedicine.Clinical.Booking;

namespace Telemedicine.Clinical.Consultations;

/// <summary>One word for how far an appointment is, for people.</summary>
public enum BoardStatus
{
    Booked,

    /// <summary>The patient has opened the consultation but is not in the waiting room (yet, or any more).</summary>
    Arrived,
    Waiting,
    InCall,
    Done,
    DidNotAttend,
    Cancelled,
}

internal static class BoardStatuses
{
    public static BoardStatus Of(AppointmentStatus appointment, bool inWaitingRoom) => appointment switch
    {
        AppointmentStatus.Arrived => inWaitingRoom ? BoardStatus.Waiting : BoardStatus.Arrived,
        AppointmentStatus.CheckedIn => BoardStatus.InCall,
        AppointmentStatus.Fulfilled => BoardStatus.Done,
        AppointmentStatus.NoShow => BoardStatus.DidNotAttend,
        AppointmentStatus.Cancelled or AppointmentStatus.EnteredInError => BoardStatus.Cancelled,
        _ => BoardStatus.Booked,
    };
}
