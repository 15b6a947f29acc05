using System.Buffers.Binary;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Rtcp;

/// <summary>
/// Records when each packet of a transport came and reports it to the sender, whose bandwidth estimate lives on it
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
/// </summary>
internal sealed class TransportFeedback
{
    /// <summary>Most packets one report speaks of: with two bytes each it stays below 1,200 bytes.</summary>
    public const int MaximumPackets = 480;

    // How many packets back a late one may come; more as soon as that many come between two reports.
    private const int FirstWindow = 256;
    private const int LargestWindow = 2048;
    private const int FixedLength = 8;

    /// <summary>Arrival times are told in quarters of a millisecond; the reference time in 64 ms.</summary>
    private const long Tick = 250;
    private const long TicksPerReference = 256;

    private const byte NotReceived = 0, SmallDelta = 1, LargeDelta = 2;

    /// <summary>When the number came, plus one so that 0 means not; by the number's low bits.</summary>
    private long[] _arrivals = new long[FirstWindow];
    private SequenceUnwrapper _numbers;
    private long _firstPending = long.MaxValue;
    private long _end;
    private byte _reports;

    public bool HasPending => _firstPending < _end;

    /// <param name="now">Microseconds.</param>
    public void OnPacket(ushort sequenceNumber, long now)
    {
        var before = _numbers.Started ? _numbers.Highest : -1;
        var number = _numbers.Unwrap(sequenceNumber);
        while (HasPending && number - _firstPending >= _arrivals.Length && _arrivals.Length < LargestWindow)
            Grow();
        if (before >= 0 && number > before + 1)
            Forget(before + 1, number);
        if (number <= _numbers.Highest - _arrivals.Length)
            return;
        ArrivalOf(number) = now + 1;
        _end = _numbers.Highest + 1;
        _firstPending = Math.Max(Math.Min(_firstPending, number), _end - _arrivals.Length);
    }

    /// <summary>Adds one report of what came since the last one. Call until <see cref="HasPending"/> is false.</summary>
    public void Write(ref RtcpBuilder rtcp, uint senderSsrc, uint mediaSsrc)
    {
        var first = _firstPending;
        while (first < _end && ArrivalOf(first) == 0)
            first++;
        if (first == _end)
        {
            Finish(_end);
            return;
        }

        Span<byte> statuses = stackalloc byte[MaximumPackets];
        Span<short> deltas = stackalloc short[MaximumPackets];
        var reference = Ticks(first) / TicksPerReference;
        var (count, received) = Collect(first, reference * TicksPerReference, statuses, deltas);
        statuses = statuses[..count];

        Span<byte> chunks = stackalloc byte[MaximumPackets];
        var chunksLength = WriteChunks(statuses, chunks);
        var deltasLength = 0;
        for (var i = 0; i < count; i++)
            deltasLength += statuses[i];
        var information = rtcp.TransportFeedback(
            RtcpFeedbackFormat.TransportWide, senderSsrc, mediaSsrc, (FixedLength + chunksLength + deltasLength + 3) / 4 * 4);
        BinaryPrimitives.WriteUInt16BigEndian(information, (ushort)first);
        BinaryPrimitives.WriteUInt16BigEndian(information[2..], (ushort)count);
        BinaryPrimitives.WriteUInt32BigEndian(information[4..], ((uint)reference << 8) | _reports++);
        chunks[..chunksLength].CopyTo(information[FixedLength..]);
        WriteDeltas(statuses, deltas[..received], information[(FixedLength + chunksLength)..]);
        Finish(first + count);
    }

    /// <summary>Statuses from <paramref name="first"/> on, and for each received packet the ticks since the one before.</summary>
    private (int Count, int Received) Collect(long first, long previousTicks, Span<byte> statuses, Span<short> deltas)
    {
        var count = 0;
        var received = 0;
        for (var number = first; number < _end && number - first < statuses.Length; number++)
        {
            if (ArrivalOf(number) == 0)
                continue;
            var ticks = Ticks(number);
            var delta = ticks - previousTicks;
            // Too far apart for 16 bits: this packet begins the next report.
            if (delta is < short.MinValue or > short.MaxValue)
                break;
            statuses[count..(int)(number - first)].Fill(NotReceived);
            count = (int)(number - first) + 1;
            statuses[count - 1] = delta is >= 0 and <= byte.MaxValue ? SmallDelta : LargeDelta;
            deltas[received++] = (short)delta;
            previousTicks = ticks;
        }

        return (count, received);
    }

    /// <summary>§3.1.3 and §3.1.4: runs of one status, vectors of 14 one-bit or of 7 two-bit statuses.</summary>
    private static int WriteChunks(ReadOnlySpan<byte> statuses, Span<byte> chunks)
    {
        const int OneBitVector = 0x8000, TwoBitVector = 0xC000;
        var written = 0;
        while (!statuses.IsEmpty)
        {
            var run = statuses.IndexOfAnyExcept(statuses[0]);
            if (run < 0)
                run = statuses.Length;
            int chunk, covered;
            if (run >= 14)
            {
                chunk = (statuses[0] << 13) | run;
                covered = run;
            }
            else
            {
                var oneBit = !statuses[..Math.Min(14, statuses.Length)].Contains(LargeDelta);
                covered = Math.Min(oneBit ? 14 : 7, statuses.Length);
                chunk = oneBit ? OneBitVector : TwoBitVector;
                for (var i = 0; i < covered; i++)
                    chunk |= statuses[i] << (oneBit ? 13 - i : 12 - 2 * i);
            }

            BinaryPrimitives.WriteUInt16BigEndian(chunks[written..], (ushort)chunk);
            written += 2;
            statuses = statuses[covered..];
        }

        return written;
    }

    private static void WriteDeltas(ReadOnlySpan<byte> statuses, ReadOnlySpan<short> deltas, Span<byte> destination)
    {
        var written = 0;
        var next = 0;
        foreach (var status in statuses)
        {
            if (status == SmallDelta)
                destination[written++] = (byte)deltas[next++];
            if (status != LargeDelta)
                continue;
            BinaryPrimitives.WriteInt16BigEndian(destination[written..], deltas[next++]);
            written += 2;
        }

        destination[written..].Clear();
    }

    private ref long ArrivalOf(long number) => ref _arrivals[number & (_arrivals.Length - 1)];

    private void Grow()
    {
        var before = _arrivals;
        _arrivals = new long[before.Length * 2];
        for (var number = Math.Max(0, _end - before.Length); number < _end; number++)
            ArrivalOf(number) = before[number & (before.Length - 1)];
    }

    private long Ticks(long number) => (ArrivalOf(number) - 1) / Tick;

    private void Finish(long next) => _firstPending = next < _end ? next : long.MaxValue;

    private void Forget(long first, long end)
    {
        for (var number = Math.Max(first, end - _arrivals.Length); number < end; number++)
            ArrivalOf(number) = 0;
    }
}
