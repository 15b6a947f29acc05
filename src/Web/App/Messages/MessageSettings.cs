using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Security;
using MimeKit;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Messages;

/// <param name="Authority">A private authority that the mail server's certificate comes from; null for the machine's own list.</param>
/// <param name="From">Whom emails come from; the practice's name stands before it.</param>
public sealed record EmailSettings(
    string Host, int Port, SecureSocketOptions Security, X509Certificate2? Authority, string? UserName, string? Password, MailboxAddress From);

/// <param name="Url">Takes one text message a POST.</param>
/// <param name="Key">Sent as a bearer token.</param>
/// <param name="Sender">The name or number that texts come from.</param>
public sealed record TextSettings(Uri Url, string Key, string Sender);

/// <summary>How messages leave. In a demonstration nothing does, whatever is set; elsewhere, what is not set does not leave.</summary>
/// <param name="Region">The country of phone numbers written without a country code.</param>
public sealed record MessageSettings(EmailSettings? Email, TextSettings? Text, string Region)
{
    private const string DefaultPort = "587";

    public static MessageSettings From(IConfiguration configuration, IHostEnvironment environment, DemonstrationOptions demonstration)
    {
        var region = configuration["Text:Region"] ?? "GB";
        return demonstration.Enabled
            ? new MessageSettings(null, null, region)
            : new MessageSettings(EmailOf(configuration.GetSection("Email"), environment), TextOf(configuration.GetSection("Text"), environment), region);
    }

    private static EmailSettings? EmailOf(IConfigurationSection email, IHostEnvironment environment)
    {
        if (email["Host"] is not { Length: > 0 } host)
        {
            return environment.IsProduction()
                ? throw new StartRefusedException("Email:Host must be set: patients hear of their appointments by email.")
                : null;
        }
        if (!int.TryParse(email["Port"] ?? DefaultPort, out var port) || port is < 1 or > 65535)
            throw new StartRefusedException("Email:Port must be the number of a port.");
        if (!MailboxAddress.TryParse(email["From"], out var from) || !from.Address.Contains('@', StringComparison.Ordinal))
            throw new StartRefusedException("Email:From must be the address that emails come from.");
        var security = email["Security"] switch
        {
            null or "StartTls" => SecureSocketOptions.StartTls,
            "Tls" => SecureSocketOptions.SslOnConnect,
            "None" => SecureSocketOptions.None,
            _ => throw new StartRefusedException("Email:Security must be StartTls, Tls or None."),
        };
        if (security == SecureSocketOptions.None && environment.IsProduction() && host is not ("localhost" or "127.0.0.1" or "::1"))
            throw new StartRefusedException("Email:Security must not be None for a mail server on another machine.");
        var (userName, password) = (email["UserName"], email["Password"]);
        if (string.IsNullOrEmpty(userName) != string.IsNullOrEmpty(password))
            throw new StartRefusedException("Email:UserName and Email:Password must be set together, or neither.");
        return new EmailSettings(host, port, security, AuthorityOf(email["AuthorityFile"]), string.IsNullOrEmpty(userName) ? null : userName, password, from);
    }

    private static X509Certificate2? AuthorityOf(string? file)
    {
        if (string.IsNullOrEmpty(file))
            return null;
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException)
        {
            throw new StartRefusedException("Email:AuthorityFile cannot be opened: it must be a certificate, in PEM or DER.");
        }
    }

    private static TextSettings? TextOf(IConfigurationSection text, IHostEnvironment environment)
    {
        if (text["Url"] is not { Length: > 0 } address)
            return null;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && (environment.IsProduction() || !url.IsLoopback)))
            throw new StartRefusedException("Text:Url must be an https address.");
        if (text["Key"] is not { Length: > 0 } key || text["Sender"] is not { Length: > 0 } sender)
            throw new StartRefusedException("Text:Key and Text:Sender must be set, as the text message provider gave them.");
        return new TextSettings(url, key, sender);
    }
}
