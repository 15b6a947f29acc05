using Telemedicine.Clinical;
using Telemedicine.Clinical.Messages;
using Telemedicine.Mail;

namespace Telemedicine.Web.Messages;

/// <summary>A message that is ready to go.</summary>
/// <param name="Calendar">The calendar file that goes with an email, and what is to be done with it.</param>
public sealed record OutgoingMessage(
    MessageId Id, string Address, string RecipientName, string PracticeName, string Subject, string Body, (string File, CalendarMethod Method)? Calendar);

/// <summary>Takes messages to another company's server.</summary>
public interface IMessageCarrier
{
    Task<Delivery> CarryAsync(OutgoingMessage message, CancellationToken cancellationToken);
}

/// <summary>Who carries which kind of message.</summary>
public sealed class MessageCarriers(IMessageCarrier? email, IMessageCarrier? text)
{
    /// <summary>Null if this practice sends none of these.</summary>
    public IMessageCarrier? For(MessageChannel channel) => channel == MessageChannel.Email ? email : text;
}

/// <summary>For demonstrations and development: the message stays here, where the page of sent messages shows it.</summary>
public sealed class NothingLeaves : IMessageCarrier
{
    public Task<Delivery> CarryAsync(OutgoingMessage message, CancellationToken cancellationToken) => Task.FromResult<Delivery>(new Delivery.Delivered());
}
