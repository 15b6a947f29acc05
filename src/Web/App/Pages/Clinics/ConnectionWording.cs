using Telemedicine.Clinical.Consultations;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>How a call's connection was, in words for the clinician.</summary>
public static class ConnectionWording
{
    /// <summary>A sentence for each person whose connection was poor, or "Good".</summary>
    /// <param name="call">Not empty.</param>
    /// <param name="clinician">How the clinician is spoken of.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<PersonCallQuality> call, string patientName, string clinician = "you")
    {
        var poor = call.Where(person => !person.IsGood).ToList();
        return poor.Count == 0 ? ["Good"] : [.. poor.Select(person => $"Poor for {Named(person.Role, patientName, clinician)}: {string.Join(", ", Troubles(person))}.")];
    }

    private static string Named(ConsultationRole role, string patientName, string clinician) => role switch
    {
        ConsultationRole.Patient => patientName,
        ConsultationRole.Carer => "the carer",
        ConsultationRole.Guest => "a guest",
        _ => clinician,
    };

    private static IEnumerable<string> Troubles(PersonCallQuality person)
    {
        if (person.PicturePaused >= PersonCallQuality.LongestPause)
            yield return $"the picture was paused for {Duration(person.PicturePaused)}";
        if (person.Freezes > PersonCallQuality.MostFreezes)
            yield return $"the picture stood still {person.Freezes} times";
        if (person.SoundLost > PersonCallQuality.MostSoundLost)
            yield return $"{Math.Round(person.SoundLost * 100)}% of the sound was lost";
        if (person.RoundTrip > PersonCallQuality.LongestRoundTrip)
            yield return "answers came late";
    }

    private static string Duration(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? Wording.Count((int)time.TotalSeconds, "second", "seconds")
        : Wording.Count((int)Math.Round(time.TotalMinutes), "minute", "minutes");
}
