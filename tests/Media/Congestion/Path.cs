using Telemedicine.Media.Core;
using Telemedicine.Media.Core.Congestion;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Tests.Calls;

namespace Telemedicine.Media.Tests.Congestion;

/// <summary>A sender whose media follow the estimate up to what they need, a link, and a receiver that reports as browsers do; time is the test's own.</summary>
internal sealed class Path
{
    private const int PacketLength = 1000;
    private const long ReportInterval = 100_000;

    private readonly Queue<(long At, ushort Number)> _arriving = new();
    private readonly Queue<(long At, byte[] Report)> _reports = new();
    private readonly TransportFeedback _receiver = new();
    private readonly Random _random = new(7);
    private double _credit;

    public CongestionControl Control { get; } = new();

    public Link Link { get; } = new();

    /// <summary>Microseconds.</summary>
    public long Now { get; private set; } = 1_000_000;

    /// <summary>Bits per second at its best.</summary>
    public long Media { get; set; } = 2_000_000;

    /// <summary>The media are what they are: they do not follow the estimate.</summary>
    public bool IsStubborn { get; set; }

    /// <summary>0 to 1, of the receiver's reports.</summary>
    public double ReportLoss { get; set; }

    public int PaddingSent { get; private set; }

    /// <summary>The estimate at each millisecond of the last <see cref="Run"/>.</summary>
    public List<long> Estimates { get; } = [];

    public void Run(int milliseconds)
    {
        Estimates.Clear();
        for (var i = 0; i < milliseconds; i++)
        {
            Now += 1_000;
            SendMedia();
            Receive();
            if (Now % Engine.TickInterval == 0)
                SendPadding(Control.HandleTimeout(Now, canPad: true));
            Estimates.Add(Control.Bitrate ?? 0);
        }
    }

    /// <summary>Lets time pass until the estimate is at least this.</summary>
    /// <returns>Milliseconds; <paramref name="limit"/> when it never was.</returns>
    public int RunUntil(long estimate, int limit)
    {
        for (var passed = 0; passed < limit; passed++)
        {
            if (Control.Bitrate >= estimate)
                return passed;
            Run(1);
        }

        return limit;
    }

    /// <summary>In bursts, as frames come.</summary>
    private void SendMedia()
    {
        if (Now % 33_000 != 0)
            return;
        var rate = IsStubborn ? Media : Math.Min(Media, Control.Bitrate ?? CongestionControl.First);
        for (_credit += rate * 0.033 / 8; _credit > 0;)
        {
            var length = (int)Math.Min(PacketLength, Math.Max(100, _credit));
            Send(length);
            _credit -= length;
        }
    }

    private void SendPadding(int octets)
    {
        PaddingSent += octets;
        for (; octets > 0; octets -= 255)
            Send(Math.Clamp(octets, 21, 255));
    }

    private void Send(int length)
    {
        var number = Control.OnSent(Now, length);
        if (Link.Send(Now, length) is { } arrival)
            _arriving.Enqueue((arrival, number));
    }

    private void Receive()
    {
        while (_arriving.TryPeek(out var next) && next.At <= Now)
            _receiver.OnPacket(_arriving.Dequeue().Number, next.At);
        Span<byte> buffer = stackalloc byte[1300];
        while (Now % ReportInterval == 0 && _receiver.HasPending)
        {
            var rtcp = new RtcpBuilder(buffer);
            _receiver.Write(ref rtcp, 1, 2);
            if (_random.NextDouble() >= ReportLoss)
                _reports.Enqueue((Now + 5_000, buffer[..rtcp.Length].ToArray()));
        }

        while (_reports.TryPeek(out var report) && report.At <= Now)
        {
            var reader = new RtcpReader(_reports.Dequeue().Report);
            Xunit.Assert.True(reader.TryRead(out var packet));
            Xunit.Assert.True(TransportFeedbackReader.TryParse(packet, out var feedback));
            Control.OnFeedback(Now, feedback);
        }
    }
}
