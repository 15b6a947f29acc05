using MimeKit;
using Telemedicine.Mail;

namespace Telemedicine.Web.Messages;

/// <summary>Sends messages as email, with the calendar file of their appointment.</summary>
public sealed class SmtpCarrier(SmtpSettings settings, TimeProvider clock) : IMessageCarrier
{
    private readonly Smtp _smtp = new(settings);

    public async Task<Delivery> CarryAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (!MailboxAddress.TryParse(message.Address, out var to) || !to.Address.Contains('@', StringComparison.Ordinal))
            return new Delivery.Refused("The email address is not valid.");
        using var mail = _smtp.Write(message.Id.Value, clock.GetUtcNow(), message.PracticeName, message.RecipientName, to.Address, message.Subject, BodyOf(message));
        return await _smtp.SendAsync(mail, cancellationToken);
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
}
