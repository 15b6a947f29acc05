using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Security;
using MimeKit;

namespace Telemedicine.Mail;

/// <summary>The mail server: the settings `Email:*` of the services that send.</summary>
/// <param name="Authority">A private authority that the mail server's certificate comes from; null for the machine's own list.</param>
/// <param name="From">Whom emails come from; the sender's name stands before it.</param>
public sealed record SmtpSettings(
    string Host, int Port, SecureSocketOptions Security, X509Certificate2? Authority, string? UserName, string? Password, MailboxAddress From)
{
    private const string DefaultPort = "587";

    /// <summary>Reads and checks them.</summary>
    /// <param name="setting">The value of a key such as "Host" in the section, null when it is not set.</param>
    /// <param name="isProduction">Whether a mail server must be set, and reached safely.</param>
    /// <param name="problem">One plain sentence when something is wrong; it repeats no secret.</param>
    /// <returns>Null when there is a problem, or no mail server is set.</returns>
    public static SmtpSettings? Read(Func<string, string?> setting, bool isProduction, out string? problem)
    {
        problem = null;
        if (setting("Host") is not { Length: > 0 } host)
        {
            problem = isProduction ? "Email:Host must be set: people are written to by email." : null;
            return null;
        }

        var (userName, password, authorityFile) = (setting("UserName"), setting("Password"), setting("AuthorityFile"));
        SecureSocketOptions? security = setting("Security") switch
        {
            null or "" or "StartTls" => SecureSocketOptions.StartTls,
            "Tls" => SecureSocketOptions.SslOnConnect,
            "None" => SecureSocketOptions.None,
            _ => null,
        };
        X509Certificate2? authority = null;
        if (!int.TryParse(setting("Port") ?? DefaultPort, out var port) || port is < 1 or > 65535)
            problem = "Email:Port must be the number of a port.";
        else if (!MailboxAddress.TryParse(setting("From"), out var from) || !from.Address.Contains('@', StringComparison.Ordinal))
            problem = "Email:From must be the address that emails come from.";
        else if (security is not { } chosen)
            problem = "Email:Security must be StartTls, Tls or None.";
        else if (chosen == SecureSocketOptions.None && isProduction && host is not ("localhost" or "127.0.0.1" or "::1"))
            problem = "Email:Security must not be None for a mail server on another machine.";
        else if (string.IsNullOrEmpty(userName) != string.IsNullOrEmpty(password))
            problem = "Email:UserName and Email:Password must be set together, or neither.";
        else if (!string.IsNullOrEmpty(authorityFile) && (authority = Load(authorityFile)) is null)
            problem = "Email:AuthorityFile cannot be opened: it must be a certificate, in PEM or DER.";
        else
            return new SmtpSettings(host, port, chosen, authority, string.IsNullOrEmpty(userName) ? null : userName, password, from);
        return null;
    }

    private static X509Certificate2? Load(string file)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException)
        {
            return null;
        }
    }
}
