using System.Net;
using System.Text;
using Telemedicine.Media.Ice;
using Telemedicine.Media.Net;
using Telemedicine.Media.Stun;
using Xunit;

namespace Telemedicine.Media.Tests.Ice;

public sealed class IceLiteAgentTests
{
    private static readonly PeerAddress First = PeerAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 32853));
    private static readonly PeerAddress Second = PeerAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8::2"), 40000));

    private readonly IceParameters _parameters = IceLiteAgent.NewParameters(0);
    private readonly IceLiteAgent _agent;
    private readonly byte[] _response = new byte[IceLiteAgent.MaxResponse];

    public IceLiteAgentTests() => _agent = new IceLiteAgent(_parameters);

    [Fact]
    public void New_parameters_are_long_enough_and_never_the_same()
    {
        IceParameters other = IceLiteAgent.NewParameters(0);

        Assert.True(_parameters.IceLite);
        Assert.InRange(_parameters.UsernameFragment.Length, 4, 256);
        Assert.InRange(_parameters.Password.Length, 22, 256);
        Assert.All(_parameters.UsernameFragment + _parameters.Password, c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '+' or '/'));
        Assert.NotEqual(_parameters.UsernameFragment, other.UsernameFragment);
        Assert.NotEqual(_parameters.Password, other.Password);
    }

    [Fact]
    public void A_check_is_answered_with_the_address_it_came_from()
    {
        bool answered = Handle(First, new Check(_parameters), out IceChange change, out byte[] response);

        Assert.True(answered);
        Assert.Equal(IceChange.FirstValidated, change);
        Assert.True(StunMessage.TryParse(response, out StunMessage message));
        Assert.Equal(StunMessageType.BindingSuccess, message.Type);
        Assert.Equal(Check.TransactionId, message.TransactionId.ToArray());
        Assert.True(message.HasValidIntegrity(Encoding.ASCII.GetBytes(_parameters.Password)));
        Assert.True(message.HasValidFingerprint());
        Assert.Equal("002000080001A147E112A643", Convert.ToHexString(response.AsSpan(20, 12)));
    }

    [Fact]
    public void The_longest_response_fits()
    {
        Handle(Second, new Check(_parameters), out _, out byte[] response);

        Assert.Equal(20 + 24 + 24 + 8, response.Length);
    }

    [Fact]
    public void The_first_validated_address_is_used_until_one_is_nominated()
    {
        Handle(First, new Check(_parameters), out IceChange first, out _);
        Handle(Second, new Check(_parameters), out IceChange second, out _);
        PeerAddress? before = _agent.Selected;
        Handle(Second, new Check(_parameters) { Nominate = true }, out IceChange nominated, out _);
        PeerAddress? after = _agent.Selected;
        Handle(First, new Check(_parameters), out IceChange later, out _);

        Assert.Equal([IceChange.FirstValidated, IceChange.None, IceChange.Nominated, IceChange.None], [first, second, nominated, later]);
        Assert.Equal(First, before);
        Assert.Equal(Second, after);
        Assert.Equal(Second, _agent.Selected);
    }

    [Fact]
    public void A_nomination_is_told_once_and_again_only_when_the_address_moves()
    {
        Check nomination = new(_parameters) { Nominate = true };

        Handle(First, nomination, out IceChange first, out _);
        Handle(First, nomination, out IceChange repeated, out _);
        Handle(Second, nomination, out IceChange moved, out _);

        Assert.Equal([IceChange.Nominated, IceChange.None, IceChange.Nominated], [first, repeated, moved]);
        Assert.Equal(Second, _agent.Selected);
    }

    [Fact]
    public void Consent_is_dated_by_authenticated_checks_only()
    {
        Handle(First, new Check(_parameters), out _, out _, now: 5_000_000);
        Handle(First, new Check(_parameters) { Password = "wrong" }, out _, out _, now: 6_000_000);
        Handle(First, new Check(_parameters) { Type = StunMessageType.BindingIndication }, out _, out _, now: 7_000_000);

        Assert.Equal(5_000_000, _agent.LastCheckAt);
    }

    [Fact]
    public void A_wrong_password_is_refused_and_selects_nothing()
    {
        bool answered = Handle(First, new Check(_parameters) { Password = "wrong", Nominate = true }, out IceChange change, out byte[] response);

        Assert.True(answered);
        Assert.Equal(401, ErrorCode(response));
        Assert.Equal(IceChange.None, change);
        Assert.Null(_agent.Selected);
    }

    [Fact]
    public void Another_agents_fragment_is_refused()
    {
        Handle(First, new Check(_parameters) { Username = "somebody:else" }, out _, out byte[] response);

        Assert.Equal(401, ErrorCode(response));
        Assert.Null(_agent.Selected);
    }

    [Fact]
    public void A_check_without_username_or_integrity_is_a_bad_request()
    {
        Handle(First, new Check(_parameters) { Username = null }, out _, out byte[] withoutUsername);
        Handle(First, new Check(_parameters) { Password = null }, out _, out byte[] withoutIntegrity);

        Assert.Equal(400, ErrorCode(withoutUsername));
        Assert.Equal(400, ErrorCode(withoutIntegrity));
        Assert.Null(_agent.Selected);
    }

    [Fact]
    public void A_check_without_fingerprint_is_not_answered()
    {
        bool answered = Handle(First, new Check(_parameters) { Fingerprint = false }, out IceChange change, out byte[] response);

        Assert.False(answered);
        Assert.Empty(response);
        Assert.Equal(IceChange.None, change);
        Assert.Null(_agent.Selected);
    }

    [Fact]
    public void An_unknown_attribute_that_must_be_understood_is_named_in_the_refusal()
    {
        Handle(First, new Check(_parameters) { Extra = 0x0077 }, out IceChange change, out byte[] response);

        Assert.Equal(420, ErrorCode(response));
        Assert.Equal("000A000200770000", Convert.ToHexString(response.AsSpan(28, 8)));
        Assert.Equal(IceChange.None, change);
    }

    [Fact]
    public void An_unknown_attribute_that_may_be_ignored_is_ignored()
    {
        Handle(First, new Check(_parameters) { Extra = 0xC057 }, out IceChange change, out _);

        Assert.Equal(IceChange.FirstValidated, change);
    }

    [Fact]
    public void A_peer_that_wants_to_be_controlled_meets_a_role_conflict()
    {
        Handle(First, new Check(_parameters) { Controlled = true }, out IceChange change, out byte[] response);

        Assert.Equal(487, ErrorCode(response));
        Assert.Equal(IceChange.None, change);
    }

    [Fact]
    public void After_a_restart_the_old_credentials_count_until_the_new_ones_are_used()
    {
        Handle(First, new Check(_parameters) { Nominate = true }, out _, out _);
        IceParameters fresh = IceLiteAgent.NewParameters(0);
        _agent.Restart(fresh);

        Handle(First, new Check(_parameters) { Nominate = true }, out IceChange old, out _, now: 7);
        PeerAddress? meanwhile = _agent.Selected;
        Handle(Second, new Check(fresh) { Nominate = true }, out IceChange changed, out _, now: 8);
        Handle(First, new Check(_parameters) { Nominate = true }, out _, out byte[] refused, now: 9);

        Assert.Equal(IceChange.None, old);
        Assert.Equal(First, meanwhile);
        Assert.Equal(IceChange.Nominated, changed);
        Assert.Equal(Second, _agent.Selected);
        Assert.Equal(401, ErrorCode(refused));
        Assert.Equal(8, _agent.LastCheckAt);
        Assert.Equal(fresh, _agent.Local);
    }

    [Fact]
    public void A_nomination_after_a_restart_is_told_even_for_the_same_address()
    {
        Handle(First, new Check(_parameters) { Nominate = true }, out _, out _);
        IceParameters fresh = IceLiteAgent.NewParameters(0);
        _agent.Restart(fresh);

        Handle(First, new Check(fresh) { Nominate = true }, out IceChange change, out _);

        Assert.Equal(IceChange.Nominated, change);
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        byte[] check = new Check(_parameters).ToBytes();

        long allocated = Allocations.Of(() =>
        {
            for (int n = 0; n < 100; n++)
                Assert.True(_agent.TryHandle(n, First, check, _response, out _, out _));
        });

        Assert.Equal(0, allocated);
    }

    private bool Handle(PeerAddress from, Check check, out IceChange change, out byte[] response, long now = 1)
    {
        bool answered = _agent.TryHandle(now, from, check.ToBytes(), _response, out int length, out change);
        response = _response[..length];
        return answered;
    }

    private static int ErrorCode(byte[] response)
    {
        Assert.True(StunMessage.TryParse(response, out StunMessage message));
        Assert.Equal(StunMessageType.BindingError, message.Type);
        Assert.True(message.HasValidFingerprint());
        Assert.Equal("00090004", Convert.ToHexString(response.AsSpan(20, 4)));
        return (response[26] * 100) + response[27];
    }

    /// <summary>A connectivity check as a browser sends it, with faults on demand.</summary>
    private sealed record Check
    {
        public static readonly byte[] TransactionId = Convert.FromHexString("b7e7a701bc34d686fa87dfae");

        public Check(IceParameters server)
        {
            Username = $"{server.UsernameFragment}:peer";
            Password = server.Password;
        }

        public StunMessageType Type { get; init; } = StunMessageType.BindingRequest;

        public string? Username { get; init; }

        public string? Password { get; init; }

        public bool Nominate { get; init; }

        public bool Controlled { get; init; }

        public bool Fingerprint { get; init; } = true;

        public ushort Extra { get; init; }

        public byte[] ToBytes()
        {
            byte[] buffer = new byte[512];
            StunWriter writer = new(buffer, Type, TransactionId);
            if (Username is not null)
                writer.Add(StunFormat.Username, Encoding.ASCII.GetBytes(Username));
            writer.Add(StunFormat.Priority, [0x6e, 0, 0x1e, 0xff]);
            writer.Add(Controlled ? StunFormat.IceControlled : (ushort)0x802A, new byte[8]);
            if (Nominate)
                writer.Add(StunFormat.UseCandidate, []);
            if (Extra != 0)
                writer.Add(Extra, []);
            if (Password is not null)
                writer.AddIntegrity(Encoding.ASCII.GetBytes(Password));
            if (Fingerprint)
                writer.AddFingerprint();
            return buffer[..writer.Length];
        }
    }
}
