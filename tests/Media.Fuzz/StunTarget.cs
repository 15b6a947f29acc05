using System.Net;
using System.Text;
using Telemedicine.Media.Ice;
using Telemedicine.Media.Net;
using Telemedicine.Media.Stun;

namespace Telemedicine.Media.Fuzz;

/// <summary>ICE checks, well-signed and not.</summary>
internal sealed class StunTarget : Target
{
    private static readonly IceParameters Parameters = new("abcdefghijklmnop", "abcdefghijklmnopqrstuvwx", IceLite: true);
    private static readonly PeerAddress From = PeerAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 40000));

    public override string Name => "stun";

    public override IEnumerable<byte[]> Seeds =>
    [
        Check(StunMessageType.BindingRequest, controlled: false, unknown: false),
        Check(StunMessageType.BindingRequest, controlled: true, unknown: false),
        Check(StunMessageType.BindingRequest, controlled: false, unknown: true),
        Check(StunMessageType.BindingSuccess, controlled: false, unknown: false),
    ];

    public override void Run(byte[] input)
    {
        Answer(input);
        // Past the checks of integrity, which no mutant passes by itself: what a hostile participant could sign.
        if (!StunMessage.TryParse(input, out var message) || message.HasIntegrity || input.Length > StunMessage.MaxLength - 64)
            return;
        var signed = new byte[StunMessage.MaxLength];
        var writer = new StunWriter(signed, message.Type, message.TransactionId);
        foreach (var (type, value) in Attributes(input))
            writer.Add(type, value);
        writer.AddIntegrity(Encoding.ASCII.GetBytes(Parameters.Password));
        writer.AddFingerprint();
        Answer(signed.AsSpan(0, writer.Length));
    }

    private static void Answer(ReadOnlySpan<byte> datagram)
    {
        Span<byte> response = stackalloc byte[IceLiteAgent.MaxResponse];
        var agent = new IceLiteAgent(Parameters);
        agent.TryHandle(1_000_000, From, datagram, response, out var length, out _);
        Require(length is >= 0 and <= IceLiteAgent.MaxResponse, "A response has a bound.");
        // The response to a stranger may not be a lever: RFC 8489's errors are short, and only a known password gets more.
        Require(length <= 2 * Math.Max(datagram.Length, StunFormat.HeaderLength + 32), "A response is not much longer than its request.");
        if (length > 0)
            Require(StunMessage.TryParse(response[..length], out _), "What we send can be read.");
    }

    private static IEnumerable<(ushort Type, byte[] Value)> Attributes(byte[] message)
    {
        for (var at = StunFormat.HeaderLength; at + 4 <= message.Length;)
        {
            var length = Math.Min((message[at + 2] << 8) | message[at + 3], message.Length - at - 4);
            yield return ((ushort)((message[at] << 8) | message[at + 1]), message[(at + 4)..(at + 4 + length)]);
            at += 4 + ((length + 3) & ~3);
        }
    }

    private static byte[] Check(StunMessageType type, bool controlled, bool unknown)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, type, new byte[StunFormat.TransactionIdLength]);
        writer.Add(StunFormat.Username, Encoding.ASCII.GetBytes($"{Parameters.UsernameFragment}:peer"));
        writer.Add(StunFormat.Priority, [0x6E, 0, 0, 0xFF]);
        writer.Add(controlled ? StunFormat.IceControlled : (ushort)0x802A, new byte[8]);
        writer.Add(StunFormat.UseCandidate, []);
        if (unknown)
            writer.Add(0x0033, [1, 2, 3]);
        writer.AddIntegrity(Encoding.ASCII.GetBytes(Parameters.Password));
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }
}
