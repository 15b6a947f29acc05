using System.Collections.Concurrent;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Telemedicine.Identity.Emails;
using Telemedicine.Identity.Hosting;
using Telemedicine.Identity.Tests.Support;
using Telemedicine.Mail;
using Telemedicine.Web.Tests.Messages;

namespace Telemedicine.Identity.Tests.Emails;

/// <summary>The outbox and its sender, against a mail server that does what the test says, and against a real one.</summary>
public sealed class EmailSenderTests : IAsyncDisposable
{
    private readonly IdentityHost _host = new();
    private readonly MailServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_cannot_go_waits_twice_as_long_each_time_and_is_given_up_in_the_end()
    {
        await AskAsync();
        _server.Answer = new Delivery.TryLater("away");
        var waits = new List<double>();
        while (await DueAsync() is { } due)
        {
            waits.Add((due - _host.Clock.GetUtcNow()).TotalMinutes);
            _host.Clock.SetUtcNow(due);
            await SendAsync();
        }

        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 64], waits);
        Assert.Equal(EmailSender.MaxAttempts, _server.Taken.Count);
        Assert.Single(_server.Taken.Select(taken => taken.Id).Distinct());
        Assert.Contains(_host.LogLines, line => line.StartsWith("Error 3003 ", StringComparison.Ordinal));
        Assert.Equal((null, null), await RowAsync(email => (email.SentAt, email.ProtectedToken)));
    }

    [Fact]
    public async Task What_is_refused_for_good_is_not_tried_again()
    {
        await AskAsync();
        _server.Answer = new Delivery.Refused("no such mailbox");

        await SendAsync();
        _host.Clock.Advance(TimeSpan.FromDays(1));
        await SendAsync();

        Assert.Single(_server.Taken);
        Assert.Equal(EmailKind.ResetPassword, Assert.Single(await UndeliveredAsync()).Kind);
    }

    [Fact]
    public async Task What_went_is_not_sent_again_and_its_link_is_forgotten()
    {
        await AskAsync();
        var before = await RowAsync(email => (email.SentAt, email.ProtectedToken));

        await SendAsync();
        _host.Clock.Advance(TimeSpan.FromDays(1));
        await SendAsync();

        Assert.NotNull(before.ProtectedToken);
        Assert.Empty(await UndeliveredAsync());
        Assert.Contains($"{IdentityHost.Issuer}{EmailTexts.ResetPath}?token=", Assert.Single(_server.Taken).Text.Body, StringComparison.Ordinal);
        Assert.Equal((new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero), null), await RowAsync(email => (email.SentAt, email.ProtectedToken)));
    }

    [Fact]
    public async Task Two_instances_send_it_once()
    {
        await AskAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(SendAsync)));

        Assert.Single(_server.Taken);
    }

    [Fact]
    public async Task A_real_server_gets_plain_text_with_nothing_of_the_persons_in_its_headers_but_the_address()
    {
        await using var smtp = await SmtpServer.StartAsync();
        await AskAsync();
        var settings = new SmtpSettings("localhost", smtp.Port, SecureSocketOptions.None, null, null, null, MailboxAddress.Parse("no-reply@consult.example"));
        var carrier = new SmtpCarrier(settings, _host.Services.GetRequiredService<ProviderSettings>(), _host.Clock);

        await SendAsync(carrier);
        var taken = await smtp.NextAsync();

        Assert.Equal(Person.Patient().Email, Assert.Single(taken.To));
        Assert.Equal("\"Video appointments\" <no-reply@consult.example>", taken.Mail.From.ToString());
        Assert.Equal(Person.Patient().Email, taken.Mail.To.ToString());
        Assert.Equal("Choose a new password", taken.Mail.Subject);
        Assert.Equal("auto-generated", taken.Mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("text/plain", taken.Mail.Body?.ContentType.MimeType);
        Assert.DoesNotContain(Person.Patient().GivenName, taken.Mail.TextBody, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<List<QueuedEmail>> UndeliveredAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<EmailOutbox>().UndeliveredAsync(Cancellation);
    }

    private async Task AskAsync()
    {
        using var browser = _host.OpenBrowser();
        (await browser.SubmitAsync(await browser.OpenAsync("/account/forgotten"), ("Email", Person.Patient().Email))).Dispose();
    }

    private Task SendAsync() => SendAsync(_server);

    private async Task SendAsync(IEmailCarrier carrier)
    {
        using var sender = ActivatorUtilities.CreateInstance<EmailSender>(_host.Services, carrier);
        await sender.SendDueAsync(Cancellation);
    }

    private Task<DateTimeOffset?> DueAsync() => RowAsync(email => email.DueAt);

    private Task<T> RowAsync<T>(Func<QueuedEmail, T> read) =>
        _host.InDatabaseAsync(async database => read(await database.QueuedEmails.AsNoTracking().SingleAsync(Cancellation)));

    private sealed class MailServer : IEmailCarrier
    {
        public Delivery Answer { get; set; } = new Delivery.Delivered();

        public ConcurrentQueue<(Guid Id, EmailText Text)> Taken { get; } = new();

        public bool KeepsWhatItCarries => false;

        public Task<Delivery> CarryAsync(Guid id, string address, EmailText text, CancellationToken cancellationToken)
        {
            Taken.Enqueue((id, text));
            return Task.FromResult(Answer);
        }
    }
}
