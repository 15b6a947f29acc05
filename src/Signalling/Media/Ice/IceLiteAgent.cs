using Telemedicine.Media.Net;

namespace Telemedicine.Media.Ice;

internal enum IceChange
{
    None,

    /// <summary>The first check passed without nomination: DTLS may start towards <see cref="IceLiteAgent.Selected"/>.</summary>
    FirstValidated,

    /// <summary>The peer nominated an address (it may be the first check of all): <see cref="IceLiteAgent.Selected"/> is now it.</summary>
    Nominated,
}

/// <summary>The lite side of ICE (RFC 8445, section 2.5) for one transport: it answers checks and follows the nomination.</summary>
internal sealed class IceLiteAgent(IceParameters local)
{
    /// <summary>Where to send: the nominated address, before that the first that passed a check.</summary>
    public PeerAddress? Selected { get; private set; }

    /// <summary>When the last authenticated check came (microseconds); consent (RFC 7675) is over 30 s later.</summary>
    public long LastCheckAt { get; private set; }

    public IceParameters Local { get; private set; } = local;

    public static IceParameters NewParameters() => throw new NotImplementedException();

    /// <summary>Answers one STUN datagram.</summary>
    /// <param name="response">At least <see cref="MaxResponse"/> bytes.</param>
    /// <returns>True when there is a response to send back to <paramref name="from"/>.</returns>
    public bool TryHandle(long now, PeerAddress from, ReadOnlySpan<byte> datagram, Span<byte> response, out int responseLength, out IceChange change) =>
        throw new NotImplementedException();

    /// <summary>New credentials (RFC 8445, section 2.4). The selected address stays until the peer nominates anew; the old credentials count until the new ones are used.</summary>
    public void Restart(IceParameters local) => throw new NotImplementedException();

    public const int MaxResponse = 128;
}
