using FsCheck;
using FsCheck.Fluent;
using Telemedicine.Media.Srtp;
using Xunit;
using static Telemedicine.Media.Tests.Srtp.SrtpVectors;

namespace Telemedicine.Media.Tests.Srtp;

/// <summary>What must hold of replay windows and packet indexes for every order in which a network, or an attacker, delivers packets (RFC 3711, sections 3.3.1, 3.3.2 and 9.1).</summary>
public sealed class SrtpPropertyTests
{
    private const uint Ssrc = 0x1122_3344;

    [Fact]
    public void A_window_lets_each_index_in_once_and_none_that_is_too_old()
    {
        var steps = Gen.Choose(-1500, 1600).ListOf().Where(list => list.Count > 0);

        Prop.ForAll(steps.ToArbitrary(), list =>
        {
            ReplayWindow window = default;
            HashSet<ulong> used = [];
            ulong highest = 0;
            foreach (int step in list)
            {
                ulong index = (ulong)long.Max(0, (long)highest + step);
                bool expected = used.Count == 0 || (index + ReplayWindow.Size > highest && !used.Contains(index));
                if (window.IsFresh(index) != expected)
                    return false;
                if (!expected)
                    continue;
                window.Use(index);
                used.Add(index);
                highest = ulong.Max(highest, index);
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData((int)SrtpProfile.AeadAes128Gcm)]
    [InlineData((int)SrtpProfile.Aes128CmSha1Tag80)]
    public void Whatever_is_lost_reordered_or_repeated_each_packet_is_read_at_most_once_and_right(int profile)
    {
        // Each number says of one packet how many are lost before it, how far it is delayed, and whether it comes again.
        var delivery = Gen.Choose(0, 700 * 13 * 4).ListOf(150);

        Prop.ForAll(Gen.Choose(0, 65535).ToArbitrary(), delivery.ToArbitrary(), (first, packets) =>
        {
            using SrtpSender sender = new(Master((SrtpProfile)profile));
            using SrtpReceiver receiver = new(Master((SrtpProfile)profile));
            SrtpStream stream = sender.Stream(Ssrc);
            List<(int Place, int Number, byte[] Wire)> arriving = [];
            int number = first;
            foreach (var (packet, place) in packets.Select((packet, place) => (packet, place)))
            {
                number += 1 + (packet % 700);
                int delay = packet / 700 % 13;
                byte[] wire = sender.Protect(stream, SrtpVectors.Rtp(Ssrc, (ushort)number, 20));
                arriving.Add((place == 0 ? 0 : place + delay, number, wire));
                if (packet / (700 * 13) == 0)
                    arriving.Add((place + delay + 3, number, wire));
            }

            HashSet<int> read = [];
            int highest = -1;
            foreach (var (_, n, wire) in arriving.OrderBy(packet => packet.Place))
            {
                byte[]? clear = receiver.Unprotect(wire);
                bool expected = highest < 0 || (n > highest - ReplayWindow.Size && !read.Contains(n));
                if ((clear is not null) != expected || (clear is not null && !clear.AsSpan().SequenceEqual(SrtpVectors.Rtp(Ssrc, (ushort)n, 20))))
                    return false;
                if (!expected)
                    continue;
                read.Add(n);
                highest = int.Max(highest, n);
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData((int)SrtpProfile.AeadAes128Gcm)]
    [InlineData((int)SrtpProfile.Aes128CmSha1Tag80)]
    public void Whatever_numbers_are_asked_for_no_two_packets_share_a_keystream(int profile)
    {
        // Equal clear packets of equal numbers would be equal on the wire if their index, and so the nonce, were used twice.
        Prop.ForAll(Gen.Choose(0, 65535).ListOf(400).ToArbitrary(), numbers =>
        {
            using SrtpSender sender = new(Master((SrtpProfile)profile));
            SrtpStream stream = sender.Stream(Ssrc);
            HashSet<string> wires = [];
            foreach (int number in numbers.Concat(numbers))
            {
                byte[] clear = SrtpVectors.Rtp(Ssrc, (ushort)number, 20);
                clear.AsSpan(12).Clear();
                byte[] wire = sender.Protect(stream, clear);
                if (wire.Length > 0 && !wires.Add(Convert.ToHexString(wire.AsSpan(12, 20))))
                    return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }
}
