using MimeKit;
using Telemedicine.Identity.Hosting;
using Telemedicine.Mail;

namespace Telemedicine.Identity.Emails;

/// <summary>Takes emails to a mail server.</summary>
public interface IEmailCarrier
{
    /// <summary>Nothing leaves: what was "sent" is kept, to be read here.</summary>
    bool KeepsWhatItCarries { get; }

    Task<Delivery> CarryAsync(Guid id, string address, EmailText text, CancellationToken cancellationToken);
}

/// <summary>By SMTP.</summary>
public sealed class SmtpCarrier(SmtpSettings smtpSettings, ProviderSettings settings, TimeProvider clock) : IEmailCarrier
{
    private readonly Smtp _smtp = new(smtpSettings);

    public bool KeepsWhatItCarries => false;

    public async Task<Delivery> CarryAsync(Guid id, string address, EmailText text, CancellationToken cancellationToken)
    {
        using var mail = _smtp.Write(id, clock.GetUtcNow(), settings.ServiceName, string.Empty, address, text.Subject, new TextPart("plain") { Text = text.Body });
        return await _smtp.SendAsync(mail, cancellationToken);
    }
}

/// <summary>For demonstrations and development: the page of sent messages shows it.</summary>
public sealed class NothingLeaves : IEmailCarrier
{
    public bool KeepsWhatItCarries => true;

    public Task<Delivery> CarryAsync(Guid id, string address, EmailText text, CancellationToken cancellationToken) =>
        Task.FromResult<Delivery>(new Delivery.Delivered());
}
