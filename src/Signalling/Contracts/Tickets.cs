using System.Text.Json.Serialization;

namespace Telemedicine.Signalling.Contracts;

/// <summary>What a person is in a clinic or consultation. The hub's method table says what each may do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ParticipantRole>))]
public enum ParticipantRole
{
    [JsonStringEnumMemberName("patient")]
    Patient,
    [JsonStringEnumMemberName("clinician")]
    Clinician,
    [JsonStringEnumMemberName("staff")]
    Staff,
    [JsonStringEnumMemberName("administrator")]
    Administrator,

    /// <summary>On the patient's side: waits, is let in and takes part as the patient does, under a name of their own.</summary>
    [JsonStringEnumMemberName("carer")]
    Carer,

    /// <summary>
    /// Invited to this one consultation: an interpreter, a relative, a student. Waits unseen by all but the clinician, who lets them in by themself and never before the patient; then takes part as the patient does.
    /// The name says what they are.
    /// </summary>
    [JsonStringEnumMemberName("guest")]
    Guest,

    /// <summary>Somebody who checks their device: an echo of what they send themselves, and nothing of a consultation or clinic.</summary>
    [JsonStringEnumMemberName("check")]
    Check,
}

/// <summary>
/// A join ticket: what Web tells Signalling of one person on one page. On the wire it is a JWT (RFC 7519), typ
/// <see cref="TicketClaims.Type"/>, signed HS256 with one of the shared keys, whose id is the header's kid.
/// </summary>
/// <param name="Id">Used once (jti).</param>
/// <param name="Clinic">The clinic whose hub it opens.</param>
/// <param name="Consultation">The consultation it opens, or null for a clinic board.</param>
/// <param name="Admitted">Web knows this participant as admitted already, so a node that lost its memory lets them back in. A guest is so by themself.</param>
/// <param name="SignIn">What the person is signed in by, if they are: what it opened ends with it.</param>
/// <param name="Telephone">Web knows that the consultation went on by telephone, so a node that lost its memory does too.</param>
/// <param name="ChatKept">Web knows that the clinician keeps the conversation, so a node that lost its memory goes on keeping it.</param>
public sealed record Ticket(
    Guid Id,
    ParticipantId Participant,
    string DisplayName,
    ParticipantRole Role,
    ClinicId Clinic,
    ConsultationId? Consultation,
    bool Admitted,
    SignInId? SignIn = null,
    bool ChatKept = false,
    bool Telephone = false)
{
    /// <summary>What the clinician had decided of the room, and of this person in it; a node that lost its memory believes it.</summary>
    public RoomDecisions Room { get; init; } = RoomDecisions.None;
}

/// <summary>What the clinician decided, as one person's ticket tells it.</summary>
/// <param name="Held">This person is on hold.</param>
/// <param name="Locked">Nobody new may enter. Whoever is given such a ticket was in the call before.</param>
/// <param name="Huddle">The clinician talks with some people alone: true, this person is one of them (or the clinician); false, they wait meanwhile; null, there is no such talk.</param>
/// <param name="Removed">Those who may not be there any more; told to clinicians alone.</param>
public sealed record RoomDecisions(bool Held, bool Locked, bool? Huddle, IReadOnlyList<RemovedPerson> Removed)
{
    public static RoomDecisions None { get; } = new(false, false, null, []);
}

/// <summary>Whom the clinician removed from a call, for as long as they are not let back.</summary>
public sealed record RemovedPerson(ParticipantId ParticipantId, ParticipantRole Role, string Name);

/// <summary>Names in a ticket's JWT. iss, aud, sub, jti, iat, exp and name have their registered meanings; sub is the ParticipantId.</summary>
public static class TicketClaims
{
    public const string Type = "telemedicine-ticket+jwt";
    public const string Issuer = "telemedicine-web";
    public const string Audience = "telemedicine-signalling";
    public const string Role = "role";
    public const string Clinic = "clinic";
    public const string Consultation = "consultation";
    public const string Admitted = "admitted";
    public const string SignIn = "sid";
    public const string ChatKept = "chat_kept";

    /// <summary>The <see cref="RoomDecisions"/> as JSON; left out while there are none.</summary>
    public const string Room = "room";
    public const string Telephone = "telephone";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);
}

/// <summary>One key that Web and Signalling share, for tickets, events and commands. The first listed signs; all listed verify.</summary>
public sealed class SharedKey
{
    public required string Id { get; init; }

    /// <summary>Base64 of at least 32 random bytes.</summary>
    public required string Secret { get; init; }
}
