using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Federation;

namespace Telemedicine.Identity.Hosting;

/// <summary>The part that reads other providers: the settings Federation:*.</summary>
internal sealed partial class SettingsReader
{
    /// <summary>What the client itself sends: a setting must not take its place.</summary>
    private static readonly string[] ClientsOwnParameters =
        ["client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "max_age"];

    private List<FederatedProvider> ReadFederation()
    {
        var providers = new List<FederatedProvider>();
        foreach (var section in configuration.GetSection("Federation").GetChildren())
        {
            var path = section.Path;
            var id = Required($"{path}:Id");
            if (id.Length > FederatedProvider.LongestId || id.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-'))
                _problems.Add($"{path}:Id may have lower-case letters, digits and hyphens, at most {FederatedProvider.LongestId}.");
            else if (providers.Any(provider => provider.Id == id))
                _problems.Add($"{path}:Id is the same as another provider's.");
            var authority = Required($"{path}:Authority") is { Length: > 0 } text ? ParseUri($"{path}:Authority", text) : null;
            var roles = ReadRoles($"{path}:Roles");
            var mayRegister = configuration.GetValue($"{path}:MayRegister", false);
            if (mayRegister && !roles.Contains(Roles.Patient, StringComparer.Ordinal))
                _problems.Add($"{path}:MayRegister makes patients' accounts, so {path}:Roles must have {Roles.Patient}.");
            var (secret, key) = ReadProof(path);
            providers.Add(new FederatedProvider
            {
                Id = id,
                Name = Required($"{path}:Name"),
                Authority = authority ?? new Uri("https://invalid.invalid"),
                ClientId = Required($"{path}:ClientId"),
                ClientSecret = secret,
                Key = key,
                Scopes = ReadScopes($"{path}:Scopes"),
                Parameters = ReadTexts($"{path}:Parameters", name => !ClientsOwnParameters.Contains(name, StringComparer.Ordinal), "what the client sends itself"),
                ClaimNames = ReadTexts($"{path}:ClaimNames", ProviderClaims.All.Contains, $"other claims than {string.Join(", ", ProviderClaims.All)}"),
                Requires = ReadValues($"{path}:Requires"),
                TwoFactors = ReadValues($"{path}:TwoFactors"),
                Roles = roles,
                MayRegister = mayRegister,
            });
        }

        return providers;
    }

    /// <summary>A secret, or a key: exactly one.</summary>
    private (string? Secret, SigningCredentials? Key) ReadProof(string path)
    {
        var (secret, file) = (Optional($"{path}:ClientSecret"), Optional($"{path}:PrivateKeyFile"));
        if (secret is null == file is null)
            _problems.Add($"{path} must have either ClientSecret or PrivateKeyFile.");
        return (secret, file is null || secret is not null ? null : ReadPrivateKey(path, file));
    }

    private SigningCredentials? ReadPrivateKey(string path, string file)
    {
        if (!File.Exists(file))
        {
            _problems.Add($"{path}:PrivateKeyFile names a file that is not there.");
            return null;
        }

        var pem = File.ReadAllText(file);
        try
        {
            AsymmetricSecurityKey key;
            string usual;
            if (pem.Contains("RSA", StringComparison.Ordinal) || !TryReadEc(pem, out var ec))
            {
                var rsa = RSA.Create();
                rsa.ImportFromPem(pem);
                _ = rsa.ExportParameters(includePrivateParameters: true);
                (key, usual) = (new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256);
            }
            else
            {
                (key, usual) = (new ECDsaSecurityKey(ec), SecurityAlgorithms.EcdsaSha256);
            }

            key.KeyId = Optional($"{path}:PrivateKeyId");
            var algorithm = Optional($"{path}:PrivateKeyAlgorithm") ?? usual;
            if (key.IsSupportedAlgorithm(algorithm) && algorithm[..2] is "ES" or "RS" or "PS")
                return new SigningCredentials(key, algorithm);
            _problems.Add($"{path}:PrivateKeyAlgorithm is not one that the key can sign with, such as {usual}.");
        }
        catch (Exception malformed) when (malformed is ArgumentException or CryptographicException or NotSupportedException)
        {
            _problems.Add($"{path}:PrivateKeyFile must be a private key of RSA or of an elliptic curve, in PEM and without a password.");
        }

        return null;
    }

    private static bool TryReadEc(string pem, out ECDsa key)
    {
        key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return false;
        }

        // Throws for a public key.
        _ = key.ExportParameters(includePrivateParameters: true);
        return true;
    }

    private string[] ReadRoles(string key)
    {
        var roles = Scopes.Split(Optional(key) ?? Roles.Patient);
        if (roles.Length == 0 || roles.Except(Roles.All, StringComparer.Ordinal).Any())
            _problems.Add($"{key} may hold only these, separated by spaces: {string.Join(", ", Roles.All)}.");
        return roles;
    }

    private string[] ReadScopes(string key)
    {
        var scopes = Scopes.Split(Optional(key) ?? "openid profile email");
        if (!scopes.Contains(Scopes.OpenId, StringComparer.Ordinal))
            _problems.Add($"{key} must have openid.");
        return scopes;
    }

    private Dictionary<string, string> ReadTexts(string key, Func<string, bool> may, string whatNot)
    {
        var texts = configuration.GetSection(key).GetChildren().ToDictionary(entry => entry.Key, entry => entry.Value ?? string.Empty, StringComparer.Ordinal);
        if (texts.Any(entry => !may(entry.Key) || entry.Value.Length == 0))
            _problems.Add($"{key} must not have {whatNot}, nor anything empty.");
        return texts;
    }

    private Dictionary<string, IReadOnlyList<string>> ReadValues(string key)
    {
        var values = configuration.GetSection(key).GetChildren().ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)Scopes.Split(entry.Value ?? string.Empty), StringComparer.Ordinal);
        if (values.Any(entry => entry.Value.Count == 0))
            _problems.Add($"{key} must give each claim one value or more, separated by spaces.");
        return values;
    }
}
