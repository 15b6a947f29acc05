using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Messages;
using Telemedicine.Mail;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Messages;

/// <summary>Sends what waits in the outbox, and queues reminders when their time comes. Every instance of Web runs one; the database shares the work out.</summary>
public sealed partial class MessageSender(
    IServiceScopeFactory scopes, MessageWriter writer, MessageCarriers carriers, MessageSettings settings, WebOptions web, TimeProvider clock, ILogger<MessageSender> logger) : BackgroundService
{
    private const int Batch = 50;
    private const int AtOnce = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReminderPause = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _reminded;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await QueueRemindersAsync(stoppingToken);
                // As long as there is more than one batch, it goes on without a pause.
                while (await SendDueAsync(stoppingToken) == Batch)
                {
                }
            }
            catch (Exception e) when (e is DbException or DbUpdateException or TimeoutException)
            {
                LogNoDatabase(e.GetType().Name);
            }
        }
    }

    /// <summary>Queues the reminders whose time has come, at most once a minute.</summary>
    public async Task QueueRemindersAsync(CancellationToken cancellationToken)
    {
        if (_reminded is { } last && clock.GetUtcNow() < last + ReminderPause)
            return;
        await using var scope = scopes.CreateAsyncScope();
        _reminded = await scope.ServiceProvider.GetRequiredService<Reminders>().QueueDueAsync(_reminded, cancellationToken);
    }

    /// <summary>Sends what is due now.</summary>
    /// <returns>How many messages were due, at most a batch.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DueMessage> due;
        await using (var scope = scopes.CreateAsyncScope())
            due = await scope.ServiceProvider.GetRequiredService<MessageQueue>().DueAsync(Batch, cancellationToken);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (message, cancelled) => await SendAsync(message, cancelled));
        return due.Count;
    }

    private async Task SendAsync(DueMessage due, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queue = scope.ServiceProvider.GetRequiredService<MessageQueue>();
        if (await queue.ClaimAsync(due, cancellationToken) is not { } claim)
            return;
        var message = await scope.ServiceProvider.GetRequiredService<MessageQueries>().ToWriteAsync(claim, cancellationToken);
        if (message.Obsolete is { } obsolete)
        {
            await queue.NotNeededAsync(claim, obsolete);
            return;
        }
        if (carriers.For(message.Channel) is not { } carrier)
        {
            await queue.NotNeededAsync(claim, "The practice sends no messages of this kind.");
            return;
        }
        if (AddressOf(message) is not { } address)
        {
            await queue.NotNeededAsync(claim, message.Channel == MessageChannel.Email ? "There is no email address." : "There is no mobile phone number.");
            return;
        }
        message = await WithLinkAsync(scope.ServiceProvider, due.Practice, message, cancellationToken);
        if (message is { Kind: MessageKind.GuestInvitation, Topic.JoinPath: null })
        {
            await queue.NotNeededAsync(claim, "The appointment was over or cancelled before it was sent.");
            return;
        }
        if (Write(message, address) is not { } outgoing)
        {
            await queue.TryLaterAsync(claim, message.Attempts, "The message could not be written.");
            return;
        }
        var delivery = await carrier.CarryAsync(outgoing, cancellationToken);
        await FinishAsync(queue, claim, message, delivery, new WrittenMessage(outgoing.Address, outgoing.Subject, ToKeep(message, outgoing.Body)));
    }

    private async Task FinishAsync(MessageQueue queue, MessageClaim claim, MessageToWrite message, Delivery delivery, WrittenMessage written)
    {
        switch (delivery)
        {
            case Delivery.Delivered:
                if (!await queue.SentAsync(claim, written))
                    LogLeaseLost(message.Id);
                break;
            case Delivery.TryLater later:
                await queue.TryLaterAsync(claim, message.Attempts, later.Problem, written);
                LogTryLater(message.Id, message.Channel, message.Attempts);
                break;
            case Delivery.Refused refused:
                await queue.FailedAsync(claim, refused.Problem, written);
                LogFailed(message.Id, message.Channel, message.Attempts);
                break;
        }
    }

    private static async Task<MessageToWrite> WithLinkAsync(IServiceProvider services, PracticeId practice, MessageToWrite message, CancellationToken cancellationToken)
    {
        var path = await services.GetRequiredService<GuestService>().LinkForMessageAsync(practice, message.Kind, message.Topic, cancellationToken);
        return path is null ? message : message with { Topic = message.Topic with { JoinPath = path } };
    }

    /// <summary>Of a link that opens a consultation only the hash is kept; but a demonstration has no other mailbox than what is kept.</summary>
    private string ToKeep(MessageToWrite message, string body) =>
        message.Topic.JoinPath is { } path && !web.Demonstration.Enabled ? body.Replace(path, "/join/…", StringComparison.Ordinal) : body;

    private string? AddressOf(MessageToWrite message) =>
        message.Channel == MessageChannel.Email
            ? string.IsNullOrWhiteSpace(message.Email) ? null : message.Email.Trim()
            : MobileNumber.Of(message.Phone, settings.Region);

    private OutgoingMessage? Write(MessageToWrite message, string address)
    {
        try
        {
            var text = writer.Write(message.Kind, message.Channel, message.Topic);
            return new OutgoingMessage(message.Id, address, message.Topic.Name, message.Topic.PracticeName, text.Subject, text.Body, CalendarOf(message, address));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One message that cannot be written must not hold up the others; staff see it when it has failed often enough.
            LogNotWritten(message.Id, e.GetType().Name);
            return null;
        }
    }

    private (string File, CalendarMethod Method)? CalendarOf(MessageToWrite message, string address)
    {
        if (message.Channel != MessageChannel.Email || MessageCalendar.MethodOf(message.Kind) is not { } method)
            return null;
        if (MessageCalendar.EntryOf(message.Topic, writer.LinkOf(message.Topic)) is not { } entry)
            return null;
        var from = settings.Email?.From.Address;
        var invitation = entry with
        {
            Organizer = from is null ? null : (message.Topic.PracticeName, from),
            Attendee = (message.Topic.Name, address),
        };
        return (CalendarFile.Write(invitation, method, clock.GetUtcNow()), method);
    }
}
