using System.Text.Json;

namespace Telemedicine.Media.Tests.Ortc;

/// <summary>What Chromium's mediasoup-client sends, as JSON, with the members that this SFU does not know.</summary>
internal static class TestParameters
{
    public static RtpParameters Microphone(uint ssrc = 1111, string mid = "0") => Parse($$$"""
        {"mid":"{{{mid}}}","codecs":[{"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,
           "parameters":{"minptime":10,"useinbandfec":1,"usedtx":1},"rtcpFeedback":[{"type":"transport-cc","parameter":""}]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4,"encrypt":false,"parameters":{}},
           {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2,"encrypt":false,"parameters":{}},
           {"uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01","id":3,"encrypt":false,"parameters":{}},
           {"uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","id":1,"encrypt":false,"parameters":{}}],
         "encodings":[{"ssrc":{{{ssrc}}},"dtx":false}],"rtcp":{"cname":"evil\r\na=x","reducedSize":true},"msid":"- x"}
        """);

    public static RtpParameters Camera(uint ssrc = 2222, uint rtxSsrc = 2223, string mid = "1", string codec = "VP8", string parameters = "{}") => Parse($$$"""
        {"mid":"{{{mid}}}","codecs":[{"mimeType":"video/{{{codec}}}","payloadType":96,"clockRate":90000,"parameters":{{{parameters}}},
           "rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"transport-cc","parameter":""},{"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
          {"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96},"rtcpFeedback":[]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4},
           {"uri":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id","id":10},
           {"uri":"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id","id":11},
           {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2},
           {"uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01","id":3},
           {"uri":"urn:3gpp:video-orientation","id":13},{"uri":"urn:ietf:params:rtp-hdrext:toffset","id":14}],
         "encodings":[{"ssrc":{{{ssrc}}},"rtx":{"ssrc":{{{rtxSsrc}}}},"dtx":false}],"rtcp":{"cname":"abc","reducedSize":true}}
        """);

    /// <summary>A receiver that can do all the router can, as mediasoup-client's recvRtpCapabilities.</summary>
    public static RtpCapabilities Receiver() =>
        MediaNode.RtpCapabilities with { HeaderExtensions = [.. MediaNode.RtpCapabilities.HeaderExtensions.Where(extension => extension.Direction == "sendrecv")] };

    private static RtpParameters Parse(string json) =>
        JsonSerializer.Deserialize(json, MediaJson.Default.RtpParameters) ?? throw new InvalidOperationException("The test's own JSON is null.");
}
