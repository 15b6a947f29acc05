using Telemedicine.Media.Net;

namespace Telemedicine.Media.Fuzz;

/// <summary>RFC 4571's frames in a stream.</summary>
internal sealed class FramingTarget : Target
{
    public override string Name => "framing";

    public override IEnumerable<byte[]> Seeds => [[0, 3, 1, 2, 3, 0, 0, 0, 2, 9, 9], [0x06, 0x00], [0xFF, 0xFF, 1]];

    public override void Run(byte[] input)
    {
        var rest = input.AsSpan();
        while (TcpFraming.TryRead(rest, out var frame, out var consumed) && consumed > 0)
        {
            Require(consumed == frame.Length + TcpFraming.HeaderLength && frame.Length <= UdpLayer.MaxDatagram, "A frame is what its header says, and no longer than a datagram.");
            rest = rest[consumed..];
        }
    }
}
