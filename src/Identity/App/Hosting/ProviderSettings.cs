using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Federation;
using Telemedicine.Mail;

namespace Telemedicine.Identity.Hosting;

public enum DatabaseProvider
{
    Sqlite,
    SqlServer,
}

/// <summary>Everything that configuration decides, read once at start and checked: see <see cref="SettingsReader"/> for the rules.</summary>
public sealed record ProviderSettings
{
    /// <summary>The issuer, exactly as it stands in tokens and discovery: an origin with no trailing slash. Never taken from a request.</summary>
    public required string Issuer { get; init; }

    public required string ServiceName { get; init; }

    public required DatabaseProvider DatabaseProvider { get; init; }

    public required string ConnectionString { get; init; }

    public required IReadOnlyList<Client> Clients { get; init; }

    /// <summary>The people to seed and to show on the sign-in page; null outside demonstration mode.</summary>
    public string? DemonstrationPeopleFile { get; init; }

    /// <summary>Other providers that people may sign in with.</summary>
    public IReadOnlyList<FederatedProvider> Federation { get; init; } = [];

    /// <summary>Encrypts the data-protection keys at rest; required in production.</summary>
    public X509Certificate2? KeyCertificate { get; init; }

    /// <summary>Reverse proxies whose X-Forwarded-For is believed, so that rate limits see the browser's address.</summary>
    public IReadOnlyList<IPAddress> TrustedProxies { get; init; } = [];

    /// <summary>The mail server; null in demonstration mode, from where no email leaves.</summary>
    public SmtpSettings? Email { get; init; }

    /// <summary>In which people are told times.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>Sign-in attempts accepted a minute from one address (an IPv6 address counts as its /64).</summary>
    public int SignInsPerMinute { get; init; } = 60;

    /// <summary>Forms accepted a minute from one address that each send an email to an address of the sender's choice.</summary>
    public int EmailsPerMinute { get; init; } = 10;

    /// <summary>Token requests accepted a minute from one address. An application server is one address for all its users.</summary>
    public int TokenRequestsPerMinute { get; init; } = 3000;

    public bool IsHttps => Issuer.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="problems">When it returns false: one plain sentence for each thing to put right. No secret is repeated in them.</param>
    public static bool TryRead(
        IConfiguration configuration,
        IHostEnvironment environment,
        [NotNullWhen(true)] out ProviderSettings? settings,
        out IReadOnlyList<string> problems)
    {
        var reader = new SettingsReader(configuration, environment);
        settings = reader.Read();
        problems = reader.Problems;
        return settings is not null;
    }
}
