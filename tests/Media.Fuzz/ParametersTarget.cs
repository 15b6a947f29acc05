using System.Text;
using System.Text.Json;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Tests.Ortc;

namespace Telemedicine.Media.Fuzz;

/// <summary>The JSON that a client sends about its media. It may be refused, in plain words and no other way.</summary>
internal sealed class ParametersTarget : Target
{
    private static readonly ProducerFormat Camera = ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera());

    public override string Name => "parameters";

    public override IEnumerable<byte[]> Seeds =>
    [
        JsonSerializer.SerializeToUtf8Bytes(TestParameters.Camera(), MediaJson.Default.RtpParameters),
        JsonSerializer.SerializeToUtf8Bytes(TestParameters.Microphone(), MediaJson.Default.RtpParameters),
        JsonSerializer.SerializeToUtf8Bytes(TestParameters.Camera(codec: "H264", parameters: """{"packetization-mode":1,"profile-level-id":"42e01f","level-asymmetry-allowed":1}"""), MediaJson.Default.RtpParameters),
        JsonSerializer.SerializeToUtf8Bytes(TestParameters.Camera(codec: "VP9", parameters: """{"profile-id":0}"""), MediaJson.Default.RtpParameters),
        JsonSerializer.SerializeToUtf8Bytes(TestParameters.Camera(codec: "AV1", parameters: """{"level-idx":5,"profile":0,"tier":0}"""), MediaJson.Default.RtpParameters),
        JsonSerializer.SerializeToUtf8Bytes(TestParameters.Receiver(), MediaJson.Default.RtpCapabilities),
        Encoding.UTF8.GetBytes("""{"role":"client","fingerprints":[{"algorithm":"sha-256","value":"AA:BB"}]}"""),
    ];

    public override bool Expects(Exception thrown) => thrown is JsonException or MediaException;

    public override void Run(byte[] input)
    {
        foreach (var read in (Action<byte[]>[])[Producer, Receiver, Dtls])
        {
            try
            {
                read(input);
            }
            catch (Exception refused) when (Expects(refused))
            {
                Require(refused is not MediaException || refused.Message.Length < 300, "A refusal is short, whatever was sent.");
            }
        }
    }

    private static void Producer(byte[] json)
    {
        if (JsonSerializer.Deserialize(json, MediaJson.Default.RtpParameters) is not { } parameters)
            return;
        foreach (var kind in Enum.GetValues<MediaKind>())
        {
            try
            {
                ProducerFormat.Parse(kind, parameters);
            }
            catch (MediaException)
            {
                // Of the other kind.
            }
        }
    }

    private static void Receiver(byte[] json)
    {
        if (JsonSerializer.Deserialize(json, MediaJson.Default.RtpCapabilities) is { } capabilities)
            ConsumerFormat.Negotiate(Camera, capabilities);
    }

    private static void Dtls(byte[] json)
    {
        Span<byte> parsed = stackalloc byte[32];
        if (JsonSerializer.Deserialize(json, MediaJson.Default.DtlsParameters)?.Fingerprints is [{ Value: { } value }, ..])
            Telemedicine.Media.Dtls.DtlsCertificate.TryParseSha256(value, parsed);
    }
}
