using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemedicine.Signalling.Contracts;

/// <summary>A clinic session (Web's Schedule): the unit that lives together on one Signalling node.</summary>
[JsonConverter(typeof(ClinicIdConverter))]
public readonly record struct ClinicId(Guid Value) : IParsable<ClinicId>
{
    public override string ToString() => Value.ToString("D");

    public static ClinicId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ClinicId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }
}

/// <summary>One consultation: the id of Web's Appointment, whose Encounter it carries out.</summary>
[JsonConverter(typeof(ConsultationIdConverter))]
public readonly record struct ConsultationId(Guid Value) : IParsable<ConsultationId>
{
    public override string ToString() => Value.ToString("D");

    public static ConsultationId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ConsultationId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }
}

/// <summary>A person in a consultation: the id of Web's Patient, Practitioner, StaffMember, RelatedPerson or Guest.</summary>
[JsonConverter(typeof(ParticipantIdConverter))]
public readonly record struct ParticipantId(Guid Value)
{
    public override string ToString() => Value.ToString("D");
}

/// <summary>One page of a participant that joined a consultation; it outlives a dropped connection by 30 s.</summary>
[JsonConverter(typeof(SessionIdConverter))]
public readonly record struct SessionId(Guid Value)
{
    public static SessionId New() => new(Guid.NewGuid());

    public override string ToString() => Value.ToString("D");
}

/// <summary>One sign-in at Web, on one device: what opened a connection, and ends it when it ends.</summary>
[JsonConverter(typeof(SignInIdConverter))]
public readonly record struct SignInId(Guid Value)
{
    public override string ToString() => Value.ToString("D");
}

/// <summary>An id as a UUID string. Public, so that other projects can generate their JSON.</summary>
public abstract class GuidIdConverter<T> : JsonConverter<T>
    where T : struct
{
    protected abstract T From(Guid value);

    protected abstract Guid To(T id);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value) ? From(value) : throw new JsonException("An id is a UUID string.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(To(value));
}

public sealed class ClinicIdConverter : GuidIdConverter<ClinicId>
{
    protected override ClinicId From(Guid value) => new(value);

    protected override Guid To(ClinicId id) => id.Value;
}

public sealed class ConsultationIdConverter : GuidIdConverter<ConsultationId>
{
    protected override ConsultationId From(Guid value) => new(value);

    protected override Guid To(ConsultationId id) => id.Value;
}

public sealed class ParticipantIdConverter : GuidIdConverter<ParticipantId>
{
    protected override ParticipantId From(Guid value) => new(value);

    protected override Guid To(ParticipantId id) => id.Value;
}

public sealed class SignInIdConverter : GuidIdConverter<SignInId>
{
    protected override SignInId From(Guid value) => new(value);

    protected override Guid To(SignInId id) => id.Value;
}

public sealed class SessionIdConverter : GuidIdConverter<SessionId>
{
    protected override SessionId From(Guid value) => new(value);

    protected override Guid To(SessionId id) => id.Value;
}
