using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Telemedicine.Media.Net;
using Telemedicine.Media.Stun;

namespace Telemedicine.Media.Ice;

internal enum IceChange
{
    None,

    /// <summary>The first check passed without nomination: DTLS may start towards <see cref="IceLiteAgent.Selected"/>.</summary>
    FirstValidated,

    /// <summary>The peer nominated an address (it may be the first check of all), or moved to it: <see cref="IceLiteAgent.Selected"/> is now it.</summary>
    Nominated,
}

/// <summary>The lite side of ICE (RFC 8445, section 2.5) for one transport: it answers checks and follows the nomination. Not thread-safe.</summary>
internal sealed class IceLiteAgent
{
    /// <summary>The longest response, in bytes.</summary>
    public const int MaxResponse = 96;

    private const int BadRequest = 400;
    private const int Unauthenticated = 401;
    private const int UnknownAttribute = 420;
    private const int RoleConflict = 487;

    // RFC 8839, section 5.4, wants 24 bits of randomness in the fragment and 128 in the password; each character carries 6.
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int FragmentLength = 16;
    private const int WorkerLength = 2;
    private const int PasswordLength = 24;

    // Consent is asked for every 4 to 6 s (RFC 7675, section 5.1), of the selected address above all.
    private const long SilentAfter = 8_000_000;

    private Credentials _current;
    private Credentials? _previous;
    private bool _nominated;
    private long _selectedCheckAt;

    public IceLiteAgent(IceParameters local)
    {
        Local = local;
        _current = new Credentials(local);
    }

    public IceParameters Local { get; private set; }

    /// <summary>Where to send: the nominated address, before that the first that passed a check; another that is checked once this one is silent.</summary>
    public PeerAddress? Selected { get; private set; }

    /// <summary>When the last authenticated check came (microseconds); consent (RFC 7675) is over 30 s later.</summary>
    public long LastCheckAt { get; private set; }

    /// <param name="worker">Which worker has the transport, below 4096. The fragment's first two characters say so.</param>
    public static IceParameters NewParameters(int worker) => new(
        $"{Characters[worker >> 6]}{Characters[worker & 63]}{RandomNumberGenerator.GetString(Characters, FragmentLength - WorkerLength)}",
        RandomNumberGenerator.GetString(Characters, PasswordLength),
        IceLite: true);

    /// <summary>The worker that a fragment of ours was made for. Anybody can make one up.</summary>
    public static bool TryReadWorker(ReadOnlySpan<byte> fragment, out int worker)
    {
        worker = 0;
        if (fragment.Length != FragmentLength)
            return false;
        var (high, low) = (Characters.IndexOf((char)fragment[0], StringComparison.Ordinal), Characters.IndexOf((char)fragment[1], StringComparison.Ordinal));
        worker = (high << 6) | low;
        return high >= 0 && low >= 0;
    }

    /// <summary>Answers one STUN datagram.</summary>
    /// <param name="response">At least <see cref="MaxResponse"/> bytes.</param>
    /// <returns>True when there is a response to send back to <paramref name="from"/>. Responses, indications and what is not a check for this agent have none.</returns>
    public bool TryHandle(long now, PeerAddress from, ReadOnlySpan<byte> datagram, Span<byte> response, out int responseLength, out IceChange change)
    {
        responseLength = 0;
        change = IceChange.None;
        if (!StunMessage.TryParse(datagram, out StunMessage request)
            || request.Type != StunMessageType.BindingRequest
            || !request.HasValidFingerprint())
            return false;
        if (!request.TryGetUsername(out ReadOnlySpan<byte> local, out _) || !request.HasIntegrity)
        {
            responseLength = WriteError(response, request, BadRequest, key: []);
            return true;
        }

        if (Find(local) is not { } credentials || !request.HasValidIntegrity(credentials.Password))
        {
            responseLength = WriteError(response, request, Unauthenticated, key: []);
            return true;
        }

        if (request.UnknownRequired != 0 || request.IsControlled)
        {
            responseLength = WriteError(response, request, request.IsControlled ? RoleConflict : UnknownAttribute, credentials.Password);
            return true;
        }

        LastCheckAt = now;
        change = Follow(now, from, credentials, request.UseCandidate);
        responseLength = WriteSuccess(response, request, from, credentials.Password);
        return true;
    }

    /// <summary>New credentials (RFC 8445, section 2.4). The selected address stays until the peer nominates anew; the old credentials count until the new ones are used.</summary>
    public void Restart(IceParameters local)
    {
        _previous = _current;
        _current = new Credentials(local);
        Local = local;
    }

    private Credentials? Find(ReadOnlySpan<byte> fragment) =>
        fragment.SequenceEqual(_current.Fragment) ? _current
        : _previous is not null && fragment.SequenceEqual(_previous.Fragment) ? _previous
        : null;

    private IceChange Follow(long now, PeerAddress from, Credentials credentials, bool useCandidate)
    {
        // A NAT may give the peer another port in mid-call without its noticing, and so without a nomination.
        var moved = Selected is { } selected && selected != from && now - _selectedCheckAt > SilentAfter;
        if (_previous is not null && credentials == _current)
        {
            _previous = null;
            _nominated = false;
        }

        if (moved || (useCandidate && (!_nominated || Selected != from)))
        {
            _nominated = true;
            (Selected, _selectedCheckAt) = (from, now);
            return IceChange.Nominated;
        }

        if (Selected is null || Selected == from)
            _selectedCheckAt = now;
        if (Selected is not null)
            return IceChange.None;
        Selected = from;
        return IceChange.FirstValidated;
    }

    private static int WriteSuccess(Span<byte> response, in StunMessage request, PeerAddress from, ReadOnlySpan<byte> key)
    {
        StunWriter writer = new(response, StunMessageType.BindingSuccess, request.TransactionId);
        writer.AddXorMappedAddress(from);
        writer.AddIntegrity(key);
        writer.AddFingerprint();
        return writer.Length;
    }

    /// <param name="key">Empty where the request was not authenticated, and so the response cannot be (RFC 8489, section 9.1.3).</param>
    private static int WriteError(Span<byte> response, in StunMessage request, int code, ReadOnlySpan<byte> key)
    {
        StunWriter writer = new(response, StunMessageType.BindingError, request.TransactionId);
        writer.AddErrorCode(code);
        if (code == UnknownAttribute)
        {
            Span<byte> unknown = stackalloc byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16BigEndian(unknown, request.UnknownRequired);
            writer.Add(StunFormat.UnknownAttributes, unknown);
        }

        if (!key.IsEmpty)
            writer.AddIntegrity(key);
        writer.AddFingerprint();
        return writer.Length;
    }

    private sealed class Credentials(IceParameters parameters)
    {
        public readonly byte[] Fragment = Encoding.ASCII.GetBytes(parameters.UsernameFragment);
        public readonly byte[] Password = Encoding.ASCII.GetBytes(parameters.Password);
    }
}
