using Telemedicine.Media.Srtp;
using Xunit;
using static Telemedicine.Media.Tests.Srtp.SrtpVectors;

namespace Telemedicine.Media.Tests.Srtp;

public sealed class SrtpKnownAnswerTests
{
    // RFC 7714, section 16: key 00..0f, salt "Quid pro quo".
    private static readonly byte[] GcmKey = Hex("000102030405060708090a0b0c0d0e0f");
    private static readonly byte[] GcmSalt = Hex("517569642070726f2071756f");
    private static readonly byte[] GcmRtp = Hex(
        "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573");
    private static readonly byte[] GcmProtectedRtp = Hex(
        "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce");

    // RFC 7714, section 17.1: SRTCP index 5d4.
    private static readonly byte[] GcmRtcp = Hex(
        "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef");
    private static readonly byte[] GcmProtectedRtcp = Hex(
        "81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4");

    private static readonly SrtpSessionKeys GcmKeys = new(GcmKey, [], GcmSalt);

    [Fact]
    public void Session_keys_are_derived_as_RFC_3711_appendix_B3_says()
    {
        SrtpMasterKey master = Master(SrtpProfile.Aes128CmSha1Tag80);

        SrtpSessionKeys keys = SrtpSessionKeys.ForRtp(master);
        byte[] longAuthenticationKey = SrtpSessionKeys.Derive(master, label: 1, length: 94);

        Assert.Equal(Hex("C61E7A93744F39EE10734AFE3FF7A087"), keys.Encryption.ToArray());
        Assert.Equal(Hex("30CBBC08863D8C85D49DB34A9AE1"), keys.Salt.ToArray());
        Assert.Equal(Hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"), keys.Authentication.ToArray());
        Assert.Equal(
            Hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25"
                + "6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2"),
            longAuthenticationKey);
    }

    [Fact]
    public void Counter_mode_makes_the_keystream_of_RFC_3711_appendix_B2()
    {
        SrtpSessionKeys keys = new(Hex("2B7E151628AED2A6ABF7158809CF4F3C"), new byte[20], Hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"));
        using CounterModeTransform transform = new(keys, keys);
        byte[] packet = new byte[12 + 48 + transform.TagLength];
        packet[0] = 0x80;

        transform.SealRtp(ssrc: 0, index: 0, packet, headerLength: 12, new byte[48]);

        Assert.Equal(Hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"), packet[12..60]);
    }

    [Fact]
    public void Counter_mode_protects_the_reference_packet_of_libsrtp()
    {
        using SrtpSender sender = new(Master(SrtpProfile.Aes128CmSha1Tag80));

        byte[] actual = sender.Protect(sender.Stream(0xcafebabe), Hex("800f1234decafbadcafebabe abababababababababababababababab"));

        Assert.Equal(Hex("800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb"), actual);
    }

    [Fact]
    public void Counter_mode_opens_and_seals_the_reference_control_packet_of_libsrtp()
    {
        SrtpMasterKey master = Master(SrtpProfile.Aes128CmSha1Tag80);
        byte[] expected = Hex("81c8000bcafebabe 7128035be487b9bdbef89041f977a5a8 80000001 993e08cd54d6c1230798");
        using CounterModeTransform transform = new(SrtpSessionKeys.ForRtp(master), SrtpSessionKeys.ForRtcp(master));
        using SrtpReceiver receiver = new(master);
        byte[] clear = Hex("81c8000bcafebabe abababababababababababababababab");
        byte[] sealedPacket = [.. clear, .. new byte[14]];

        transform.SealRtcp(0xcafebabe, index: 1, sealedPacket, clear.Length);

        Assert.Equal(expected, sealedPacket);
        Assert.Equal(clear, receiver.UnprotectControl(expected));
    }

    [Fact]
    public void Gcm_seals_the_packet_of_RFC_7714_section_16()
    {
        using GcmTransform transform = new(GcmKeys, GcmKeys, sending: true);
        byte[] packet = new byte[GcmRtp.Length + transform.TagLength];
        GcmRtp.AsSpan(0, 12).CopyTo(packet);

        transform.SealRtp(0x5501a0b2, index: 0xf17b, packet, headerLength: 12, GcmRtp.AsSpan(12));

        Assert.Equal(GcmProtectedRtp, packet);
    }

    [Fact]
    public void Gcm_opens_the_packet_of_RFC_7714_section_16()
    {
        using GcmTransform transform = new(GcmKeys, GcmKeys, sending: false);
        byte[] packet = [.. GcmProtectedRtp];

        bool opened = transform.TryOpenRtp(0x5501a0b2, index: 0xf17b, packet, headerLength: 12);

        Assert.True(opened);
        Assert.Equal(GcmRtp, packet[..GcmRtp.Length]);
    }

    [Fact]
    public void Gcm_seals_the_control_packet_of_RFC_7714_section_17()
    {
        using GcmTransform transform = new(GcmKeys, GcmKeys, sending: true);
        byte[] packet = [.. GcmRtcp, .. new byte[20]];

        transform.SealRtcp(0x4d617273, index: 0x5d4, packet, GcmRtcp.Length);

        Assert.Equal(GcmProtectedRtcp, packet);
    }

    [Fact]
    public void Gcm_opens_the_control_packet_of_RFC_7714_section_17()
    {
        using GcmTransform transform = new(GcmKeys, GcmKeys, sending: false);
        byte[] packet = [.. GcmProtectedRtcp];

        bool opened = transform.TryOpenRtcp(0x4d617273, index: 0x5d4, packet);

        Assert.True(opened);
        Assert.Equal(GcmRtcp, packet[..GcmRtcp.Length]);
    }

    [Fact]
    public void Gcm_derives_its_keys_with_the_salt_padded_on_the_right()
    {
        // The reference packet of libsrtp's driver for AEAD_AES_128_GCM.
        SrtpMasterKey master = new(SrtpProfile.AeadAes128Gcm, GcmKey, Hex("a0a1a2a3a4a5a6a7a8a9aaab"));
        using SrtpSender sender = new(master);

        byte[] actual = sender.Protect(sender.Stream(0xcafebabe), Hex("800f1234decafbadcafebabe abababababababababababababababab"));

        Assert.Equal(Hex("800f1234decafbadcafebabe c5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392"), actual);
    }
}
