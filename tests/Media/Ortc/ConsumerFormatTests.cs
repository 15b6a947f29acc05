using System.Text.Json;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests.Ortc;

public class ConsumerFormatTests
{
    private static readonly ProducerFormat Camera = ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera());
    private static readonly ProducerFormat Microphone = ProducerFormat.Parse(MediaKind.Audio, TestParameters.Microphone());

    [Fact]
    public void A_consumer_gets_the_routers_payload_types_and_extension_ids()
    {
        var parameters = ConsumerFormat.Negotiate(Camera, TestParameters.Receiver()).ToParameters("0", 10, 11, "cname");

        Assert.Equal([("video/VP8", 101), ("video/rtx", 102)], parameters.Codecs.Select(codec => (codec.MimeType, codec.PayloadType)));
        Assert.Equal(101, parameters.Codecs[1].Parameters?["apt"].GetInt32());
        Assert.Equal([("nack", null), ("nack", "pli"), ("ccm", "fir"), ("transport-cc", null)], parameters.Codecs[0].RtcpFeedback?.Select(feedback => (feedback.Type, feedback.Parameter)));
        Assert.Equal([4, 5, 11, 12], parameters.HeaderExtensions?.Select(extension => extension.Id));
        Assert.Equal([new RtpEncodingParameters(10, null, new RtxParameters(11), null, null, null)], parameters.Encodings);
        Assert.Equal(("0", "cname"), (parameters.Mid, parameters.Rtcp?.Cname));
    }

    [Fact]
    public void Extensions_that_the_producer_or_the_receiver_lacks_are_left_out_and_remb_with_the_send_time()
    {
        var receiver = TestParameters.Receiver() with { HeaderExtensions = [new(MediaKind.Video, HeaderExtensionUri.VideoOrientation, 11, false, "sendrecv")] };

        var parameters = ConsumerFormat.Negotiate(Camera, receiver).ToParameters("0", 10, 11, "cname");

        Assert.Equal([11], parameters.HeaderExtensions?.Select(extension => extension.Id));
        Assert.DoesNotContain("goog-remb", parameters.Codecs[0].RtcpFeedback?.Select(feedback => feedback.Type) ?? []);
    }

    [Fact]
    public void A_receiver_that_cannot_report_on_each_packet_estimates_by_itself()
    {
        var receiver = TestParameters.Receiver();
        receiver = receiver with { HeaderExtensions = [.. receiver.HeaderExtensions.Where(extension => extension.Uri != HeaderExtensionUri.TransportSequence)] };

        var parameters = ConsumerFormat.Negotiate(Camera, receiver).ToParameters("0", 10, 11, "cname");

        Assert.Equal(["nack", "nack", "ccm", "goog-remb"], parameters.Codecs[0].RtcpFeedback?.Select(feedback => feedback.Type));
    }

    [Fact]
    public void A_receiver_without_retransmissions_is_promised_none()
    {
        var receiver = TestParameters.Receiver() with { Codecs = [.. MediaNode.RtpCapabilities.Codecs.Where(codec => codec.MimeType != "video/rtx")] };

        var parameters = ConsumerFormat.Negotiate(Camera, receiver).ToParameters("0", 10, 11, "cname");

        Assert.Single(parameters.Codecs);
        Assert.Null(parameters.Encodings?[0].Rtx);
    }

    [Fact]
    public void A_publishers_own_text_never_reaches_the_receivers_session_description()
    {
        var hostile = TestParameters.Microphone();
        hostile = hostile with
        {
            Codecs = [hostile.Codecs[0] with
            {
                Parameters = new Dictionary<string, JsonElement>
                {
                    ["useinbandfec"] = JsonElement.Parse("1"),
                    ["stereo"] = JsonElement.Parse("\"1\\r\\na=evil\""),
                    ["x\r\na=evil"] = JsonElement.Parse("1"),
                },
            }],
        };

        var parameters = ConsumerFormat.Negotiate(ProducerFormat.Parse(MediaKind.Audio, hostile), TestParameters.Receiver()).ToParameters("0", 10, 0, "cname");

        Assert.DoesNotContain("evil", JsonSerializer.Serialize(parameters, MediaJson.Default.RtpParameters));
        Assert.Equal(["useinbandfec"], parameters.Codecs[0].Parameters?.Keys);
    }

    [Fact]
    public void Sound_has_neither_retransmissions_nor_video_extensions()
    {
        var parameters = ConsumerFormat.Negotiate(Microphone, TestParameters.Receiver()).ToParameters("0", 10, 0, "cname");

        Assert.Equal(("audio/opus", 100, 2), (Assert.Single(parameters.Codecs).MimeType, parameters.Codecs[0].PayloadType, parameters.Codecs[0].Channels));
        Assert.Equal([4, 10], parameters.HeaderExtensions?.Select(extension => extension.Id));
    }

    [Theory]
    [InlineData("AV1", true)]
    [InlineData("VP8", false)]
    [InlineData("VP9", false)]
    public void Av1_keeps_its_dependency_descriptor_and_other_codecs_are_sent_none(string codec, bool expected)
    {
        var camera = TestParameters.Camera(codec: codec);
        camera = camera with { HeaderExtensions = [.. camera.HeaderExtensions ?? [], new(HeaderExtensionUri.DependencyDescriptor, 9, null)] };

        var parameters = ConsumerFormat.Negotiate(ProducerFormat.Parse(MediaKind.Video, camera), TestParameters.Receiver()).ToParameters("0", 10, 11, "cname");

        Assert.Equal(expected, parameters.HeaderExtensions?.Any(extension => extension is { Uri: HeaderExtensionUri.DependencyDescriptor, Id: 13 }));
    }

    [Fact]
    public void A_receiver_that_cannot_decode_is_told_so()
    {
        var receiver = TestParameters.Receiver();

        Assert.Throws<CannotPlayException>(() => ConsumerFormat.Negotiate(Camera, receiver with { Codecs = [receiver.Codecs[0]] }));
        Assert.Throws<CannotPlayException>(() => ConsumerFormat.Negotiate(Camera, receiver with { Codecs = [] }));
        foreach (var codec in new[] { "VP9", "AV1" })
        {
            var modern = ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera(codec: codec));
            Assert.Throws<CannotPlayException>(() => ConsumerFormat.Negotiate(
                modern, receiver with { Codecs = [.. receiver.Codecs.Where(known => known.MimeType != $"video/{codec}")] }));
        }

        Assert.Throws<CannotPlayException>(() => ConsumerFormat.Negotiate(Camera, JsonSerializer.Deserialize("{}", MediaJson.Default.RtpCapabilities)));
        Assert.Throws<CannotPlayException>(() => ConsumerFormat.Negotiate(Camera, JsonSerializer.Deserialize("""{"codecs":[null,{}]}""", MediaJson.Default.RtpCapabilities)));
    }
}
