using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Clinical.Booking;

public abstract record HoldOutcome
{
    /// <summary>Theirs until then; asking again does not make it longer.</summary>
    /// <param name="Slot">The one asked for, or of a group another place at the same time.</param>
    /// <param name="Until">With the practice's offset.</param>
    public sealed record Held(SlotId Slot, DateTimeOffset Until) : HoldOutcome;

    /// <summary>Sold, blocked, or held for somebody else.</summary>
    public sealed record Taken : HoldOutcome;

    /// <summary>It has started.</summary>
    public sealed record InThePast : HoldOutcome;

    /// <summary>Nothing of that service can be booked now.</summary>
    public sealed record ServiceInactive : HoldOutcome;

    public sealed record AgainstRule(BookingRule Rule) : HoldOutcome;

    /// <summary>There is no such slot or patient at this practice, or the actor may not act for the patient.</summary>
    public sealed record NotFound : HoldOutcome;
}

public abstract record BookOutcome
{
    /// <summary>Also the answer when this patient sends the same form twice.</summary>
    public sealed record Booked(AppointmentId Appointment, string Reference, ScheduleId Clinic) : BookOutcome;

    public sealed record Taken : BookOutcome;

    /// <summary>The patient has another appointment at that time.</summary>
    /// <param name="Start">Of the other one, with the practice's offset.</param>
    public sealed record Overlaps(AppointmentId Appointment, DateTimeOffset Start) : BookOutcome;

    public sealed record InThePast : BookOutcome;

    public sealed record ServiceInactive : BookOutcome;

    public sealed record AgainstRule(BookingRule Rule) : BookOutcome;

    /// <summary>Questions that need an answer have none, or one longer than <see cref="AppointmentAnswer.TextLength"/> characters.</summary>
    public sealed record AnswersMissing(IReadOnlyList<ServiceQuestionId> Questions) : BookOutcome;

    /// <summary>The service or the clinic is not held that way.</summary>
    public sealed record ChannelNotOffered : BookOutcome;

    /// <summary>More than <see cref="Appointment.ReasonLength"/> characters.</summary>
    public sealed record ReasonTooLong : BookOutcome;

    public sealed record NotFound : BookOutcome;
}

public abstract record OverbookOutcome
{
    public sealed record Booked(AppointmentId Appointment, ScheduleId Clinic) : OverbookOutcome;

    /// <summary>The time still has a place: book that one.</summary>
    public sealed record StillFree : OverbookOutcome;

    /// <summary>Somebody else added a place at the same moment: try again.</summary>
    public sealed record Taken : OverbookOutcome;

    /// <summary>The patient has another appointment at that time.</summary>
    /// <param name="Start">Of the other one, with the practice's offset.</param>
    public sealed record Overlaps(AppointmentId Appointment, DateTimeOffset Start) : OverbookOutcome;

    /// <summary>The time is over.</summary>
    public sealed record InThePast : OverbookOutcome;

    public sealed record ServiceInactive : OverbookOutcome;

    public sealed record ChannelNotOffered : OverbookOutcome;

    /// <summary>No reason, or one longer than <see cref="Appointment.ReasonLength"/> characters.</summary>
    public sealed record ReasonMissing : OverbookOutcome;

    public sealed record NotFound : OverbookOutcome;
}

public abstract record CallOffOutcome
{
    /// <param name="Rooms">Whoever is in them must be sent away.</param>
    public sealed record CalledOff(IReadOnlyList<MoveOutcome.Moved> Moved, int Cancelled, IReadOnlyList<Room> Rooms) : CallOffOutcome;

    /// <summary>Somebody booked, cancelled or took one of the times meanwhile. Nothing was done: look again.</summary>
    public sealed record Changed : CallOffOutcome;

    /// <summary>The clinic is over.</summary>
    public sealed record Over : CallOffOutcome;

    /// <summary>No reason, or one longer than <see cref="Scheduling.Slot.BlockReasonLength"/> characters.</summary>
    public sealed record ReasonMissing : CallOffOutcome;

    public sealed record NotFound : CallOffOutcome;
}

public abstract record CancelOutcome
{
    /// <summary>Its slot is free again. Whoever is in the room must be sent away.</summary>
    public sealed record Cancelled(ScheduleId Clinic, Room? Room) : CancelOutcome;

    public sealed record AlreadyCancelled : CancelOutcome;

    /// <summary>The consultation is going on: the clinician finishes it.</summary>
    public sealed record InCall : CancelOutcome;

    /// <summary>It has been held or missed; or a patient asks after its start.</summary>
    public sealed record TooLate : CancelOutcome;

    /// <summary>No reason, or one longer than <see cref="Appointment.ReasonLength"/> characters.</summary>
    public sealed record ReasonMissing : CancelOutcome;

    public sealed record NotFound : CancelOutcome;
}

public abstract record MoveOutcome
{
    /// <summary>The old slot is free again. Whoever is in the old room must be sent away.</summary>
    /// <param name="From">The clinic it was in.</param>
    public sealed record Moved(AppointmentId Appointment, ScheduleId From, ScheduleId To, Room? OldRoom) : MoveOutcome;

    public sealed record Taken : MoveOutcome;

    /// <summary>The patient has another appointment at that time.</summary>
    /// <param name="Start">Of the other one, with the practice's offset.</param>
    public sealed record Overlaps(AppointmentId Appointment, DateTimeOffset Start) : MoveOutcome;

    /// <summary>It is at that time in that clinic already.</summary>
    public sealed record SameTime : MoveOutcome;

    /// <summary>The new time has begun.</summary>
    public sealed record InThePast : MoveOutcome;

    public sealed record ServiceInactive : MoveOutcome;

    public sealed record AgainstRule(BookingRule Rule) : MoveOutcome;

    /// <summary>Only staff move to another service.</summary>
    public sealed record OtherService : MoveOutcome;

    /// <summary>The appointment cannot be held there the way it is now: choose another.</summary>
    public sealed record ChannelNotOffered : MoveOutcome;

    /// <summary>It has been held, missed or cancelled; the patient is with the clinician; or a patient asks after its start.</summary>
    public sealed record TooLate : MoveOutcome;

    /// <summary>Staff gave no reason, or it has more than <see cref="Appointment.ReasonLength"/> characters.</summary>
    public sealed record ReasonMissing : MoveOutcome;

    public sealed record NotFound : MoveOutcome;
}

public abstract record SwitchOutcome
{
    /// <param name="OldRoom">Whoever is in it must be sent away.</param>
    public sealed record Switched(ScheduleId Clinic, Room? OldRoom) : SwitchOutcome;

    /// <summary>The service or the clinic is not held that way.</summary>
    public sealed record ChannelNotOffered : SwitchOutcome;

    public sealed record TooLate : SwitchOutcome;

    public sealed record NotFound : SwitchOutcome;
}

public abstract record NotHeldOutcome
{
    /// <param name="Room">Whoever is in it must be told.</param>
    /// <param name="Next">The appointment that makes up for it; null if the patient chooses.</param>
    public sealed record Closed(ScheduleId Clinic, Room? Room, AppointmentId? Next, ScheduleId? NextClinic) : NotHeldOutcome;

    /// <summary>What is known speaks against it.</summary>
    public sealed record Refused(AttendanceRefusal Refusal) : NotHeldOutcome;

    /// <summary>The new time was taken a moment ago, or does not suit. Nothing has changed.</summary>
    public sealed record Taken : NotHeldOutcome;

    /// <summary>It has been held, cancelled or marked already.</summary>
    public sealed record NotPossible : NotHeldOutcome;

    public sealed record NotFound : NotHeldOutcome;
}
