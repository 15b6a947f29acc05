using System.Text.Json;
using Xunit;

namespace Telemedicine.Media.Tests.Ortc;

public class RouterCapabilitiesTests
{
    private readonly JsonElement _json = JsonSerializer.SerializeToElement(MediaNode.RtpCapabilities, MediaJson.Default.RtpCapabilities);

    [Fact]
    public void The_json_is_what_mediasoup_client_reads()
    {
        var codecs = _json.GetProperty("codecs").EnumerateArray().Select(codec => codec.GetRawText()).ToList();

        Assert.Equal(
            """{"kind":"audio","mimeType":"audio/opus","preferredPayloadType":100,"clockRate":48000,"channels":2,"parameters":{"useinbandfec":1,"usedtx":1},"rtcpFeedback":[{"type":"transport-cc"}]}""",
            codecs[0]);
        Assert.Equal("""{"kind":"video","mimeType":"video/rtx","preferredPayloadType":102,"clockRate":90000,"parameters":{"apt":101},"rtcpFeedback":[]}""", codecs[2]);
        Assert.Contains(
            """"
            "parameters":{"packetization-mode":1,"level-asymmetry-allowed":1,"profile-level-id":"42e01f"},"rtcpFeedback":[{"type":"nack"},{"type":"nack","parameter":"pli"},{"type":"ccm","parameter":"fir"},{"type":"goog-remb"},{"type":"transport-cc"}]
            """",
            codecs[3]);
        Assert.DoesNotContain("null", _json.GetRawText());
    }

    [Fact]
    public void Each_video_codec_has_its_retransmissions_and_payload_types_are_unique_and_leave_127()
    {
        var codecs = MediaNode.RtpCapabilities.Codecs;
        var rtx = codecs.Where(codec => codec.MimeType == "video/rtx").Select(codec => codec.Parameters?["apt"].GetInt32());

        Assert.Equal(codecs.Where(codec => codec.Kind == MediaKind.Video && codec.MimeType != "video/rtx").Select(codec => codec.PreferredPayloadType), rtx);
        Assert.Equal(codecs.Count, codecs.Select(codec => codec.PreferredPayloadType).Distinct().Count());
        Assert.DoesNotContain(127, codecs.Select(codec => codec.PreferredPayloadType));
    }

    [Fact]
    public void Header_extensions_stand_once_a_kind_with_one_id_each()
    {
        var extensions = MediaNode.RtpCapabilities.HeaderExtensions;

        Assert.Equal(extensions.Count, extensions.DistinctBy(extension => (extension.Kind, extension.Uri)).Count());
        foreach (var kind in Enum.GetValues<MediaKind>())
            Assert.All(extensions.Where(extension => extension.Kind == kind).GroupBy(extension => extension.PreferredId), ids => Assert.Single(ids));
        Assert.All(extensions.GroupBy(extension => extension.Uri), same => Assert.Single(same.Select(extension => extension.PreferredId).Distinct()));
    }
}
