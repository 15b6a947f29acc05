namespace Telemedicine.Media.Rtp;

/// <summary>Buffers for packets kept for retransmission. One pool a worker; grows to the most ever kept at once, then stands still.</summary>
internal sealed class PacketPool
{
    /// <summary>A UDP payload on an Ethernet path; larger packets are not kept.</summary>
    public const int BufferSize = 1500;

    private readonly Stack<byte[]> _free = new();

    public byte[] Rent() => _free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(BufferSize);

    public void Return(byte[] buffer) => _free.Push(buffer);
}
