using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Net;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Srtp;
using Telemedicine.Media.Tests;

namespace Telemedicine.Media.Benchmarks;

/// <summary>
/// The least that an SFU can do: the same batched socket and the same ciphers, and between them nothing. Each packet is decrypted and encrypted again for each receiver.
/// </summary>
internal sealed class Echo : IDisposable
{
    private const uint Ssrc = 2222;

    private readonly UdpLayer _udp = UdpLayer.Open(new IPEndPoint(IPAddress.Loopback, 0), preferBatching: true);
    private readonly Socket _publisher = NewSocket();
    private readonly SrtpSender _publisherKeys = new(NewKey());
    private readonly SrtpStream _publisherStream;
    private readonly SrtpReceiver _incoming = new(NewKey());
    private readonly (Socket Socket, PeerAddress Address, SrtpSender Keys, SrtpStream Stream)[] _receivers;
    private readonly byte[] _buffer = new byte[2000];
    private ushort _number;

    public Echo(int fanOut)
    {
        _publisherStream = _publisherKeys.Stream(Ssrc);
        _publisher.Connect(IPAddress.Loopback, _udp.Port);
        _receivers = [.. Enumerable.Range(0, fanOut).Select(_ =>
        {
            var socket = NewSocket();
            var keys = new SrtpSender(NewKey());
            return (socket, PeerAddress.From((IPEndPoint)(socket.LocalEndPoint ?? throw new InvalidOperationException("Not bound."))), keys, keys.Stream(Ssrc));
        })];
    }

    public void Send(int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            var number = ++_number;
            var clear = TestPackets.Rtp(96, number, number * 700u, Ssrc, new byte[Room.PayloadLength], TestPackets.OneByteExtension((3, [1, 2])));
            clear.CopyTo(_buffer, 0);
            _publisher.Send(_buffer.AsSpan(0, _publisherKeys.ProtectRtp(_publisherStream, _buffer, clear.Length)));
        }
    }

    public int Pump()
    {
        var received = _udp.Receive();
        for (var i = 0; i < received; i++)
        {
            var packet = _udp.Datagram(i);
            if (!_incoming.TryUnprotectRtp(packet, out var length) || !RtpHeader.TryParse(packet[..length], out var header))
                throw new InvalidOperationException("The echo's own packets must be good.");
            var clear = packet[..length];
            BinaryPrimitives.WriteUInt32BigEndian(clear[8..], Ssrc);
            foreach (ref var receiver in _receivers.AsSpan())
            {
                var target = _udp.Reserve(receiver.Address, length + SrtpSender.MaxOverhead);
                _udp.Commit(receiver.Keys.ProtectRtp(receiver.Stream, clear[..header.HeaderLength], clear[header.HeaderLength..], target));
            }
        }

        _udp.Flush();
        return received;
    }

    public void Drain(int packets)
    {
        foreach (var receiver in _receivers)
        {
            for (var i = 0; i < packets; i++)
                receiver.Socket.Receive(_buffer);
        }
    }

    public void Dispose()
    {
        _udp.Dispose();
        _publisher.Dispose();
        _publisherKeys.Dispose();
        _incoming.Dispose();
        foreach (var receiver in _receivers)
        {
            receiver.Socket.Dispose();
            receiver.Keys.Dispose();
        }
    }

    private static SrtpMasterKey NewKey() => new(SrtpProfile.AeadAes128Gcm, new byte[16], new byte[12]);

    private static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
