using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>
/// A passkey, and the browser around it: makes the bytes that WebAuthn level 3 says, with whatever is to be wrong with them. Attestation "none",
/// ES256 (P-256).
/// </summary>
public sealed class SoftwareAuthenticator(bool isSynchronised = false) : IDisposable
{
    private const int Es256 = -7;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>What the passkey was made for: the account's id.</summary>
    public string? UserHandle { get; set; }

    /// <summary>Null for an authenticator that does not count.</summary>
    public uint? Count { get; set; }

    public string Origin { get; set; } = IdentityHost.Issuer;

    public string RelyingParty { get; set; } = "localhost";

    public bool IsUserVerified { get; set; } = true;

    public bool IsUserPresent { get; set; } = true;

    public bool IsCrossOrigin { get; set; }

    /// <summary>In place of the one that was asked with.</summary>
    public string? Challenge { get; set; }

    public void Dispose() => _key.Dispose();

    /// <summary>navigator.credentials.create() and what the page's script makes of it.</summary>
    public string Create(JsonElement options)
    {
        UserHandle = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Text(options.GetProperty("user"), "id")));
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString(AuthenticatorData(withKey: true));
        attestation.WriteEndMap();
        return Credential(new Dictionary<string, object?>
        {
            ["clientDataJSON"] = Encode(ClientData("webauthn.create", options)),
            ["attestationObject"] = Encode(attestation.Encode()),
            ["transports"] = new[] { "internal" },
        });
    }

    /// <summary>navigator.credentials.get() and what the page's script makes of it.</summary>
    public string Get(JsonElement options)
    {
        if (Count is not null)
            Count++;
        var data = AuthenticatorData(withKey: false);
        var clientData = ClientData("webauthn.get", options);
        return Credential(new Dictionary<string, object?>
        {
            ["clientDataJSON"] = Encode(clientData),
            ["authenticatorData"] = Encode(data),
            ["signature"] = Encode(_key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["userHandle"] = UserHandle is null ? null : Encode(Encoding.UTF8.GetBytes(UserHandle)),
        });
    }

    /// <summary>Adds it to the account that the browser is signed in to.</summary>
    public async Task<HttpResponseMessage> RegisterAsync(Browser browser, string name = "My phone")
    {
        var page = await browser.OpenAsync("/account/passkeys/add");
        return await browser.SubmitAsync(page, ("Name", name), ("Credential", Create(await OptionsAsync(browser, page))));
    }

    /// <summary>Signs in with it from the page for signing in.</summary>
    public async Task<HttpResponseMessage> SignInAsync(Browser browser, string signInUrl = "/account/sign-in")
    {
        var page = await browser.OpenAsync(signInUrl);
        return await SendAsync(browser, page, Get(await OptionsAsync(browser, page)));
    }

    /// <summary>What a page's script is told to ask the browser for.</summary>
    public static async Task<JsonElement> OptionsAsync(Browser browser, IHtmlDocument page)
    {
        using var answer = await browser.GetAsync(FormOf(page).GetAttribute("data-options") ?? "");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    /// <summary>Sends an answer with the form that the script sends.</summary>
    public static Task<HttpResponseMessage> SendAsync(Browser browser, IHtmlDocument page, string credential)
    {
        var form = FormOf(page);
        var fields = new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = form.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value ?? "",
            ["Credential"] = credential,
        };
        return browser.Client.PostAsync(form.GetAttribute("action"), new FormUrlEncodedContent(fields), TestContext.Current.CancellationToken);
    }

    private static IElement FormOf(IHtmlDocument page) =>
        page.QuerySelector("form[data-module=passkey]") ?? throw new InvalidOperationException("The page has no form for passkeys.");

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private string Credential(Dictionary<string, object?> response) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["id"] = Encode(CredentialId),
        ["rawId"] = Encode(CredentialId),
        ["type"] = "public-key",
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new Dictionary<string, object?>(),
        ["response"] = response,
    });

    private byte[] ClientData(string type, JsonElement options) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["type"] = type,
        ["challenge"] = Challenge ?? Text(options, "challenge"),
        ["origin"] = Origin,
        ["crossOrigin"] = IsCrossOrigin,
    });

    /// <summary>WebAuthn section 6.1: hash of the relying party's id, flags, counter, and the key when it is new.</summary>
    private byte[] AuthenticatorData(bool withKey)
    {
        var flags = (IsUserPresent ? 0x01 : 0) | (IsUserVerified ? 0x04 : 0) | (isSynchronised ? 0x08 | 0x10 : 0) | (withKey ? 0x40 : 0);
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count ?? 0);
        byte[] data = [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)), (byte)flags, .. count];
        if (!withKey)
            return data;
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        return [.. data, .. new byte[16], .. length, .. CredentialId, .. CoseKey()];
    }

    /// <summary>RFC 9053 section 7.1.1.</summary>
    private byte[] CoseKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var cbor = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cbor.WriteStartMap(5);
        foreach (var (label, value) in new (int, object?)[] { (1, 2), (3, Es256), (-1, 1), (-2, point.X), (-3, point.Y) })
        {
            cbor.WriteInt32(label);
            if (value is byte[] bytes)
                cbor.WriteByteString(bytes);
            else
                cbor.WriteInt32((int)(value ?? 0));
        }

        cbor.WriteEndMap();
        return cbor.Encode();
    }
}
