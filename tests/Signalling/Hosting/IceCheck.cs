using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>The one packet that makes a transport reachable: a STUN connectivity check (RFC 8445 §7.1, RFC 8489) as a browser sends it.</summary>
public static class IceCheck
{
    /// <summary>Sends a check to the transport's candidate and waits for the answer.</summary>
    public static async Task SendAsync(JsonElement transport)
    {
        var ice = transport.GetProperty("iceParameters");
        var candidate = transport.GetProperty("iceCandidates")[0];
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(IPAddress.Parse(candidate.GetProperty("ip").GetString() ?? ""), candidate.GetProperty("port").GetInt32());
        var request = Write(ice.GetProperty("usernameFragment").GetString() + ":page", ice.GetProperty("password").GetString() ?? "");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(15));

        await socket.SendAsync(request, patience.Token);
        var answer = await socket.ReceiveAsync(patience.Token);

        Assert.Equal(0x0101, BinaryPrimitives.ReadUInt16BigEndian(answer.Buffer));
        Assert.Equal(request[4..20], answer.Buffer[4..20]);
    }

    private static byte[] Write(string username, string password)
    {
        var message = new List<byte>([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. RandomNumberGenerator.GetBytes(12)]);
        Add(message, 0x0006, Encoding.UTF8.GetBytes(username));
        Add(message, 0x0024, [0x6E, 0, 1, 0xFF]);
        Add(message, 0x802A, RandomNumberGenerator.GetBytes(8));
        Add(message, 0x0025, []);
        SetLength(message, 24);
        Add(message, 0x0008, HMACSHA1.HashData(Encoding.UTF8.GetBytes(password), message.ToArray()));
        SetLength(message, 8);
        var fingerprint = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(fingerprint, Crc32(message.ToArray()) ^ 0x5354554E);
        Add(message, 0x8028, fingerprint);
        return [.. message];
    }

    private static void Add(List<byte> message, int type, byte[] value)
    {
        message.AddRange([(byte)(type >> 8), (byte)type, (byte)(value.Length >> 8), (byte)value.Length, .. value]);
        while (message.Count % 4 != 0)
            message.Add(0);
    }

    private static void SetLength(List<byte> message, int following)
    {
        var length = message.Count - 20 + following;
        (message[2], message[3]) = ((byte)(length >> 8), (byte)length);
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
