using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>The running figures of one consumer. Times are microseconds.</summary>
internal sealed class OutgoingStatistics
{
    private readonly RateMeter _rate = new();
    private uint _reportSent;
    private long _reportSentAt;
    private int _freezesBefore;
    private int _freezesAtStart;

    /// <summary>Without retransmissions.</summary>
    public long Packets { get; private set; }

    public long PayloadOctets { get; private set; }

    /// <summary>Bits per second of RTP over the last second, without retransmissions.</summary>
    public long Bitrate => _rate.BitsPerSecond;

    /// <summary>Packets that the receiver asked for again.</summary>
    public long Nacks { get; set; }

    /// <summary>Key frames that the receiver asked for.</summary>
    public long PictureLosses { get; set; }

    public long Retransmitted { get; set; }

    /// <summary>The receiver has said how it fares.</summary>
    public bool Reported { get; private set; }

    /// <summary>Of its last report, 0 to 1.</summary>
    public double FractionLost { get; private set; }

    public long Lost { get; private set; }

    /// <summary>In units of the RTP clock.</summary>
    public uint Jitter { get; private set; }

    public void OnSent(int octets, int payloadOctets)
    {
        Packets++;
        PayloadOctets += payloadOctets;
        _rate.Add(octets);
    }

    public void Sample(long now) => _rate.Sample(now);

    public void OnAttached(IncomingStream stream) => _freezesAtStart = stream.Frames.Freezes;

    public void OnDetached(IncomingStream stream) => _freezesBefore += stream.Frames.Freezes - _freezesAtStart;

    /// <summary>How often the video that was forwarded stood still.</summary>
    public int Freezes(IncomingStream? attached) => _freezesBefore + (attached is null ? 0 : attached.Frames.Freezes - _freezesAtStart);

    public void OnReportSent(ulong ntpTime, long now)
    {
        _reportSent = (uint)(ntpTime >> 16);
        _reportSentAt = now;
    }

    /// <param name="roundTrip">RFC 3550 §6.4.1; valid when true is returned.</param>
    public bool OnReport(in ReportBlock block, long now, out long roundTrip)
    {
        Reported = true;
        FractionLost = block.FractionLost / 256.0;
        Lost = Math.Max(0, block.CumulativeLost);
        Jitter = block.Jitter;
        roundTrip = now - _reportSentAt - block.DelaySinceLastSenderReport * 1_000_000L / 65536;
        return block.LastSenderReport != 0 && block.LastSenderReport == _reportSent && roundTrip >= 0;
    }
}
