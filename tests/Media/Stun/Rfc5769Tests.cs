using System.Net;
using System.Security.Cryptography;
using System.Text;
using Telemedicine.Media.Net;
using Telemedicine.Media.Stun;
using Xunit;

namespace Telemedicine.Media.Tests.Stun;

/// <summary>The test vectors of RFC 5769 (short-term credentials, except the last).</summary>
public sealed class Rfc5769Tests
{
    private static readonly byte[] Password = "VOkJxbRl1RmTxUk/WvJxBt"u8.ToArray();

    // Section 2.1.
    private static readonly byte[] Request = Hex(
        "000100582112a442b7e7a701bc34d686fa87dfae",
        "802200105354554e207465737420636c69656e74",
        "002400046e0001ff",
        "80290008932ff9b151263b36",
        "000600096576746a3a68367659202020",
        "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2",
        "80280004e57a3bcf");

    // Section 2.2.
    private static readonly byte[] IPv4Response = Hex(
        "0101003c2112a442b7e7a701bc34d686fa87dfae",
        "8022000b7465737420766563746f7220",
        "002000080001a147e112a643",
        "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7",
        "80280004c07d4c96");

    // Section 2.3.
    private static readonly byte[] IPv6Response = Hex(
        "010100482112a442b7e7a701bc34d686fa87dfae",
        "8022000b7465737420766563746f7220",
        "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9",
        "00080014a382954e4be67bf11784c97c8292c275bfe3ed41",
        "80280004c8fb0b4c");

    // Section 2.4: a long-term credential, without fingerprint.
    private static readonly byte[] LongTermRequest = Hex(
        "000100602112a44278ad3433c6ad72c029da412e",
        "00060012e3839ee38388e383aae38383e382afe382b90000",
        "0015001c662f2f3439396b393534643",
        "64f4c33346f4c394653547679363473",
        "41",
        "0014000b6578616d706c652e6f726700",
        "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666");

    [Fact]
    public void The_sample_request_is_read_and_authenticated()
    {
        Assert.True(StunMessage.TryParse(Request, out StunMessage message));

        Assert.Equal(StunMessageType.BindingRequest, message.Type);
        Assert.Equal(Convert.FromHexString("b7e7a701bc34d686fa87dfae"), message.TransactionId.ToArray());
        Assert.Equal(0x6e0001ffu, message.Priority);
        Assert.True(message.IsControlled);
        Assert.False(message.UseCandidate);
        Assert.True(message.TryGetUsername(out ReadOnlySpan<byte> local, out ReadOnlySpan<byte> remote));
        Assert.Equal("evtj", Encoding.ASCII.GetString(local));
        Assert.Equal("h6vY", Encoding.ASCII.GetString(remote));
        Assert.True(message.HasValidIntegrity(Password));
        Assert.True(message.HasValidFingerprint());
    }

    [Fact]
    public void The_sample_responses_are_authenticated()
    {
        foreach (byte[] response in new[] { IPv4Response, IPv6Response })
        {
            Assert.True(StunMessage.TryParse(response, out StunMessage message));
            Assert.Equal(StunMessageType.BindingSuccess, message.Type);
            Assert.True(message.HasValidIntegrity(Password));
            Assert.True(message.HasValidFingerprint());
        }
    }

    [Fact]
    public void Our_mapped_addresses_equal_the_samples()
    {
        Assert.Equal(IPv4Response[36..48], MappedAddress("192.0.2.1"));
        Assert.Equal(IPv6Response[36..60], MappedAddress("2001:db8:1234:5678:11:2233:4455:6677"));
    }

    [Fact]
    public void The_long_term_request_is_authenticated_and_lacks_a_fingerprint()
    {
        byte[] key = MD5.HashData(Encoding.UTF8.GetBytes("マトリックス:example.org:TheMatrIX"));

        Assert.True(StunMessage.TryParse(LongTermRequest, out StunMessage message));

        Assert.True(message.HasValidIntegrity(key));
        Assert.False(message.HasValidFingerprint());
        Assert.False(message.TryGetUsername(out _, out _));
    }

    [Fact]
    public void A_wrong_password_does_not_authenticate()
    {
        Assert.True(StunMessage.TryParse(Request, out StunMessage message));

        Assert.False(message.HasValidIntegrity("VOkJxbRl1RmTxUk/WvJxBu"u8));
        Assert.False(message.HasValidIntegrity([]));
    }

    [Fact]
    public void Any_changed_bit_is_noticed()
    {
        for (int at = 0; at < Request.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. Request];
                changed[at] ^= (byte)(1 << bit);

                bool accepted = StunMessage.TryParse(changed, out StunMessage message)
                    && message.HasValidIntegrity(Password)
                    && message.HasValidFingerprint();

                Assert.False(accepted, $"bit {bit} of byte {at}");
            }
        }
    }

    [Fact]
    public void A_request_cut_at_any_byte_is_refused()
    {
        for (int length = 0; length < Request.Length; length++)
            Assert.False(StunMessage.TryParse(Request.AsSpan(0, length), out _));
    }

    private static byte[] MappedAddress(string address)
    {
        byte[] buffer = new byte[64];
        StunWriter writer = new(buffer, StunMessageType.BindingSuccess, Request.AsSpan(8, 12));
        writer.AddXorMappedAddress(PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), 32853)));
        return buffer[20..writer.Length];
    }

    private static byte[] Hex(params string[] lines) => Convert.FromHexString(string.Concat(lines));
}
