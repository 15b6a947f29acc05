using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>What a clinician decided of the people in a call, as the timeline says it.</summary>
internal static class DecisionWording
{
    /// <summary>That it was asked, and what became of it.</summary>
    public static IEnumerable<(DateTimeOffset At, string Text)> Lines(this HandoverStep handover)
    {
        yield return (handover.AskedAt, $"{handover.FromName} asked {handover.ToName} to take over.");
        var became = handover.Status switch
        {
            HandoverStatus.Accepted => $"{handover.ToName} agreed to take over.",
            HandoverStatus.Done => $"{handover.FromName} handed the patient over to {handover.ToName}.",
            HandoverStatus.Declined => $"{handover.ToName} declined.",
            HandoverStatus.Withdrawn => $"{handover.FromName} took it back.",
            _ => null,
        };
        if (became is not null)
            yield return (handover.ChangedAt, became);
    }

    public static string Line(this DecisionView decision) => decision.Type switch
    {
        ConsultationFactType.LetIn => $"{decision.Name} was let in.",
        ConsultationFactType.Held => $"{decision.Name} was put on hold.",
        ConsultationFactType.Resumed => $"{decision.Name} was brought back from hold.",
        ConsultationFactType.Removed => $"{decision.Name} was removed from the call.",
        ConsultationFactType.Readmitted => $"{decision.Name} was allowed to come back.",
        ConsultationFactType.Locked => "The call was locked.",
        ConsultationFactType.Unlocked => "The call was unlocked.",
        ConsultationFactType.HuddleBegan => $"A private talk with {decision.Name} began. The others were on hold.",
        ConsultationFactType.HuddleEnded => "The private talk ended.",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision.Type, "Not a decision."),
    };
}
