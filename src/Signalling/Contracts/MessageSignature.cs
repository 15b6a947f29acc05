using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Telemedicine.Signalling.Contracts;

/// <summary>
/// Signs the bodies that Web and Signalling post to each other. The header <see cref="Header"/> reads
/// <c>t=UNIX-SECONDS,k=KEY-ID,v1=HEX</c>, where HEX is HMAC-SHA-256 (RFC 2104) over the seconds, a full stop and the body.
/// </summary>
public static class MessageSignature
{
    public const string Header = "Telemedicine-Signature";

    /// <summary>How far the sender's clock may be from ours.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static string Sign(SharedKey key, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},k={key.Id},v1={Convert.ToHexStringLower(Compute(key, seconds, body))}");
    }

    public static bool Verify(IReadOnlyList<SharedKey> keys, string? header, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!TryParse(header, out var seconds, out var keyId, out var signature))
            return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
            return false;
        var key = keys.FirstOrDefault(k => k.Id == keyId);
        return key is not null && CryptographicOperations.FixedTimeEquals(Compute(key, seconds, body), signature);
    }

    private static bool TryParse(string? header, out long seconds, out string keyId, out byte[] signature)
    {
        (seconds, keyId, signature) = (0, "", []);
        if (header is null || header.Length > 512)
            return false;
        foreach (var part in header.Split(','))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                if (!long.TryParse(part.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds > 253_402_300_799)
                    return false;
            }
            else if (part.StartsWith("k=", StringComparison.Ordinal))
            {
                keyId = part[2..];
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal) && part.Length == 3 + (2 * HMACSHA256.HashSizeInBytes))
            {
                signature = new byte[HMACSHA256.HashSizeInBytes];
                if (Convert.FromHexString(part.AsSpan(3), signature, out _, out _) != System.Buffers.OperationStatus.Done)
                    return false;
            }
        }
        return keyId.Length > 0 && signature.Length > 0;
    }

    private static byte[] Compute(SharedKey key, long seconds, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(key.Secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
