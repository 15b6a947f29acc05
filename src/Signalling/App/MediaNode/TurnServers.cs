using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.MediaNode;

/// <summary>
/// Hands out the TURN servers, each time with credentials of their own that expire (draft-uberti-behave-turn-rest-00, coturn's
/// <c>use-auth-secret</c>): the user name is the second of expiry and a number that names nobody, the password its HMAC.
/// </summary>
public sealed class TurnServers(SignallingSettings settings, TimeProvider time)
{
    /// <summary>For a client to make its way in. A way once made lasts as long as the call, and every ICE restart brings new credentials.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const int IdLength = 16;

    public IceTransportPolicy Policy => settings.Turn is { RelayOnly: true } ? IceTransportPolicy.Relay : IceTransportPolicy.All;

    public IReadOnlyList<IceServer> Issue()
    {
        if (settings.Turn is not { } turn)
            return [];
        var expiry = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        var username = string.Create(CultureInfo.InvariantCulture, $"{expiry}:{RandomNumberGenerator.GetHexString(IdLength, lowercase: true)}");
        return [new IceServer(turn.Urls, username, PasswordOf(username, turn.Secret))];
    }

    private static string PasswordOf(string username, string secret)
    {
#pragma warning disable CA5350 // The algorithm that TURN servers check these credentials with.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));
#pragma warning restore CA5350
    }
}
