using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>The diary in words: what colour shows is said too.</summary>
internal static class DiaryWording
{
    private static readonly string Empty = Guid.Empty.ToString();

    /// <summary>A generated address whose empty id is replaced.</summary>
    public static string With(this string link, Guid id) => link.Replace(Empty, id.ToString(), StringComparison.Ordinal);

    public static string Line(this DiaryEntry entry)
    {
        var text = entry.State switch
        {
            DiaryState.Free when entry.Places > 1 => $"{entry.Places} places free",
            DiaryState.Free => "Free",
            DiaryState.Unused => "Not used",
            DiaryState.Held => $"Held for {entry.Patient}",
            DiaryState.Blocked => entry.Note is null ? "Blocked" : $"Blocked: {entry.Note}",
            DiaryState.Booked => entry.Patient,
            _ => $"{entry.Patient}, {entry.State.Said()}",
        };
        return entry.IsExtra ? $"{text} (extra)" : text ?? "";
    }

    public static string Said(this DiaryState state) => state switch
    {
        DiaryState.Arrived => "arrived",
        DiaryState.Waiting => "waiting",
        DiaryState.InCall => "in call",
        DiaryState.Done => "done",
        DiaryState.DidNotAttend => "did not attend",
        DiaryState.WasNotBrought => "was not brought",
        DiaryState.Booked => "booked",
        DiaryState.Free => "free",
        DiaryState.Unused => "not used",
        DiaryState.Held => "held",
        DiaryState.Blocked => "blocked",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of the diary."),
    };

    /// <summary>The end of a class name: how the entry is coloured.</summary>
    public static string Shade(this DiaryState state) => state switch
    {
        DiaryState.Free => "free",
        DiaryState.Unused or DiaryState.Blocked => "blocked",
        DiaryState.Held => "held",
        DiaryState.Booked => "booked",
        DiaryState.Done => "done",
        DiaryState.DidNotAttend or DiaryState.WasNotBrought => "missed",
        _ => "here",
    };

    /// <summary>Who did something, for colleagues.</summary>
    public static string Named(this ActorRole role) => role switch
    {
        ActorRole.Patient => "the patient",
        ActorRole.Practitioner => "the clinician",
        ActorRole.Staff => "staff",
        ActorRole.Administrator => "an administrator",
        ActorRole.Carer => "a carer",
        ActorRole.Guest => "a guest",
        ActorRole.System => "the system",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    /// <summary>What was done to an appointment, from its audit's action.</summary>
    public static string Done(string action) => action switch
    {
        "appointment.book" or "demonstration.seed" => "Booked",
        "appointment.overbook" => "Booked as an extra",
        "appointment.move" => "Moved",
        "appointment.cancel" => "Cancelled",
        "appointment.switch-channel" => "Held another way",
        "appointment.arrive" => "Marked as arrived",
        "appointment.did-not-attend" => "Marked as did not attend",
        "appointment.was-not-brought" => "Marked as was not brought",
        "appointment.undo-attendance" => "Mark undone",
        "appointment.not-held" => "Closed as not held",
        "attendance.correct" => "Mark corrected",
        _ => action.Split('.')[^1].Replace('-', ' ') is { Length: > 0 } words ? char.ToUpperInvariant(words[0]) + words[1..] : action,
    };

    /// <summary>Hours of a day as rows: a clock that goes back has the same hour twice.</summary>
    public static DateTimeOffset Hour(this DateTimeOffset local) => new(local.Year, local.Month, local.Day, local.Hour, 0, 0, local.Offset);

    public static string Between(DateTimeOffset start, DateTimeOffset end) => $"{start.Clock()} to {end.Clock()}";
}
