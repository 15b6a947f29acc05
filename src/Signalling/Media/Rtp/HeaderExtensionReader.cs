using Telemedicine.Media.Ortc;

namespace Telemedicine.Media.Rtp;

/// <summary>Walks the elements of a header extension, one-byte and two-byte form (RFC 8285 §4.2, §4.3).</summary>
internal ref struct HeaderExtensionReader
{
    private const ushort OneByteProfile = 0xBEDE;
    private const ushort TwoByteProfileMask = 0xFFF0;
    private const ushort TwoByteProfile = 0x1000;

    /// <summary>In the one-byte form: stop here (RFC 8285 §4.2).</summary>
    private const int OneByteReservedId = 15;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _end;
    private int _next;

    public HeaderExtensionReader(ReadOnlySpan<byte> packet, scoped in RtpHeader header)
    {
        _packet = packet;
        _next = header.ExtensionOffset;
        _end = header.ExtensionOffset + header.ExtensionLength;
        IsOneByteForm = header.ExtensionProfile == OneByteProfile;
        if (!IsOneByteForm && (header.ExtensionProfile & TwoByteProfileMask) != TwoByteProfile)
            _end = _next;
    }

    public bool IsOneByteForm { get; }

    public int Id { get; private set; }

    /// <summary>Where the element (its id) starts in the packet.</summary>
    public int ElementOffset { get; private set; }

    public int DataOffset { get; private set; }

    public int DataLength { get; private set; }

    public readonly ReadOnlySpan<byte> Data => _packet.Slice(DataOffset, DataLength);

    /// <returns>Where a packet that goes out has its transport sequence number; 0: nowhere.</returns>
    public static int FindTransportSequence(ReadOnlySpan<byte> packet, in RtpHeader header)
    {
        var elements = new HeaderExtensionReader(packet, header);
        while (elements.MoveNext())
        {
            if (elements is { Id: RouterCapabilities.TransportSequenceId, DataLength: sizeof(ushort) })
                return elements.DataOffset;
        }

        return 0;
    }

    /// <returns>False at the end, and at an element that runs over the end.</returns>
    public bool MoveNext()
    {
        while (_next < _end)
        {
            var first = _packet[_next];
            if (first == 0)
            {
                _next++;
                continue;
            }

            ElementOffset = _next;
            if (IsOneByteForm)
            {
                Id = first >> 4;
                DataOffset = _next + 1;
                DataLength = (first & 0x0F) + 1;
                if (Id is 0 or OneByteReservedId)
                    break;
            }
            else
            {
                if (_next + 2 > _end)
                    break;
                Id = first;
                DataOffset = _next + 2;
                DataLength = _packet[_next + 1];
            }

            _next = DataOffset + DataLength;
            if (_next > _end)
                break;
            return true;
        }

        _next = _end;
        return false;
    }
}
