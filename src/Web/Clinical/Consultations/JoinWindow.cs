using Telemedicine.Clinical.Booking;

namespace Telemedicine.Clinical.Consultations;

/// <summary>When a patient may open the consultation, by the server's clock: from 30 minutes before the start to 4 hours after it.</summary>
public sealed record JoinWindow(DateTimeOffset OpensAt, DateTimeOffset ClosesAt)
{
    public static readonly TimeSpan Before = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan After = TimeSpan.FromHours(4);

    public static JoinWindow Of(Appointment appointment) => new(appointment.Start - Before, appointment.Start + After);

    /// <summary>Whom the clinician has let in may come back at any time until it is finished.</summary>
    public bool Lets(AppointmentStatus status, DateTimeOffset now) => status switch
    {
        AppointmentStatus.CheckedIn => true,
        AppointmentStatus.Booked or AppointmentStatus.Arrived => now >= OpensAt && now <= ClosesAt,
        _ => false,
    };
}
