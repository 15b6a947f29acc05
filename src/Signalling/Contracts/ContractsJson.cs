using System.Text.Json.Serialization;

namespace Telemedicine.Signalling.Contracts;

/// <summary>JSON of events, quality reports and commands: camelCase, nulls left out, unknown members ignored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventBatch))]
[JsonSerializable(typeof(QualityBatch))]
[JsonSerializable(typeof(ClinicCommand))]
[JsonSerializable(typeof(RoomDecisions))]
public sealed partial class ContractsJson : JsonSerializerContext;
