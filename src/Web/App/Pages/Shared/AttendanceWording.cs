using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>Who was where and when, in sentences: for the patient ("You") and for those who work at the practice ("The patient").</summary>
public static class AttendanceWording
{
    public static string Line(this AttendanceFact fact, bool forPatient)
    {
        var patient = forPatient ? "You" : "The patient";
        return fact.Type switch
        {
            AttendanceFactType.PatientOpened => $"{patient} pressed Join",
            AttendanceFactType.PatientWaiting => $"{patient} came into the waiting room",
            AttendanceFactType.PatientConnected => $"{patient} came into the call",
            AttendanceFactType.PatientLeft => $"{patient} left, or lost the connection",
            AttendanceFactType.MarkedArrived => $"The practice marked {patient.ToLowerInvariant()} as arrived",
            AttendanceFactType.ClinicianCame => "The clinician was there from now on",
            AttendanceFactType.ClinicianLeft => "The clinician left",
            AttendanceFactType.Admitted => $"The clinician let {patient.ToLowerInvariant()} in",
            AttendanceFactType.Ended => "The call ended",
            AttendanceFactType.PatientFailed => $"{(forPatient ? "Your" : "The patient's")} camera, microphone or connection failed",
            AttendanceFactType.CheckFailed => $"{(forPatient ? "Your" : "The patient's")} device failed its check",
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "Not a kind of fact."),
        };
    }

    /// <summary>Why it cannot be said, as an error.</summary>
    public static string Sentence(this AttendanceRefusal refusal) => refusal switch
    {
        AttendanceRefusal.TooEarly early => $"Wait until {early.From.Clock()}. It is too early to say this",
        AttendanceRefusal.PatientCame came => $"The patient was there at {came.At.Clock()}, so they did not miss the appointment. Say below why it was not held",
        AttendanceRefusal.PatientTried tried => $"The patient tried to join at {tried.At.Clock()} and did not get through, so they did not miss the appointment. Choose \"The video call did not work\" below",
        AttendanceRefusal.DeviceFailed failed => $"The patient's device failed its check at {failed.At.DayAndTime()}, so they could not come by video. Choose \"The video call did not work\" below",
        AttendanceRefusal.ClinicianNotThere there => $"The clinician {Present(there.Present)} after the start. A patient has missed an appointment only when the clinician was there for {Minutes(AttendanceEvidence.Needed)}",
        AttendanceRefusal.ClinicianWasThere there => $"The clinician {Present(there.Present)} after the start, so they came",
        AttendanceRefusal.PatientNeverCame => "The patient was never in the waiting room, so they did not leave it",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "Not a refusal."),
    };

    /// <summary>In the practice's words, for a choice.</summary>
    public static string Choice(this NotHeld why) => why switch
    {
        NotHeld.ClinicianDidNotCome => "The clinician did not come",
        NotHeld.TechnicalFailure => "The video call did not work",
        NotHeld.LeftBeforeSeen => "The patient waited and left before they were seen",
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, "Not a reason."),
    };

    public static string Missed(this Absence absence) => absence == Absence.WasNotBrought ? "Was not brought" : "Did not attend";

    public static string Said(this DisputeDecision? decision) => decision switch
    {
        null => "Waiting for an answer",
        DisputeDecision.Upheld => "The record stays",
        DisputeDecision.Corrected => "The record was corrected",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "Not a decision."),
    };

    public static string Present(TimeSpan time) =>
        time <= TimeSpan.Zero ? "was not there" : time < TimeSpan.FromMinutes(1) ? "was there for less than a minute" : $"was there for {Minutes(time)}";

    private static string Minutes(TimeSpan time) => Wording.Count((int)time.TotalMinutes, "minute", "minutes");
}
