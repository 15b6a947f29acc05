using Telemedicine.Clinical.Queue;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

internal static class BoardWording
{
    /// <summary>Why this patient is proposed, in a sentence.</summary>
    public static string Why(this NextReason reason, BoardRow row) => reason switch
    {
        NextReason.AskedForHelp => "They asked for help now.",
        NextReason.OnlyOne => "Nobody else waits.",
        NextReason.EarliestDue => $"Of those who wait, their time was the earliest: {row.Start.Clock()}.",
        NextReason.EarlyAndReady => $"Nobody is due yet. Their time, {row.Start.Clock()}, comes first.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
    };

    /// <summary>What was done in the meantime, for whoever acted on what they saw before.</summary>
    public static string Sentence(this LastAct? act) => act switch
    {
        null => "The appointment has changed. Look at it again",
        { Action: "signalling.admitted" } => $"The patient was let in at {act.At.Clock()}",
        { Who: { } who } => $"{who} {Did(act.Action)} at {act.At.Clock()}",
        _ => $"The appointment changed at {act.At.Clock()}",
    };

    private static string Did(string action) => action switch
    {
        "appointment.arrive" => "marked the patient as arrived",
        "appointment.did-not-attend" or "appointment.was-not-brought" => "marked the appointment as not attended",
        "appointment.cancel" or "clinic.call-off" => "cancelled the appointment",
        "appointment.move" => "moved the appointment",
        "consultation.join" => "opened the consultation",
        "consultation.finish" => "finished the consultation",
        _ => "changed the appointment",
    };
}
