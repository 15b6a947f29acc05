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
}

/// <summary>What Web tells Signalling: the body of POST /clinics/{clinic}/commands. Carrying one out twice changes nothing more.</summary>
public sealed record ClinicCommand(Guid Id, ClinicCommandType Type, ClinicId Clinic, ConsultationId? Consultation, DateTimeOffset At)
{
    public static string PathFor(ClinicId clinic) => $"/clinics/{clinic}/commands";
}
