using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Telemedicine.Media.Rtcp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class TransportFeedbackTests
{
    private readonly TransportFeedback _feedback = new();

    [Fact]
    public void A_report_is_laid_out_as_the_draft_says()
    {
        _feedback.OnPacket(5, 64_000);
        _feedback.OnPacket(7, 65_000);

        var report = Take(out var length);

        // Base 5, 3 statuses, reference time 1 (64 ms), report 0; one-bit vector 101; deltas 0 and 4 quarter milliseconds; 0 padding.
        Assert.Equal("8FCD0005" + "00000001" + "00000002" + "00050003" + "00000100" + "A800" + "0004", Convert.ToHexString(report.AsSpan(0, length)));
        Assert.False(_feedback.HasPending);
    }

    [Fact]
    public void Arrivals_survive_the_round_trip() =>
        Prop.ForAll<byte[], ushort>((steps, start) =>
        {
            var feedback = new TransportFeedback();
            var expected = new Dictionary<ushort, long>();
            var number = start;
            var now = 1_000_000L;
            foreach (var step in steps)
            {
                // Losses now and then, silences of up to 10 s now and then, many at the same time.
                number += (ushort)(step % 11 == 0 ? step : 1);
                now += step % 13 == 0 ? step * 40_000 : step % 3 * 250;
                feedback.OnPacket(number, now);
                expected[number] = now / 250;
            }

            var read = new Dictionary<ushort, long>();
            var buffer = new byte[1300];
            while (feedback.HasPending)
            {
                var rtcp = new RtcpBuilder(buffer);
                feedback.Write(ref rtcp, 1, 2);
                if (rtcp.Length > 1200)
                    return false;
                if (rtcp.Length > 0)
                    Read(buffer.AsSpan(0, rtcp.Length), read);
            }

            return read.Count == expected.Count && expected.All(arrival => read[arrival.Key] == arrival.Value);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void All_of_many_packets_between_two_reports_are_told()
    {
        const int Count = 2000;
        for (var number = 0; number < Count; number++)
            _feedback.OnPacket((ushort)number, 64_000 + number * 50);

        var read = new Dictionary<ushort, long>();
        while (_feedback.HasPending)
        {
            var report = Take(out var length);
            Read(report.AsSpan(0, length), read);
        }

        Assert.Equal(Enumerable.Range(0, Count).ToDictionary(number => (ushort)number, number => (64_000L + number * 50) / 250), read);
    }

    [Fact]
    public void A_packet_that_comes_after_its_report_is_told_in_the_next()
    {
        _feedback.OnPacket(1, 0);
        _feedback.OnPacket(3, 1000);
        _ = Take(out _);
        _feedback.OnPacket(2, 2000);

        var read = new Dictionary<ushort, long>();
        var report = Take(out var length);
        Read(report.AsSpan(0, length), read);

        Assert.Equal(8, read[2]);
    }

    [Fact]
    public void Nothing_is_pending_before_the_first_packet() => Assert.False(_feedback.HasPending);

    private byte[] Take(out int length)
    {
        var buffer = new byte[1300];
        var rtcp = new RtcpBuilder(buffer);
        _feedback.Write(ref rtcp, 1, 2);
        length = rtcp.Length;
        return buffer;
    }

    /// <summary>A reader of its own, from the draft: number → arrival in quarter milliseconds.</summary>
    private static void Read(ReadOnlySpan<byte> packet, Dictionary<ushort, long> arrivals)
    {
        var first = BinaryPrimitives.ReadUInt16BigEndian(packet[12..]);
        var count = BinaryPrimitives.ReadUInt16BigEndian(packet[14..]);
        var time = (long)(BinaryPrimitives.ReadUInt32BigEndian(packet[16..]) >> 8) * 256;
        var statuses = new List<int>();
        var offset = 20;
        while (statuses.Count < count)
        {
            int chunk = BinaryPrimitives.ReadUInt16BigEndian(packet[offset..]);
            offset += 2;
            if ((chunk & 0x8000) == 0)
                statuses.AddRange(Enumerable.Repeat(chunk >> 13 & 3, chunk & 0x1FFF));
            else if ((chunk & 0x4000) == 0)
                statuses.AddRange(Enumerable.Range(0, 14).Select(i => chunk >> (13 - i) & 1));
            else
                statuses.AddRange(Enumerable.Range(0, 7).Select(i => chunk >> (12 - 2 * i) & 3));
        }

        for (var i = 0; i < count; i++)
        {
            if (statuses[i] == 0)
                continue;
            time += statuses[i] == 1 ? packet[offset] : BinaryPrimitives.ReadInt16BigEndian(packet[offset..]);
            offset += statuses[i];
            arrivals[(ushort)(first + i)] = time;
        }
    }
}
