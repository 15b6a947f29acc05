using System.Buffers.Binary;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>A receiver that reports on each packet as a browser does, behind a link of its own.</summary>
internal sealed class ReportingReceiver
{
    private const int TransportSequenceId = 5;

    private readonly VirtualNetwork _network;
    private readonly TransportFeedback _feedback = new();

    public ReportingReceiver(VirtualNetwork network)
    {
        _network = network;
        Peer = network.Connect(TransportDirection.Receive);
        Peer.OnRtp = OnRtp;
        network.Links.Add(Peer.Address, Link);
    }

    public VirtualPeer Peer { get; }

    public Link Link { get; } = new();

    /// <summary>Transport-wide numbers, in order of arrival.</summary>
    public List<ushort> Numbers { get; } = [];

    public long? Estimate => Peer.Outgoing.AvailableBitrate;

    /// <summary>Every 100 ms.</summary>
    public void Report()
    {
        if (_feedback.HasPending)
            Peer.SendRtcp((ref RtcpBuilder rtcp) => _feedback.Write(ref rtcp, 1, 2));
    }

    private void OnRtp(byte[] packet)
    {
        Xunit.Assert.True(RtpHeader.TryParse(packet, out var header));
        var elements = new HeaderExtensionReader(packet, header);
        while (elements.MoveNext())
        {
            if (elements.Id != TransportSequenceId)
                continue;
            var number = BinaryPrimitives.ReadUInt16BigEndian(elements.Data);
            Numbers.Add(number);
            _feedback.OnPacket(number, _network.Now);
        }
    }
}
