using System.Text.Json.Serialization;

namespace Telemedicine.Signalling.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<ClinicCommandType>))]
public enum ClinicCommandType
{
    /// <summary>The clinician finished the consultation: tell everyone, close the room.</summary>
    [JsonStringEnumMemberName("finish")]
    Finish,

    /// <summary>The appointment was cancelled: nobody stays in its waiting room or call.</summary>
    [JsonStringEnumMemberName("cancel")]
    Cancel,

    /// <summary>Bookings or statuses of the clinic changed: boards fetch their rows again.</summary>
    [JsonStringEnumMemberName("clinicChanged")]
    ClinicChanged,

    /// <summary>This participant may not be in the consultation any more: their pages are sent away, and tickets that they still have open nothing.</summary>
    [JsonStringEnumMemberName("remove")]
    Remove,

    /// <summary>This sign-in has ended: whatever it opened in the clinic is closed, and tickets that it still has open nothing. Other sign-ins of the person stay.</summary>
    [JsonStringEnumMemberName("signOut")]
    SignOut,

    /// <summary>A file came or went: those in the call fetch the list again.</summary>
    [JsonStringEnumMemberName("filesChanged")]
    FilesChanged,
}

/// <summary>What Web tells Signalling: the body of POST /clinics/{clinic}/commands. Carrying one out twice changes nothing more.</summary>
/// <param name="Participant">Whom to remove; null for every other type.</param>
/// <param name="SignIn">What ended; null for every other type than <see cref="ClinicCommandType.SignOut"/>.</param>
public sealed record ClinicCommand(
    Guid Id, ClinicCommandType Type, ClinicId Clinic, ConsultationId? Consultation, DateTimeOffset At, ParticipantId? Participant = null, SignInId? SignIn = null)
{
    public static string PathFor(ClinicId clinic) => $"/clinics/{clinic}/commands";
}
