using System.Buffers.Binary;
using Telemedicine.Media.Srtp;
using Xunit;
using static Telemedicine.Media.Tests.Srtp.SrtpVectors;

namespace Telemedicine.Media.Tests.Srtp;

public sealed class SrtpSessionTests
{
    private const uint Ssrc = 0x1122_3344;

    public static TheoryData<int> Profiles => [(int)SrtpProfile.AeadAes128Gcm, (int)SrtpProfile.Aes128CmSha1Tag80];

    [Theory, MemberData(nameof(Profiles))]
    public void What_one_side_protects_the_other_reads(int profile)
    {
        var (sender, receiver) = Pair(profile);
        SrtpStream stream = sender.Stream(Ssrc);
        foreach (int payload in new[] { 0, 1, 15, 16, 17, 160, 1184 })
        {
            byte[] clear = SrtpVectors.Rtp(Ssrc, (ushort)payload, payload);

            byte[] wire = sender.Protect(stream, clear);

            Assert.Equal(clear[..12], wire[..12]);
            Assert.Equal(clear, receiver.Unprotect(wire));
        }
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Csrcs_and_header_extension_stay_clear_but_protected(int profile)
    {
        var (sender, receiver) = Pair(profile);
        byte[] clear = Hex("92600001 00000000 11223344 aaaaaaaa bbbbbbbb bede0001 10ff0000 0102030405");

        byte[] wire = sender.Protect(sender.Stream(Ssrc), clear);
        byte[] tampered = [.. wire];
        tampered[25] ^= 1;

        Assert.Equal(clear[..28], wire[..28]);
        Assert.NotEqual(clear[28..], wire[28..33]);
        Assert.Null(receiver.Unprotect(tampered));
        Assert.Equal(clear, receiver.Unprotect(wire));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_shared_payload_is_sealed_apart_from_its_header_with_the_same_result(int profile)
    {
        using SrtpSender first = new(Master((SrtpProfile)profile));
        using SrtpSender second = new(Master((SrtpProfile)profile));
        byte[] clear = SrtpVectors.Rtp(Ssrc, 7);
        byte[] payload = clear[12..];
        byte[] destination = new byte[clear.Length + SrtpSender.MaxOverhead];

        int length = first.ProtectRtp(first.Stream(Ssrc), clear.AsSpan(0, 12), payload, destination);

        Assert.Equal(second.Protect(second.Stream(Ssrc), clear), destination[..length]);
        Assert.Equal(clear[12..], payload);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_replayed_packet_is_refused(int profile)
    {
        var (sender, receiver) = Pair(profile);
        byte[] wire = sender.Protect(sender.Stream(Ssrc), SrtpVectors.Rtp(Ssrc, 1));

        byte[]? first = receiver.Unprotect(wire);
        byte[]? again = receiver.Unprotect(wire);

        Assert.NotNull(first);
        Assert.Null(again);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Late_packets_pass_once_within_the_window_and_not_beyond_it(int profile)
    {
        var (sender, receiver) = Pair(profile);
        SrtpStream stream = sender.Stream(Ssrc);
        byte[][] wires = [.. Enumerable.Range(0, 1100).Select(n => sender.Protect(stream, SrtpVectors.Rtp(Ssrc, (ushort)n)))];
        Assert.NotNull(receiver.Unprotect(wires[0]));

        Assert.NotNull(receiver.Unprotect(wires[1099]));

        int oldest = 1099 - ReplayWindow.Size + 1;
        Assert.NotNull(receiver.Unprotect(wires[oldest]));
        Assert.Null(receiver.Unprotect(wires[oldest]));
        Assert.Null(receiver.Unprotect(wires[oldest - 1]));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void The_rollover_counter_survives_wrapping_with_loss_and_reordering(int profile)
    {
        // Four wraps, with 36 of 37 packets lost; of those left each 20 are shuffled and a fifth lost too.
        var (sender, receiver) = Pair(profile);
        SrtpStream stream = sender.Stream(Ssrc);
        Random random = new(20);
        int unread = 0;
        for (int block = 0; block < 4 * 65536; block += 20 * 37)
        {
            byte[][] wires = [.. Enumerable.Range(0, 20).Select(n => sender.Protect(stream, SrtpVectors.Rtp(Ssrc, (ushort)(block + (37 * n)), 4)))];
            random.Shuffle(wires);
            foreach (byte[] wire in wires.Take(16))
                unread += receiver.Unprotect(wire) is null ? 1 : 0;
        }

        Assert.Equal(0, unread);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_packet_from_before_the_wrap_is_read_after_it(int profile)
    {
        var (sender, receiver) = Pair(profile);
        SrtpStream stream = sender.Stream(Ssrc);
        byte[] before = sender.Protect(stream, SrtpVectors.Rtp(Ssrc, 65535));
        byte[] late = sender.Protect(stream, SrtpVectors.Rtp(Ssrc, 65534));
        byte[] after = sender.Protect(stream, SrtpVectors.Rtp(Ssrc, 0));

        Assert.NotNull(receiver.Unprotect(before));
        Assert.NotNull(receiver.Unprotect(after));
        Assert.NotNull(receiver.Unprotect(late));
        Assert.Null(receiver.Unprotect(before));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_forged_packet_changes_nothing(int profile)
    {
        // Each forgery claims a sequence number that would move the window far ahead if it were believed.
        var (sender, receiver) = Pair(profile);
        SrtpStream stream = sender.Stream(Ssrc);
        Assert.NotNull(receiver.Unprotect(sender.Protect(stream, SrtpVectors.Rtp(Ssrc, 10))));
        byte[] genuine = sender.Protect(stream, SrtpVectors.Rtp(Ssrc, 11));
        for (int at = 2; at < genuine.Length; at++)
        {
            byte[] forged = [.. genuine];
            forged[at] ^= 0x40;
            Assert.Null(receiver.Unprotect(forged));
        }

        Assert.NotNull(receiver.Unprotect(genuine));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Forgeries_under_many_ssrcs_leave_no_memory_behind(int profile)
    {
        var (sender, receiver) = Pair(profile);
        byte[] packet = sender.Protect(sender.Stream(Ssrc), SrtpVectors.Rtp(Ssrc, 10));
        byte[] forged = [.. packet];
        int believed = 0;

        long allocated = Allocations.Of(() =>
        {
            for (int n = 1; n < 5000; n++)
            {
                packet.CopyTo(forged, 0);
                BinaryPrimitives.WriteInt32BigEndian(forged.AsSpan(8), n);
                believed += receiver.TryUnprotectRtp(forged, out _) ? 1 : 0;
            }
        });

        Assert.Equal(0, believed);
        Assert.Equal(0, allocated);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Malformed_packets_are_refused_at_every_length(int profile)
    {
        var (sender, receiver) = Pair(profile);
        byte[] rtp = sender.Protect(sender.Stream(Ssrc), Hex("92600001 00000000 11223344 aaaaaaaa bbbbbbbb bede0001 10ff0000 0102030405"));
        byte[] rtcp = sender.ProtectControl(SrtpVectors.Rtcp(Ssrc));

        for (int length = 0; length < rtp.Length; length++)
            Assert.Null(receiver.Unprotect(rtp[..length]));
        for (int length = 0; length < rtcp.Length; length++)
            Assert.Null(receiver.UnprotectControl(rtcp[..length]));

        Assert.NotNull(receiver.Unprotect(rtp));
        Assert.NotNull(receiver.UnprotectControl(rtcp));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Keys_of_the_other_direction_read_nothing(int profile)
    {
        using SrtpSender sender = new(Master((SrtpProfile)profile));
        using SrtpReceiver other = new(new SrtpMasterKey((SrtpProfile)profile, new byte[16], new byte[profile == (int)SrtpProfile.AeadAes128Gcm ? 12 : 14]));

        Assert.Null(other.Unprotect(sender.Protect(sender.Stream(Ssrc), SrtpVectors.Rtp(Ssrc, 1))));
        Assert.Null(other.UnprotectControl(sender.ProtectControl(SrtpVectors.Rtcp(Ssrc))));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void No_index_is_encrypted_under_twice(int profile)
    {
        using SrtpSender sender = new(Master((SrtpProfile)profile));
        SrtpStream stream = sender.Stream(Ssrc);
        byte[] packet = [.. SrtpVectors.Rtp(Ssrc, 2000), .. new byte[SrtpSender.MaxOverhead]];
        int length = packet.Length - SrtpSender.MaxOverhead;

        Assert.NotEqual(0, sender.ProtectRtp(stream, [.. packet], length));
        Assert.Equal(0, sender.ProtectRtp(stream, [.. packet], length));
        packet[3]--;
        Assert.NotEqual(0, sender.ProtectRtp(stream, [.. packet], length));
        Assert.Equal(0, sender.ProtectRtp(stream, [.. packet], length));
        packet[2] = 0;
        Assert.Equal(0, sender.ProtectRtp(stream, packet, length));
        Assert.Throws<InvalidOperationException>(() => sender.Stream(Ssrc));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Equal_payloads_never_look_equal_on_the_wire(int profile)
    {
        using SrtpSender sender = new(Master((SrtpProfile)profile));
        SrtpStream first = sender.Stream(1);
        SrtpStream second = sender.Stream(2);
        List<string> bodies = [];
        for (ushort sequence = 0; sequence < 300; sequence++)
        {
            foreach (SrtpStream stream in new[] { first, second })
            {
                byte[] packet = SrtpVectors.Rtp(stream.Ssrc, sequence);
                packet.AsSpan(12).Clear();
                bodies.Add(Convert.ToHexString(sender.Protect(stream, packet).AsSpan(12)));
            }
        }

        Assert.Equal(bodies.Count, bodies.Distinct().Count());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_packet_of_another_ssrc_than_its_stream_is_a_mistake(int profile)
    {
        using SrtpSender sender = new(Master((SrtpProfile)profile));
        SrtpStream stream = sender.Stream(Ssrc);

        Assert.Throws<ArgumentException>(() => sender.Protect(stream, SrtpVectors.Rtp(Ssrc + 1, 1)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Control_packets_go_through_once_and_in_any_order(int profile)
    {
        var (sender, receiver) = Pair(profile);
        byte[][] wires = [.. Enumerable.Range(0, 20).Select(_ => sender.ProtectControl(SrtpVectors.Rtcp(Ssrc)))];
        Array.Reverse(wires);

        foreach (byte[] wire in wires)
        {
            Assert.Equal(SrtpVectors.Rtcp(Ssrc), receiver.UnprotectControl(wire));
            Assert.Null(receiver.UnprotectControl(wire));
        }
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_forged_control_packet_changes_nothing(int profile)
    {
        var (sender, receiver) = Pair(profile);
        byte[] genuine = sender.ProtectControl([.. SrtpVectors.Rtcp(Ssrc), 1, 2, 3, 4]);
        for (int at = 0; at < genuine.Length; at++)
        {
            byte[] forged = [.. genuine];
            forged[at] ^= 0x40;
            Assert.Null(receiver.UnprotectControl(forged));
        }

        Assert.NotNull(receiver.UnprotectControl(genuine));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_closed_session_refuses_to_work(int profile)
    {
        var (sender, receiver) = Pair(profile);
        SrtpStream stream = sender.Stream(Ssrc);
        sender.Dispose();
        receiver.Dispose();

        Assert.Throws<ObjectDisposedException>(() => sender.Protect(stream, SrtpVectors.Rtp(Ssrc, 1)));
        Assert.Throws<ObjectDisposedException>(() => receiver.Unprotect(SrtpVectors.Rtp(Ssrc, 1)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Protecting_and_reading_allocate_nothing(int profile)
    {
        var (sender, receiver) = Pair(profile);
        SrtpStream stream = sender.Stream(Ssrc);
        byte[] clear = SrtpVectors.Rtp(Ssrc, 0, 1100);
        byte[] control = [.. SrtpVectors.Rtcp(Ssrc), .. new byte[SrtpSender.MaxOverhead]];
        byte[] wire = new byte[clear.Length + SrtpSender.MaxOverhead];
        int next = 0;

        long allocated = Allocations.Of(() =>
        {
            for (int n = 0; n < 2000; n++)
                PassOne(next++);
        });

        Assert.Equal(0, allocated);

        void PassOne(int n)
        {
            BinaryPrimitives.WriteUInt16BigEndian(clear.AsSpan(2), (ushort)n);
            int length = sender.ProtectRtp(stream, clear.AsSpan(0, 12), clear.AsSpan(12), wire);
            Assert.True(receiver.TryUnprotectRtp(wire.AsSpan(0, length), out _));
            int controlLength = sender.ProtectRtcp(control, 8);
            Assert.True(receiver.TryUnprotectRtcp(control.AsSpan(0, controlLength), out _));
        }
    }

    private static (SrtpSender Sender, SrtpReceiver Receiver) Pair(int profile)
    {
        SrtpMasterKey master = Master((SrtpProfile)profile);
        return (new SrtpSender(master), new SrtpReceiver(master));
    }
}
