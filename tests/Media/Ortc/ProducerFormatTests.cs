using System.Text.Json;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests.Ortc;

public class ProducerFormatTests
{
    [Fact]
    public void A_browsers_microphone_and_camera_are_understood()
    {
        var microphone = ProducerFormat.Parse(MediaKind.Audio, TestParameters.Microphone());
        var camera = ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera());

        Assert.Equal((RtpCodec.Opus, 111, 0), (microphone.Codec.Codec, microphone.PayloadType, microphone.RtxPayloadType));
        Assert.Equal((RtpCodec.Vp8, 96, 97), (camera.Codec.Codec, camera.PayloadType, camera.RtxPayloadType));
        Assert.Equal([new ProducerEncoding(2222, 2223, null)], camera.Encodings);
        Assert.Equal((4, 10, 11, 3, 2), (camera.Extensions.Mid, camera.Extensions.Rid, camera.Extensions.RepairedRid, camera.Extensions.TransportSequence, camera.Extensions.AbsoluteSendTime));
        Assert.True(camera.Nack && camera.PictureLoss);
    }

    [Theory]
    [InlineData("""{"packetization-mode":1,"profile-level-id":"42e01f"}""")]
    [InlineData("""{"packetization-mode":1,"profile-level-id":"42E034"}""")]
    [InlineData("""{"packetization-mode":"1","profile-level-id":"42c00b"}""")]
    [InlineData("""{"packetization-mode":1}""")]
    public void Constrained_baseline_is_carried_at_any_level(string parameters) =>
        Assert.Equal(RtpCodec.H264, ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera(codec: "H264", parameters: parameters)).Codec.Codec);

    [Theory]
    [InlineData("H264", """{"packetization-mode":0,"profile-level-id":"42e01f"}""")]
    [InlineData("H264", """{"packetization-mode":1,"profile-level-id":"640c1f"}""")]
    [InlineData("H264", """{"packetization-mode":1,"profile-level-id":"42001f"}""")]
    [InlineData("H264", """{"packetization-mode":1,"profile-level-id":"zzz"}""")]
    [InlineData("H264", """{"packetization-mode":1,"profile-level-id":7}""")]
    [InlineData("H264", """{"packetization-mode":1,"profile-level-id":"\uD800"}""")]
    [InlineData("VP9", """{"profile-id":2}""")]
    [InlineData("AV1", """{"profile":1}""")]
    [InlineData("AV1", """{"profile":0,"tier":1}""")]
    [InlineData("AV2", "{}")]
    [InlineData("rtx", """{"apt":1}""")]
    public void Other_codecs_and_profiles_are_refused(string codec, string parameters) =>
        Assert.Throws<MediaException>(() => ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera(codec: codec, parameters: parameters)));

    [Theory]
    [InlineData("VP9", "{}", (byte)105)]
    [InlineData("VP9", """{"profile-id":0}""", (byte)105)]
    [InlineData("AV1", "{}", (byte)107)]
    [InlineData("av1", """{"level-idx":8,"profile":0,"tier":0}""", (byte)107)]
    public void Vp9_and_av1_are_passed_through(string codec, string parameters, byte payloadType)
    {
        var camera = TestParameters.Camera(codec: codec, parameters: parameters);
        var single = ProducerFormat.Parse(MediaKind.Video, camera with { Encodings = [(camera.Encodings ?? [])[0] with { ScalabilityMode = "L1T3" }] });
        var simulcast = ProducerFormat.Parse(MediaKind.Video, camera with { Encodings = [Rid("l"), Rid("h")] });

        Assert.Equal((payloadType, false, false), (single.Codec.PayloadType, single.IsLayered, simulcast.IsLayered));
    }

    [Fact]
    public void Simulcast_is_known_by_its_rids_and_needs_the_extensions_that_carry_them()
    {
        var camera = TestParameters.Camera();
        var simulcast = camera with { Encodings = [Rid("l"), Rid("h")] };

        Assert.Equal([new ProducerEncoding(0, 0, "l"), new ProducerEncoding(0, 0, "h")], ProducerFormat.Parse(MediaKind.Video, simulcast).Encodings);
        Refused("ssrc", simulcast with { HeaderExtensions = [] });
        Refused("ssrc", simulcast with { Mid = null });
        Refused("rids", simulcast with { Encodings = [Rid("l"), Rid("l")] });
        Refused("simulcast", camera with { Encodings = [new(1, null, null, null, null, null), new(2, null, null, null, null, null)] });
    }

    [Fact]
    public void Parameters_that_make_no_sense_are_refused_with_a_plain_reason()
    {
        var camera = TestParameters.Camera();
        var vp8 = camera.Codecs[0];
        var rtx = camera.Codecs[1];
        var encoding = new RtpEncodingParameters(5, null, null, null, null, null);

        Refused("codec", camera with { Codecs = [] });
        Refused("codec", JsonSerializer.Deserialize("{}", MediaJson.Default.RtpParameters));
        Refused("codec", JsonSerializer.Deserialize("""{"codecs":[null]}""", MediaJson.Default.RtpParameters));
        Refused("codec", JsonSerializer.Deserialize("""{"codecs":[{}]}""", MediaJson.Default.RtpParameters));
        Refused("codec", JsonSerializer.Deserialize("null", MediaJson.Default.RtpParameters));
        Refused("announced", TestParameters.Microphone());
        Refused("more than one", camera with { Codecs = [vp8, vp8] });
        Refused("rtx", camera with { Codecs = [vp8, rtx with { Parameters = null }] });
        Refused("twice", camera with { Codecs = [vp8, rtx, rtx] });
        Refused("twice", camera with { Codecs = [vp8, rtx with { PayloadType = 96 }] });
        Refused("payload type", camera with { Codecs = [vp8 with { PayloadType = 72 }] });
        Refused("payload type", camera with { Codecs = [vp8 with { PayloadType = -1 }] });
        Refused("payload type", camera with { Codecs = [vp8 with { PayloadType = 352 }] });
        Refused("mid", camera with { Mid = "" });
        Refused("mid", camera with { Mid = new string('x', 17) });
        Refused("encodings", camera with { Encodings = null });
        Refused("encodings", camera with { Encodings = [] });
        Refused("encodings", camera with { Encodings = [.. Enumerable.Range(0, 5).Select(i => Rid($"{i}"))] });
        Refused("ssrc", camera with { Encodings = [encoding with { Ssrc = null }] });
        Refused("ssrc", camera with { Encodings = [encoding with { Ssrc = 0 }] });
        Refused("ssrc twice", camera with { Encodings = [encoding with { Rtx = new RtxParameters(5) }] });
        Refused("header extension", camera with { HeaderExtensions = [new("urn:x", 0, null)] });
        Refused("header extension", camera with { HeaderExtensions = [new("urn:x", 256, null)] });
        Refused("twice", camera with { HeaderExtensions = [new("urn:x", 1, null), new("urn:y", 1, null)] });
        Refused("twice", camera with { HeaderExtensions = [new("urn:x", 1, null), new("urn:x", 2, null)] });
        Refused("Encrypted", camera with { HeaderExtensions = [new("urn:x", 1, true)] });
        Refused("too many", camera with { HeaderExtensions = [.. Enumerable.Range(1, 33).Select(i => new RtpHeaderExtensionParameters($"urn:{i}", i, null))] });
    }

    private static RtpEncodingParameters Rid(string rid) => new(null, rid, null, null, null, null);

    private static void Refused(string reason, RtpParameters? parameters)
    {
        var refusal = Assert.Throws<MediaException>(() => ProducerFormat.Parse(MediaKind.Video, parameters));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
