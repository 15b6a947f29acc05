using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Telemedicine.Identity.Connect;

/// <summary>Codes and reference tokens: 256 random bits, given out once and stored only as their SHA-256.</summary>
public static class OpaqueSecret
{
    /// <returns>43 base64url characters.</returns>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <returns>32 bytes.</returns>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
