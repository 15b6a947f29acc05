using System.Text.Json.Serialization;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Messages;

/// <summary>What a message is about, as it was when the change was made: a message that goes out late still tells that change.</summary>
public sealed record MessageFacts
{
    public HealthcareServiceId? Service { get; init; }

    public PractitionerId? Practitioner { get; init; }

    public DeliveryChannel? Channel { get; init; }

    public DateTimeOffset? Start { get; init; }

    public DateTimeOffset? End { get; init; }

    public string? Reference { get; init; }

    /// <summary>Rises with every change of the appointment: SEQUENCE of its calendar file (RFC 5545 section 3.8.7.4).</summary>
    public int Sequence { get; init; }

    /// <summary>What only some kinds tell.</summary>
    public MessageDetails Details { get; init; } = new();
}

/// <summary>What only some kinds of messages tell.</summary>
public sealed record MessageDetails
{
    /// <summary>When the appointment was to be before it was moved.</summary>
    public DateTimeOffset? PreviousStart { get; init; }

    /// <summary>Why, for the patient to read. In emails only: a text message shows on a locked phone.</summary>
    public string? Reason { get; init; }

    /// <summary>An offer or invitation stands until then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The page that the message leads to, from the root, such as /waiting-list/offers/…; the appointment's own page if null.</summary>
    public string? Path { get; init; }

    /// <summary>How long before the start a reminder is sent.</summary>
    public TimeSpan? Before { get; init; }

    /// <summary>Whom a link is sent to.</summary>
    public Guid? Guest { get; init; }

    /// <summary>Nobody brought the patient, who cannot come by themself: no fault of theirs.</summary>
    public bool WasNotBrought { get; init; }

    /// <summary>Someone else than the patient, such as a carer.</summary>
    public MessageRecipient? Recipient { get; init; }
}

/// <param name="Email">Null if they are not to be written to.</param>
/// <param name="Phone">Null if they are not to be texted.</param>
public sealed record MessageRecipient(string Name, string? Email, string? Phone);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MessageFacts))]
internal sealed partial class MessageJson : JsonSerializerContext;
