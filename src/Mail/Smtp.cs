using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Telemedicine.Mail;

/// <summary>Sends email by SMTP (RFC 5321).</summary>
public sealed class Smtp(SmtpSettings settings)
{
    private const int TimeoutMilliseconds = 30_000;

    /// <summary>An email to one person that an automatic answer need not be sent to (RFC 3834 section 5).</summary>
    /// <param name="id">The same message sent twice has the same Message-ID.</param>
    /// <param name="to">An address that <see cref="IsAddress"/>.</param>
    public MimeMessage Write(Guid id, DateTimeOffset date, string senderName, string recipientName, string to, string subject, MimeEntity body)
    {
        var mail = new MimeMessage { MessageId = $"{id}@{settings.From.Domain}", Date = date, Subject = subject, Body = body };
        mail.From.Add(new MailboxAddress(senderName, settings.From.Address));
        mail.To.Add(new MailboxAddress(recipientName, to));
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }

    /// <summary>Whether it is one bare address (RFC 5322 addr-spec), with no name, comment or second address around it.</summary>
    public static bool IsAddress(string text) =>
        MailboxAddress.TryParse(text, out var address) && address.Address == text && text.Contains('@', StringComparison.Ordinal) && !text.Any(char.IsControl);

    public async Task<Delivery> SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
        if (settings.Authority is { } authority)
            client.ServerCertificateValidationCallback = (_, certificate, chain, errors) => ComesFrom(authority, certificate as X509Certificate2, chain, errors);
        try
        {
            await client.ConnectAsync(settings.Host, settings.Port, settings.Security, cancellationToken);
            if (settings is { UserName: { } userName, Password: { } password })
                await client.AuthenticateAsync(userName, password, cancellationToken);
            await client.SendAsync(mail, cancellationToken);
        }
        catch (SmtpCommandException refusal) when (refusal.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted && (int)refusal.StatusCode >= 500)
        {
            return new Delivery.Refused($"The mail server refused it: {refusal.Message}");
        }
        catch (Exception e) when (e is SmtpCommandException or SmtpProtocolException or ServiceNotConnectedException or ServiceNotAuthenticatedException or AuthenticationException or SslHandshakeException
            or NotSupportedException or SocketException or IOException or TimeoutException)
        {
            return new Delivery.TryLater($"The mail server could not be used: {e.Message}");
        }

        // It has been taken: whatever a goodbye may lead to, it must not be sent again.
        await SayGoodbyeAsync(client);
        return new Delivery.Delivered();
    }

    /// <summary>The certificate names the server, and a chain leads from it to the authority.</summary>
    private static bool ComesFrom(X509Certificate2 authority, X509Certificate2? certificate, X509Chain? known, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (known is not null)
            chain.ChainPolicy.ExtraStore.AddRange(known.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    private static async Task SayGoodbyeAsync(SmtpClient client)
    {
        try
        {
            await client.DisconnectAsync(quit: true, CancellationToken.None);
        }
        catch (Exception e) when (e is SmtpCommandException or SmtpProtocolException or SocketException or IOException)
        {
            // The connection is gone, which is what was wanted.
        }
    }
}
