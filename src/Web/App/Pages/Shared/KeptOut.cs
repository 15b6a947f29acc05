using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>Why somebody does not come into a call that goes on without them.</summary>
internal static class KeptOut
{
    /// <summary>Null for every other outcome.</summary>
    public static string? Why(JoinOutcome outcome, string clinician) => outcome switch
    {
        JoinOutcome.Removed => $"{clinician} has removed you from this call. You can only come back if they let you.",
        JoinOutcome.Locked => $"{clinician} has locked this call. Nobody new can join now. Try again later.",
        _ => null,
    };
}
