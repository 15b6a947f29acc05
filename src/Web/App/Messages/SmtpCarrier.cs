using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Telemedicine.Web.Messages;

/// <summary>Sends email by SMTP (RFC 5321). The same message sent twice has the same Message-ID.</summary>
public sealed class SmtpCarrier(EmailSettings settings, TimeProvider clock) : IMessageCarrier
{
    private const int TimeoutMilliseconds = 30_000;

    public async Task<Delivery> CarryAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (!MailboxAddress.TryParse(message.Address, out var to) || !to.Address.Contains('@', StringComparison.Ordinal))
            return new Delivery.Refused("The email address is not valid.");
        using var mail = MailOf(message, to.Address);
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

    private MimeMessage MailOf(OutgoingMessage message, string address)
    {
        var mail = new MimeMessage
        {
            MessageId = $"{message.Id}@{settings.From.Domain}",
            Date = clock.GetUtcNow(),
            Subject = message.Subject,
            Body = BodyOf(message),
        };
        mail.From.Add(new MailboxAddress(message.PracticeName, settings.From.Address));
        mail.To.Add(new MailboxAddress(message.RecipientName, address));
        // RFC 3834 section 5: no automatic answers, please.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
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

    private static MimeEntity BodyOf(OutgoingMessage message)
    {
        var text = new TextPart("plain") { Text = message.Body };
        if (message.Calendar is not { } calendar)
            return text;
        // Mail programs offer the appointment from the part beside the text; the attachment is for those that do not.
        var invitation = new TextPart("calendar") { Text = calendar.File };
        invitation.ContentType.Parameters.Add("method", calendar.Method.ToString().ToUpperInvariant());
        var attachment = new TextPart("calendar") { Text = calendar.File, ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "appointment.ics" } };
        return new Multipart("mixed") { new MultipartAlternative { text, invitation }, attachment };
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
