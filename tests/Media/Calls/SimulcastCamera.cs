using System.Buffers.Binary;
using Telemedicine.Media.Core;
using Telemedicine.Media.Net;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Tests.Ortc;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>
/// A publisher's camera in several encodings: each has its own SSRC, numbers, clock and picture ids, three temporal layers when it is VP8, and
/// sends a key frame when asked.
/// </summary>
internal sealed class SimulcastCamera
{
    public const int FrameInterval = 33;
    public const uint ClockStep = 2970;

    private static readonly byte[] Mid = "1"u8.ToArray();
    private static readonly string[] Rids = ["l", "m", "h"];

    /// <summary>What libvpx does with three temporal layers.</summary>
    private static readonly int[] ThreeLayers = [0, 2, 1, 2];

    /// <summary>And with two, as a page sends its screen.</summary>
    private static readonly int[] TwoLayers = [0, 1];

    private readonly int[] _pattern;

    private readonly VirtualNetwork _network;
    private readonly VirtualPeer _publisher;
    private readonly bool _isVp8;
    private readonly Layer[] _layers;
    private int _frame;

    public SimulcastCamera(VirtualNetwork network, VirtualPeer publisher, int layers = 3, bool vp8 = true, MediaSource source = MediaSource.Camera)
    {
        _network = network;
        _publisher = publisher;
        _isVp8 = vp8;
        var isScreen = source == MediaSource.Screen && layers == 1;
        _pattern = isScreen ? TwoLayers : ThreeLayers;
        _layers = [.. Enumerable.Range(0, layers).Select(i => new Layer((uint)(800 + i), (ushort)(65500 + 7 * i), (uint)(1_000_000_000 * (i + 1)), 32760 + 3 * i, (byte)(250 + i)))];
        Track = publisher.Incoming.AddTrack(Format(layers, vp8, isScreen ? "L1T2" : null), paused: false, source);
        publisher.OnRtcp = OnRtcp;
    }

    public IncomingTrack Track { get; }

    /// <summary>Whether each layer sends.</summary>
    public bool[] Live { get; } = [true, true, true];

    /// <summary>A key frame comes when asked.</summary>
    public bool Answers { get; set; } = true;

    public int PacketsPerFrame { get; set; } = 2;

    /// <summary>Bytes added to each packet of a layer.</summary>
    public int[] Filling { get; } = [0, 0, 0];

    /// <summary>Packets have transport-wide numbers, as a browser's.</summary>
    public bool IsNumbered { get; init; }

    /// <summary>Called with each packet; true loses it on the way, and <see cref="SendLost"/> sends it later.</summary>
    public Func<byte[], bool> Holds { get; set; } = _ => false;

    public List<byte[]> Held { get; } = [];

    private sealed class Layer(uint ssrc, ushort number, uint clock, int pictureId, byte tl0)
    {
        public uint Ssrc { get; } = ssrc;
        public uint Clock { get; } = clock;
        public ushort Number { get; set; } = number;
        public int PictureId { get; set; } = pictureId;
        public byte Tl0 { get; set; } = tl0;
        public int SinceKeyFrame { get; set; }
        public bool KeyFrameWanted { get; set; } = true;
    }

    public static ProducerFormat Format(int layers, bool vp8, string? scalabilityMode = null)
    {
        var parameters = vp8 ? TestParameters.Camera() : TestParameters.Camera(codec: "H264", parameters: """{"packetization-mode":1,"profile-level-id":"42e01f"}""");
        return ProducerFormat.Parse(MediaKind.Video, parameters with
        {
            Encodings = [.. Rids.Take(layers).Select(rid => new RtpEncodingParameters(null, rid, null, null, scalabilityMode, null))],
        });
    }

    public void SendFrames(int count)
    {
        for (var i = 0; i < count; i++)
        {
            SendFrame();
            _network.Run(FrameInterval);
        }
    }

    /// <summary>One of each layer.</summary>
    public void SendFrame()
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            if (Live[layer])
                SendFrame(layer);
        }

        _frame++;
    }

    /// <summary>The next frames, each with a key frame in front of it now and then, as datagrams that are not sent.</summary>
    public List<(PeerAddress From, byte[] Datagram)> Record(int count)
    {
        var datagrams = new List<(PeerAddress, byte[])>();
        Holds = packet =>
        {
            datagrams.Add((_publisher.Address, _publisher.ProtectRtp(packet)));
            return true;
        };
        for (var i = 0; i < count; i++, _frame++)
        {
            for (var layer = 0; layer < _layers.Length; layer++)
            {
                _layers[layer].KeyFrameWanted |= i == 10;
                SendFrame(layer);
            }
        }

        Holds = _ => false;
        Held.Clear();
        return datagrams;
    }

    /// <summary>Each layer says which instant its clock shows now.</summary>
    public void SendReports()
    {
        var seconds = _frame * ClockStep / 90000.0;
        foreach (var layer in _layers)
        {
            _publisher.SendRtcp((ref RtcpBuilder rtcp) =>
                rtcp.SenderReport(new SenderReport(layer.Ssrc, (ulong)((1000 + seconds) * (1L << 32)), layer.Clock + (uint)_frame * ClockStep, 0, 0)));
        }
    }

    public void SendHeld()
    {
        foreach (var packet in Held)
            _publisher.SendRtp(packet);
        Held.Clear();
    }

    private void SendFrame(int index)
    {
        var layer = _layers[index];
        var isKey = layer.KeyFrameWanted;
        if (isKey)
            layer.SinceKeyFrame = 0;
        layer.KeyFrameWanted = false;
        var temporal = _isVp8 ? _pattern[layer.SinceKeyFrame % _pattern.Length] : 0;
        if (temporal == 0)
            layer.Tl0++;
        for (var i = 0; i < PacketsPerFrame; i++)
        {
            var payload = _isVp8 ? Vp8(layer, index, i, isKey, temporal) : H264(index, i, isKey);
            var packet = TestPackets.Rtp(
                TestMedia.CameraPayloadType, layer.Number++, layer.Clock + (uint)_frame * ClockStep, layer.Ssrc, payload,
                IsNumbered ? TestPackets.OneByteExtension((4, Mid), (10, [(byte)Rids[index][0]]), (3, [0, 0])) : TestPackets.OneByteExtension((4, Mid), (10, [(byte)Rids[index][0]])), marker: i == PacketsPerFrame - 1);
            if (Holds(packet))
                Held.Add(packet);
            else
                _publisher.SendRtp(packet);
        }

        layer.SinceKeyFrame++;
        layer.PictureId++;
    }

    private byte[] Vp8(Layer layer, int index, int part, bool isKey, int temporal)
    {
        // The first frames of each layer after a key frame depend on layer 0 only, and one of layer 1 in every eight.
        var sync = temporal > 0 && (layer.SinceKeyFrame < 4 || layer.SinceKeyFrame % 8 < 4);
        return
        [
            (byte)(part == 0 ? 0x90 : 0x80), 0xE0, (byte)(0x80 | (layer.PictureId >> 8 & 0x7F)), (byte)layer.PictureId, layer.Tl0,
            (byte)(temporal << 6 | (sync ? 0x20 : 0)), (byte)(isKey && part == 0 ? 0 : 1), .. new byte[Filling[index]], (byte)index, (byte)(_frame >> 8), (byte)_frame, (byte)part,
        ];
    }

    private byte[] H264(int index, int part, bool isKey) =>
        [(byte)(part == 0 ? isKey ? 0x67 : 0x61 : 0x65 & (isKey ? 0xFF : 0xE1)), 1, (byte)index, (byte)(_frame >> 8), (byte)_frame, (byte)part];

    private void OnRtcp(byte[] compound)
    {
        if (!Answers)
            return;
        foreach (var layer in _layers)
            layer.KeyFrameWanted |= new[] { compound }.CountPictureLoss(layer.Ssrc) > 0;
    }
}

/// <summary>What a receiver sees of one packet of a <see cref="SimulcastCamera"/>.</summary>
internal readonly record struct SeenPacket(
    ushort Number, uint Timestamp, bool IsEmpty, int PictureId, int Tl0, int Temporal, bool StartsKeyFrame, int Layer, int Frame, int Part)
{
    public static List<SeenPacket> Of(IEnumerable<byte[]> packets, uint ssrc, bool vp8 = true) =>
        [.. packets.Select(packet => Read(packet, vp8)).Where(seen => seen.Ssrc == ssrc).Select(seen => seen.Packet)];

    private static (uint Ssrc, SeenPacket Packet) Read(byte[] packet, bool vp8)
    {
        Xunit.Assert.True(RtpHeader.TryParse(packet, out var header));
        var payload = header.Payload(packet);
        if (payload.IsEmpty)
            return (header.Ssrc, new SeenPacket(header.SequenceNumber, header.Timestamp, true, 0, 0, 0, false, 0, 0, 0));
        var tail = payload[^4..];
        return (header.Ssrc, new SeenPacket(
            header.SequenceNumber,
            header.Timestamp,
            false,
            vp8 ? BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0x7FFF : 0,
            vp8 ? payload[4] : 0,
            vp8 ? payload[5] >> 6 : 0,
            vp8 ? payload[0] == 0x90 && payload[6] == 0 : payload[0] == 0x67,
            tail[0],
            tail[1] << 8 | tail[2],
            tail[3]));
    }
}
