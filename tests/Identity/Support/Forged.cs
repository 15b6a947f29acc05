using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>ID tokens as an attacker would make them.</summary>
public static class Forged
{
    /// <summary>The same claims under alg=none.</summary>
    public static string Unsigned(string idToken) => $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{idToken.Split('.')[1]}.";

    /// <summary>The same claims signed with HMAC, the public key as its secret: algorithm confusion.</summary>
    public static string SignedWithPublicKey(string idToken, string keySet)
    {
        var key = JsonDocument.Parse(keySet).RootElement.GetProperty("keys")[0].GetRawText();
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{idToken.Split('.')[1]}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The same header and claims signed by a key of the attacker's.</summary>
    public static string SignedByStranger(string idToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signed = idToken[..idToken.LastIndexOf('.')];
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
