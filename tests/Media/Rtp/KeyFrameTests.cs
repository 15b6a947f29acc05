using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class KeyFrameTests
{
    [Theory]
    [InlineData("10 00", true, "no extension, P bit 0")]
    [InlineData("10 01", false, "an interframe")]
    [InlineData("00 00", false, "not the start of a partition")]
    [InlineData("11 00", false, "second partition")]
    [InlineData("90 80 7F 00", true, "7-bit picture id")]
    [InlineData("90 80 81 23 00", true, "15-bit picture id")]
    [InlineData("90 E0 81 23 05 40 00", true, "picture id, TL0PICIDX and TID")]
    [InlineData("90 E0 81 23 05 40 01", false, "the same, an interframe")]
    [InlineData("90 80", false, "cut short")]
    [InlineData("10", false, "no payload header")]
    public void Vp8(string payload, bool expected, string why) => Check(RtpCodec.Vp8, payload, expected, why);

    [Theory]
    [InlineData("67 42 E0 1F", true, "sequence parameter set")]
    [InlineData("65 88", true, "IDR slice")]
    [InlineData("41 9A", false, "non-IDR slice")]
    [InlineData("78 00 03 67 42 E0 00 02 68 CE", true, "STAP-A with a sequence parameter set first")]
    [InlineData("78 00 02 06 05 00 02 65 88", true, "STAP-A with an IDR slice second")]
    [InlineData("78 00 02 06 05 00 02 41 9A", false, "STAP-A without")]
    [InlineData("78 FF FF 06 05", false, "STAP-A whose first unit is cut short")]
    [InlineData("7C 85 88", true, "first fragment of an IDR slice")]
    [InlineData("7C 05 88", false, "later fragment of an IDR slice")]
    [InlineData("7C 81 9A", false, "first fragment of another slice")]
    public void H264(string payload, bool expected, string why) => Check(RtpCodec.H264, payload, expected, why);

    [Theory]
    [InlineData("08", true, "start, not predicted")]
    [InlineData("48 00", false, "predicted")]
    [InlineData("00 00", false, "not the start of the frame")]
    [InlineData("A8 81 23 00", true, "15-bit picture id, lowest spatial layer")]
    [InlineData("A8 81 23 02", false, "a higher spatial layer")]
    [InlineData("A8 81", false, "cut short")]
    public void Vp9(string payload, bool expected, string why) => Check(RtpCodec.Vp9, payload, expected, why);

    [Theory]
    [InlineData("18 0A", true, "first packet of a coded video sequence, one element")]
    [InlineData("58 0A", true, "the same, whose last element goes on in the next packet")]
    [InlineData("98 0A", false, "begins with the rest of a fragment")]
    [InlineData("10 0A", false, "a later frame")]
    [InlineData("18", false, "cut short")]
    public void Av1(string payload, bool expected, string why) => Check(RtpCodec.Av1, payload, expected, why);

    [Fact]
    public void Sound_has_no_key_frames() => Assert.False(KeyFrames.StartsAt(RtpCodec.Opus, [0x10, 0x00]));

    private static void Check(RtpCodec codec, string payload, bool expected, string why) =>
        Assert.True(KeyFrames.StartsAt(codec, Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal))) == expected, why);
}
