using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Telemedicine.Media.Net;

/// <summary>
/// A peer's IP address and port, of UDP or of a TCP connection: the two are never equal. IPv4 is held as IPv4-mapped IPv6 (RFC 4291, section 2.5.5.2), so the same peer is equal whichever socket family saw it.
/// It is personal data: it never prints itself.
/// </summary>
internal readonly struct PeerAddress : IEquatable<PeerAddress>
{
    /// <summary>The length of the longest sockaddr written by <see cref="WriteSockAddr"/>.</summary>
    public const int MaxSockAddrLength = 28;

    private const int SockAddrV4Length = 16;
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    // The address in network order, read as two big-endian words.
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly ushort _port;

    private readonly bool _tcp;

    private PeerAddress(ulong high, ulong low, uint scope, ushort port, bool tcp = false)
    {
        _high = high;
        _low = low;
        _scope = scope;
        _port = port;
        _tcp = tcp;
    }

    public int Port => _port;

    /// <summary>The far end of a TCP connection. A datagram that claims the same address and port is somebody else's.</summary>
    public bool IsTcp => _tcp;

    public bool IsIPv4 => _high == 0 && (_low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>The IPv4 address in host order; meaningful only when <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)_low;

    public static bool operator ==(PeerAddress left, PeerAddress right) => left.Equals(right);

    public static bool operator !=(PeerAddress left, PeerAddress right) => !left.Equals(right);

    public static PeerAddress From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.TryWriteBytes(bytes, out int written);
        return written == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)endPoint.Port)
            : new PeerAddress(
                BinaryPrimitives.ReadUInt64BigEndian(bytes),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
                (uint)endPoint.Address.ScopeId,
                (ushort)endPoint.Port);
    }

    /// <summary>Reads the port and address fields of a sockaddr_in or sockaddr_in6; their places, unlike the family's number, are the same everywhere.</summary>
    public static bool TryReadSockAddr(AddressFamily family, ReadOnlySpan<byte> sockAddr, out PeerAddress address)
    {
        address = default;
        if (sockAddr.Length < SockAddrV4Length)
            return false;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(sockAddr[2..]);
        if (family == AddressFamily.InterNetwork)
        {
            address = FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(sockAddr[4..]), port);
            return true;
        }

        if (family != AddressFamily.InterNetworkV6 || sockAddr.Length < MaxSockAddrLength)
            return false;
        address = new PeerAddress(
            BinaryPrimitives.ReadUInt64BigEndian(sockAddr[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(sockAddr[16..]),
            BitConverter.ToUInt32(sockAddr[24..]),
            port);
        return true;
    }

    /// <summary>Writes all but the first two bytes (the family) of what a socket of this family wants as destination.</summary>
    /// <returns>The length of the sockaddr, or 0 when an IPv4 socket cannot reach this address.</returns>
    public int WriteSockAddr(AddressFamily socketFamily, Span<byte> sockAddr)
    {
        BinaryPrimitives.WriteUInt16BigEndian(sockAddr[2..], _port);
        if (socketFamily == AddressFamily.InterNetwork)
        {
            if (!IsIPv4)
                return 0;
            BinaryPrimitives.WriteUInt32BigEndian(sockAddr[4..], IPv4);
            sockAddr[8..SockAddrV4Length].Clear();
            return SockAddrV4Length;
        }

        sockAddr[4..8].Clear();
        WriteAddress(sockAddr[8..]);
        BitConverter.TryWriteBytes(sockAddr[24..], _scope);
        return MaxSockAddrLength;
    }

    /// <summary>Writes the 16 bytes of the (mapped) address in network order.</summary>
    public void WriteAddress(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteAddress(bytes);
        IPAddress address = IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, _scope);
        return new IPEndPoint(address, _port);
    }

    /// <summary>The same address and port as the far end of a TCP connection.</summary>
    public PeerAddress OverTcp() => new(_high, _low, _scope, _port, tcp: true);

    public bool Equals(PeerAddress other) =>
        _low == other._low && _high == other._high && _port == other._port && _scope == other._scope && _tcp == other._tcp;

    public override bool Equals(object? obj) => obj is PeerAddress other && Equals(other);

    public override int GetHashCode()
    {
        // Multiplicative mixing: addresses of one network differ in few bits.
        ulong hash = (_high ^ ((ulong)_port << 48) ^ _scope) * 0x9E37_79B9_7F4A_7C15;
        hash = (hash ^ _low) * 0xC2B2_AE3D_27D4_EB4F;
        return (int)(hash >> 32);
    }

    /// <summary>Deliberately silent about whose address it is.</summary>
    public override string ToString() => "peer";

    private static PeerAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, 0, port);
}
