using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Hubs;

/// <summary>JSON of the hub protocol: camelCase, nulls left out, enums as camelCase strings only, no member twice.</summary>
[JsonSerializable(typeof(JoinRequest))]
[JsonSerializable(typeof(JoinResult))]
[JsonSerializable(typeof(BoardState))]
[JsonSerializable(typeof(CreateTransportRequest))]
[JsonSerializable(typeof(CreateTransportResult))]
[JsonSerializable(typeof(DtlsParameters))]
[JsonSerializable(typeof(RestartIceResult))]
[JsonSerializable(typeof(ProduceRequest))]
[JsonSerializable(typeof(ProduceResult))]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ShowImageRequest))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(DeviceReport))]
[JsonSerializable(typeof(EchoStart))]
[JsonSerializable(typeof(EchoProduced))]
[JsonSerializable(typeof(EchoStatistics))]
[JsonSerializable(typeof(ConsultationId))]
[JsonSerializable(typeof(ParticipantId))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(RoomMessage))]
[JsonSerializable(typeof(QueuedMessage))]
public sealed partial class HubJson : JsonSerializerContext
{
    public static JsonSerializerOptions Protocol { get; } = MakeOptions();

    private static readonly JsonTypeInfo<RoomMessage> RoomMessageInfo = (JsonTypeInfo<RoomMessage>)Protocol.GetTypeInfo(typeof(RoomMessage));

    /// <summary>As the base type: SignalR would serialise the derived one and leave its <c>type</c> out.</summary>
    public static QueuedMessage Serialize(RoomMessage message) => new(message.Sequence, JsonSerializer.SerializeToUtf8Bytes(message, RoomMessageInfo));

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            AllowDuplicateProperties = false,
            MaxDepth = 32,
            // The reader is a WebSocket, never an HTML page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new HubJson(),
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>A message as it goes over the wire: made once, sent again after a lost connection.</summary>
[JsonConverter(typeof(QueuedMessageConverter))]
public sealed record QueuedMessage(long Sequence, byte[] Json);

internal sealed class QueuedMessageConverter : JsonConverter<QueuedMessage>
{
    public override QueuedMessage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The server sends these and reads none.");

    public override void Write(Utf8JsonWriter writer, QueuedMessage value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Json, skipInputValidation: true);
}
