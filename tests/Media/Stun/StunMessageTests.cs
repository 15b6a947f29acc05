using Telemedicine.Media.Stun;
using Xunit;

namespace Telemedicine.Media.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly byte[] Key = "a password of some length"u8.ToArray();

    [Fact]
    public void Attributes_behind_the_integrity_are_not_believed()
    {
        byte[] message = Build((ref StunWriter writer) =>
        {
            writer.Add(StunFormat.Username, "server:client"u8);
            writer.AddIntegrity(Key);
            writer.Add(StunFormat.UseCandidate, []);
            writer.Add(0x0077, []);
            writer.AddFingerprint();
        });

        Assert.True(StunMessage.TryParse(message, out StunMessage parsed));

        Assert.True(parsed.HasValidIntegrity(Key));
        Assert.True(parsed.HasValidFingerprint());
        Assert.False(parsed.UseCandidate);
        Assert.Equal(0, parsed.UnknownRequired);
    }

    [Fact]
    public void Nothing_may_follow_the_fingerprint()
    {
        byte[] message = Build((ref StunWriter writer) =>
        {
            writer.AddFingerprint();
            writer.Add(StunFormat.UseCandidate, []);
        });

        Assert.False(StunMessage.TryParse(message, out _));
    }

    [Fact]
    public void A_message_without_integrity_authenticates_under_no_key()
    {
        byte[] message = Build((ref StunWriter writer) => writer.AddFingerprint());

        Assert.True(StunMessage.TryParse(message, out StunMessage parsed));

        Assert.False(parsed.HasIntegrity);
        Assert.False(parsed.HasValidIntegrity(Key));
        Assert.False(parsed.HasValidIntegrity([]));
    }

    [Theory]
    [InlineData(StunFormat.Priority, 3)]
    [InlineData(StunFormat.Priority, 8)]
    [InlineData(StunFormat.UseCandidate, 1)]
    [InlineData(StunFormat.IceControlled, 4)]
    [InlineData(StunFormat.MessageIntegrity, 16)]
    [InlineData(StunFormat.MessageIntegrity, 32)]
    [InlineData(StunFormat.Fingerprint, 8)]
    public void An_attribute_of_the_wrong_length_spoils_the_message(int type, int length)
    {
        byte[] message = Build((ref StunWriter writer) => writer.Add((ushort)type, new byte[length]));

        Assert.False(StunMessage.TryParse(message, out _));
    }

    [Fact]
    public void A_message_longer_than_any_check_is_refused()
    {
        byte[] longest = Build((ref StunWriter writer) => writer.Add(StunFormat.Username, new byte[StunMessage.MaxLength - 24]));
        byte[] tooLong = Build((ref StunWriter writer) => writer.Add(StunFormat.Username, new byte[StunMessage.MaxLength - 20]));

        Assert.True(StunMessage.TryParse(longest, out _));
        Assert.False(StunMessage.TryParse(tooLong, out _));
    }

    [Theory]
    [InlineData("server:client", "server", "client")]
    [InlineData("server:", "server", "")]
    [InlineData("a:b:c", "a", "b:c")]
    public void A_username_names_receiver_and_sender(string username, string local, string remote)
    {
        byte[] message = Build((ref StunWriter writer) => writer.Add(StunFormat.Username, System.Text.Encoding.ASCII.GetBytes(username)));

        Assert.True(StunMessage.TryParse(message, out StunMessage parsed));
        Assert.True(parsed.TryGetUsername(out ReadOnlySpan<byte> ours, out ReadOnlySpan<byte> theirs));

        Assert.Equal(local, System.Text.Encoding.ASCII.GetString(ours));
        Assert.Equal(remote, System.Text.Encoding.ASCII.GetString(theirs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("serverclient")]
    [InlineData(":client")]
    public void A_username_without_receiver_is_none(string username)
    {
        byte[] message = Build((ref StunWriter writer) => writer.Add(StunFormat.Username, System.Text.Encoding.ASCII.GetBytes(username)));

        Assert.True(StunMessage.TryParse(message, out StunMessage parsed));

        Assert.False(parsed.TryGetUsername(out _, out _));
    }

    [Fact]
    public void Random_bytes_behind_a_good_header_never_throw()
    {
        Random random = new(5769);
        int parsed = 0;
        for (int n = 0; n < 20_000; n++)
        {
            byte[] datagram = new byte[20 + (random.Next(0, 20) * 4)];
            random.NextBytes(datagram);
            new byte[] { 0, 1, 0, (byte)(datagram.Length - 20), 0x21, 0x12, 0xA4, 0x42 }.CopyTo(datagram, 0);
            for (int at = 20; at < datagram.Length; at += 8)
            {
                datagram[at] = (byte)(random.Next(2) * 0x80);
                datagram[at + 2] = 0;
                datagram[at + 3] = (byte)random.Next(9);
            }

            if (!StunMessage.TryParse(datagram, out StunMessage message))
                continue;
            parsed++;
            Assert.False(message.HasValidIntegrity(Key));
            Assert.False(message.HasValidFingerprint());
            message.TryGetUsername(out _, out _);
        }

        Assert.True(parsed > 1000, "the generator makes too few readable messages to try anything");
    }

    private delegate void Fill(ref StunWriter writer);

    private static byte[] Build(Fill fill)
    {
        byte[] buffer = new byte[2048];
        StunWriter writer = new(buffer, StunMessageType.BindingRequest, new byte[12]);
        fill(ref writer);
        return buffer[..writer.Length];
    }
}
