using Telemedicine.Media.Srtp;
using Telemedicine.Media.Tests.Calls;

namespace Telemedicine.Media.Fuzz;

/// <summary>Protected packets, forged ones mostly. The first byte chooses the profile.</summary>
internal sealed class SrtpTarget : Target
{
    private static readonly SrtpMasterKey[] Keys =
    [
        new(SrtpProfile.AeadAes128Gcm, new byte[16], new byte[12]),
        new(SrtpProfile.Aes128CmSha1Tag80, new byte[16], new byte[14]),
    ];

    private readonly SrtpReceiver[] _receivers = [.. Keys.Select(key => new SrtpReceiver(key))];

    public override string Name => "srtp";

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            for (byte profile = 0; profile < Keys.Length; profile++)
            {
                using var sender = new SrtpSender(Keys[profile]);
                var clear = TestMedia.Video(1, keyFrame: true, transportNumber: 1);
                var buffer = new byte[clear.Length + SrtpSender.MaxOverhead];
                clear.CopyTo(buffer, 0);
                yield return [profile, .. buffer[..sender.ProtectRtp(sender.Stream(TestMedia.CameraSsrc), buffer, clear.Length)]];
                byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 1, .. new byte[SrtpSender.MaxOverhead]];
                yield return [profile, .. report[..sender.ProtectRtcp(report, 8)]];
            }
        }
    }

    public override void Run(byte[] input)
    {
        if (input.Length == 0)
            return;
        var receiver = _receivers[input[0] % _receivers.Length];
        var packet = input[1..];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var opened = receiver.TryUnprotectRtp(packet, out var length);
        Require(!opened || length < packet.Length, "A clear packet is shorter.");
        Require(opened || GC.GetAllocatedBytesForCurrentThread() == allocated, "A refused packet costs no allocation.");
        packet = input[1..];
        allocated = GC.GetAllocatedBytesForCurrentThread();
        opened = receiver.TryUnprotectRtcp(packet, out length);
        Require(!opened || length < packet.Length, "A clear packet is shorter.");
        Require(opened || GC.GetAllocatedBytesForCurrentThread() == allocated, "A refused packet costs no allocation.");
    }

    public override void Dispose()
    {
        foreach (var receiver in _receivers)
            receiver.Dispose();
    }
}
