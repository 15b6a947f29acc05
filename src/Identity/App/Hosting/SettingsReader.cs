using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Connect;
using Telemedicine.Mail;

namespace Telemedicine.Identity.Hosting;

/// <summary>Turns configuration into <see cref="ProviderSettings"/>, collecting every problem so that one start shows them all.</summary>
internal sealed partial class SettingsReader(IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>Secrets from examples and tutorials: their hashes are refused in production.</summary>
    private static readonly string[] WellKnownSecrets =
        ["", "secret", "password", "changeme", "change-me", "changeit", "client-secret", "client_secret", "web", "web-secret", "demo", "demonstration", "test"];

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Development and demonstration may use plain HTTP on this machine and demonstration accounts; nothing else may.</summary>
    private bool IsLocalUse => environment.IsDevelopment() || environment.IsEnvironment("Demonstration");

    public ProviderSettings? Read()
    {
        var issuer = ReadIssuer();
        var provider = ReadProvider();
        var connectionString = Required("ConnectionStrings:Identity");
        var peopleFile = ReadPeopleFile();
        var clients = ReadClients();
        var certificate = ReadCertificate();
        var settings = new ProviderSettings
        {
            Issuer = issuer,
            ServiceName = Optional("Identity:ServiceName") ?? "Video appointments",
            DatabaseProvider = provider,
            ConnectionString = connectionString,
            Clients = clients,
            Federation = ReadFederation(),
            DemonstrationPeopleFile = peopleFile,
            KeyCertificate = certificate,
            TrustedProxies = ReadTrustedProxies(),
            Email = ReadEmail(peopleFile is not null),
            TimeZone = ReadTimeZone(),
            SignInsPerMinute = PositiveNumber("RateLimits:SignInsPerMinute", 60),
            EmailsPerMinute = PositiveNumber("RateLimits:EmailsPerMinute", 10),
            TokenRequestsPerMinute = PositiveNumber("RateLimits:TokenRequestsPerMinute", 3000),
        };
        return _problems.Count == 0 ? settings : null;
    }

    private string? Optional(string key) => configuration[key] is { Length: > 0 } value ? value : null;

    private string Required(string key)
    {
        if (Optional(key) is { } value)
            return value;
        _problems.Add($"{key} is not set.");
        return string.Empty;
    }

    private string ReadIssuer()
    {
        var issuer = Required("Identity:Issuer");
        if (issuer.Length == 0)
            return issuer;
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != issuer)
            _problems.Add("Identity:Issuer must be an address of the form https://host or https://host:port, with nothing after it.");
        else
            CheckTransport("Identity:Issuer", uri);
        return issuer;
    }

    private DatabaseProvider ReadProvider()
    {
        var name = Required("Database:Provider");
        if (name.Length == 0 || Enum.GetNames<DatabaseProvider>().Contains(name, StringComparer.OrdinalIgnoreCase))
            return Enum.TryParse<DatabaseProvider>(name, ignoreCase: true, out var provider) ? provider : default;
        _problems.Add("Database:Provider must be Sqlite or SqlServer.");
        return default;
    }

    private string? ReadPeopleFile()
    {
        if (!configuration.GetValue("Demonstration:Enabled", false))
            return null;
        if (!IsLocalUse)
        {
            _problems.Add("Demonstration:Enabled is true, but demonstration accounts have a public password: it is refused outside the Demonstration and Development environments.");
            return null;
        }

        var file = Required("Demonstration:PeopleFile");
        if (file.Length > 0 && !File.Exists(file))
            _problems.Add("Demonstration:PeopleFile names a file that is not there.");
        return file;
    }

    private X509Certificate2? ReadCertificate()
    {
        const string Key = "DataProtection:CertificateFile";
        var file = Optional(Key);
        if (file is null && !IsLocalUse)
            _problems.Add($"{Key} is not set: the keys in the database must be encrypted with a certificate (a PKCS #12 file).");
        if (file is null)
            return null;
        if (!File.Exists(file))
        {
            _problems.Add($"{Key} names a file that is not there.");
            return null;
        }

        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, Optional("DataProtection:CertificatePassword"));
            if (!certificate.HasPrivateKey)
                _problems.Add($"{Key} names a certificate without its private key.");
            return certificate;
        }
        catch (CryptographicException)
        {
            _problems.Add($"{Key} cannot be opened: it must be a PKCS #12 file, and DataProtection:CertificatePassword its password.");
            return null;
        }
    }

    private SmtpSettings? ReadEmail(bool isDemonstration)
    {
        if (isDemonstration)
            return null;
        var email = configuration.GetSection("Email");
        var settings = SmtpSettings.Read(key => email[key], !IsLocalUse, out var problem);
        if (problem is not null)
            _problems.Add(problem);
        return settings;
    }

    private List<Client> ReadClients()
    {
        var clients = new List<Client>();
        foreach (var section in configuration.GetSection("Clients").GetChildren())
        {
            var id = Required($"{section.Path}:Id");
            if (clients.Any(client => client.Id.Equals(id, StringComparison.OrdinalIgnoreCase)))
                _problems.Add($"{section.Path}:Id is the same as another client's.");
            var grantTypes = ReadGrantTypes($"{section.Path}:GrantTypes");
            var keys = ReadClientKeys($"{section.Path}:JwksFile");
            clients.Add(new Client
            {
                Id = id,
                Name = Optional($"{section.Path}:Name") ?? id,
                SecretSha256 = keys.Count > 0 && Optional($"{section.Path}:SecretSha256") is null ? [] : ReadSecretHash($"{section.Path}:SecretSha256"),
                Keys = keys,
                GrantTypes = grantTypes,
                ServiceScopes = Scopes.Split(Optional($"{section.Path}:ServiceScopes") ?? string.Empty),
                SigningAlgorithm = ReadSigningAlgorithm($"{section.Path}:IdTokenSigningAlg"),
                PairwiseSector = ReadPairwiseSector(section.Path),
                NeedsConsent = configuration.GetValue($"{section.Path}:NeedsConsent", false),
                MayIntrospect = configuration.GetValue($"{section.Path}:MayIntrospect", false),
                RedirectUris = ReadUris($"{section.Path}:RedirectUris", atLeastOne: grantTypes.Contains(GrantTypes.AuthorizationCode)),
                PostLogoutRedirectUris = ReadUris($"{section.Path}:PostLogoutRedirectUris", atLeastOne: false),
                InitiateLoginUri = ReadUri($"{section.Path}:InitiateLoginUri"),
                BackChannelLogoutUri = ReadUri($"{section.Path}:BackChannelLogoutUri"),
            });
        }

        if (clients.Count == 0)
            _problems.Add("Clients is empty: at least one application must be allowed to ask for a sign-in.");
        return clients;
    }

    private string[] ReadGrantTypes(string key)
    {
        var asked = Scopes.Split(Optional(key) ?? GrantTypes.AuthorizationCode);
        if (asked.Length == 0 || asked.Except(GrantTypes.All, StringComparer.Ordinal).Any())
            _problems.Add($"{key} may hold only these, separated by spaces: {string.Join(", ", GrantTypes.All)}.");
        else if (asked.Contains(GrantTypes.RefreshToken) && !asked.Contains(GrantTypes.AuthorizationCode))
            _problems.Add($"{key} has refresh_token without authorization_code, which alone gives refresh tokens.");
        return asked;
    }

    private string ReadSigningAlgorithm(string key)
    {
        var algorithm = Optional(key) ?? SigningKeys.Algorithms[0];
        if (!SigningKeys.Algorithms.Contains(algorithm, StringComparer.Ordinal))
            _problems.Add($"{key} must be one of these: {string.Join(", ", SigningKeys.Algorithms)}.");
        return algorithm;
    }

    /// <summary>OpenID Connect Core section 8.1: one host, that of the redirect addresses unless one is named.</summary>
    private string? ReadPairwiseSector(string path)
    {
        var (type, named) = (Optional($"{path}:SubjectType") ?? "public", Optional($"{path}:SectorIdentifier"));
        if (type is not ("public" or "pairwise"))
            _problems.Add($"{path}:SubjectType must be public or pairwise.");
        else if (type == "public" && named is not null)
            _problems.Add($"{path}:SectorIdentifier is for pairwise subjects: set {path}:SubjectType to pairwise, or take it away.");
        else if (named is not null && Uri.CheckHostName(named) != UriHostNameType.Dns)
            _problems.Add($"{path}:SectorIdentifier must be the name of a host, such as example.org.");
        if (type != "pairwise")
            return null;
        var hosts = configuration.GetSection($"{path}:RedirectUris").GetChildren()
            .Select(entry => Uri.TryCreate(entry.Value, UriKind.Absolute, out var uri) ? uri.Host : null).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (named is null && hosts.Count != 1)
            _problems.Add($"{path}:SectorIdentifier must be set when the redirect addresses are of several hosts, or there are none.");
        return named?.ToLowerInvariant() ?? hosts.FirstOrDefault();
    }

    private IReadOnlyList<SecurityKey> ReadClientKeys(string key)
    {
        if (Optional(key) is not { } file)
            return [];
        if (!File.Exists(file))
        {
            _problems.Add($"{key} names a file that is not there.");
            return [];
        }

        try
        {
            var set = new JsonWebKeySet(File.ReadAllText(file));
            if (set.Keys.Count == 0 || set.Keys.Any(one => one.Kty is not ("EC" or "RSA")))
                _problems.Add($"{key} must hold at least one key, and only EC and RSA keys.");
            else if (set.Keys.Any(one => one.HasPrivateKey))
                _problems.Add($"{key} holds a private key: give the application's public keys only.");
            return [.. set.Keys];
        }
        catch (ArgumentException)
        {
            _problems.Add($"{key} is not a JSON Web Key Set (RFC 7517).");
            return [];
        }
    }

    private byte[] ReadSecretHash(string key)
    {
        var hex = Required(key);
        if (hex.Length == 0)
            return [];
        if (hex.Length != SHA256.HashSizeInBytes * 2 || !hex.All(char.IsAsciiHexDigit))
        {
            _problems.Add($"{key} must be the SHA-256 of the client's secret: 64 hexadecimal digits.");
            return [];
        }

        var hash = Convert.FromHexString(hex);
        var isWellKnown = WellKnownSecrets.Any(secret => SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan().SequenceEqual(hash));
        if (!IsLocalUse && isWellKnown)
            _problems.Add($"{key} is the hash of a well-known secret: make one of at least 32 random bytes.");
        return hash;
    }

    private List<string> ReadUris(string key, bool atLeastOne)
    {
        var uris = new List<string>();
        var entries = configuration.GetSection(key).GetChildren().ToArray();
        if (atLeastOne && entries.Length == 0)
            _problems.Add($"{key} is empty: list at least one address.");
        foreach (var entry in entries)
        {
            if (ParseUri(entry.Path, entry.Value) is { } uri)
                uris.Add(uri.OriginalString);
        }

        return uris;
    }

    private Uri? ReadUri(string key) => Optional(key) is { } text ? ParseUri(key, text) : null;

    /// <summary>RFC 6749 section 3.1.2, and Back-Channel Logout section 2.2: absolute, and without a fragment.</summary>
    private Uri? ParseUri(string key, string? text)
    {
        if (text is null || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            _problems.Add($"{key} must be an absolute address without a fragment.");
            return null;
        }

        CheckTransport(key, uri);
        return uri;
    }

    private void CheckTransport(string key, Uri uri)
    {
        var isPlainOnThisMachine = uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && IsLocalUse;
        if (uri.Scheme != Uri.UriSchemeHttps && !isPlainOnThisMachine)
            _problems.Add($"{key} must start with https:// (plain http is for this machine only, in the Demonstration and Development environments).");
    }

    private List<IPAddress> ReadTrustedProxies()
    {
        var addresses = new List<IPAddress>();
        foreach (var entry in configuration.GetSection("Identity:TrustedProxies").GetChildren())
        {
            if (IPAddress.TryParse(entry.Value, out var address))
                addresses.Add(address);
            else
                _problems.Add($"{entry.Path} must be an IP address.");
        }

        return addresses;
    }

    private TimeZoneInfo ReadTimeZone()
    {
        const string Key = "Identity:TimeZone";
        if (TimeZoneInfo.TryFindSystemTimeZoneById(Optional(Key) ?? "Europe/London", out var zone))
            return zone;
        _problems.Add($"{Key} must be the name of a time zone, such as Europe/London.");
        return TimeZoneInfo.Utc;
    }

    private int PositiveNumber(string key, int otherwise)
    {
        if (Optional(key) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        _problems.Add($"{key} must be a whole number above 0.");
        return otherwise;
    }
}
