using Telemedicine.Media.Rtcp;

namespace Telemedicine.Media.Fuzz;

/// <summary>Every reader of RTCP on every packet of a compound.</summary>
internal sealed class RtcpTarget : Target
{
    public override string Name => "rtcp";

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Written((ref RtcpBuilder rtcp) => rtcp.SenderReport(new SenderReport { Ssrc = 1, NtpTime = 2, RtpTime = 3, PacketCount = 4, OctetCount = 5 }));
            yield return Written((ref RtcpBuilder rtcp) => rtcp.PictureLoss(1, 2222));
            yield return Written((ref RtcpBuilder rtcp) => rtcp.FullIntra(1, 2222, 3));
            yield return Written((ref RtcpBuilder rtcp) => rtcp.Nack(1, 2222, [1, 2, 3, 19, 40]));
            yield return Written((ref RtcpBuilder rtcp) => rtcp.Goodbye(1));
            var feedback = new TransportFeedback();
            for (ushort number = 0; number < 60; number++)
            {
                if (number % 7 != 0)
                    feedback.OnPacket(number, 1_000_000 + number * (number % 5 == 0 ? 90_000 : 1_000));
            }

            yield return Written((ref RtcpBuilder rtcp) => feedback.Write(ref rtcp, 1, 2222));
        }
    }

    public override void Run(byte[] input)
    {
        var reader = new RtcpReader(input);
        var packets = 0;
        while (reader.TryRead(out var packet))
        {
            Require(++packets <= input.Length / 4, "Each packet of a compound takes at least four bytes.");
            SenderReport.TryParse(packet, out _);
            for (var i = 0; ReportBlock.TryParse(packet, i, out _); i++)
                Require(i < 32, "A report has at most 31 blocks.");
            FeedbackReader.TryReadPictureLoss(packet, out _);
            for (var i = 0; FeedbackReader.TryReadFullIntra(packet, i, out _); i++)
                Require(i <= input.Length / 8, "Each entry takes eight bytes.");
            if (TransportFeedbackReader.TryParse(packet, out var feedback))
            {
                var count = feedback.Count;
                for (var i = 0; feedback.TryRead(out _); i++)
                    Require(i < count, "There are no more statuses than promised.");
            }

            if (!FeedbackReader.TryReadNack(packet, out var nack))
                continue;
            for (var i = 0; nack.TryRead(out _); i++)
                Require(i <= input.Length * 5, "Four bytes name at most 17 packets.");
        }
    }

    private delegate void Writer(ref RtcpBuilder rtcp);

    private static byte[] Written(Writer write)
    {
        var buffer = new byte[1500];
        var rtcp = new RtcpBuilder(buffer);
        write(ref rtcp);
        return buffer[..rtcp.Length];
    }
}
