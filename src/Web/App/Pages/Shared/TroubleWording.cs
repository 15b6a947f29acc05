using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>What goes wrong with somebody's connection or devices, in words for those who work at the practice.</summary>
public static class TroubleWording
{
    /// <summary>What is wrong now, without a full stop.</summary>
    public static string Told(this CallTrouble? trouble) => trouble switch
    {
        null => "Their device failed its check",
        CallTrouble.Camera => "Camera blocked, missing or unplugged",
        CallTrouble.Microphone => "Microphone blocked, missing or unplugged",
        CallTrouble.Connection => "Connection lost",
        CallTrouble.Quality => "Poor connection: less than video comes through",
        CallTrouble.NoMedia => "Neither sound nor picture comes from them",
        CallTrouble.SilentMicrophone => "Microphone on, but silent: it may be muted on the device",
        CallTrouble.FrozenCamera => "Camera on, but its picture has stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "Not a trouble."),
    };

    /// <summary>One sentence for the timeline.</summary>
    public static string Sentence(this CallIncident incident) => incident switch
    {
        { Type: ConsultationFactType.TroubleBegan, Trouble: { } trouble } => $"{incident.Name}: {Lower(Told(trouble))}.",
        { Type: ConsultationFactType.TroubleEnded, Trouble: { } trouble } => $"{incident.Name}: over: {Lower(Told(trouble))}.",
        { Direction: null, Step: CallStep.Telephone } => $"{incident.Name} changed the consultation to the telephone.",
        { Direction: null } => $"{incident.Name} changed the consultation back to video.",
        { Direction: TrackDirection.Sent, Step: { } step } => $"{Carries(step)} was sent by {incident.Name}, as the connection allowed.",
        { Step: { } step } => $"{Carries(step)} came to {incident.Name}, as the connection allowed.",
        _ => throw new ArgumentOutOfRangeException(nameof(incident), incident, "Neither a trouble nor a step."),
    };

    /// <summary>For tel: links (RFC 3966): digits, and the plus of an international number.</summary>
    public static string Dial(this string number) => $"tel:{string.Concat(number.Where(character => char.IsAsciiDigit(character) || character == '+'))}";

    private static string Carries(CallStep step) => step switch
    {
        CallStep.Video => "Video",
        CallStep.LowVideo => "A small picture",
        _ => "Sound alone",
    };

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
