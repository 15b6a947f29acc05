using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Messages;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Messages;

/// <summary>From the booking to the inbox.</summary>
public sealed class MessageSenderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_booking_reaches_the_patients_inbox_with_a_link_and_a_calendar_file_and_its_cancellation_takes_it_back()
    {
        await using var server = await SmtpServer.StartAsync();
        await using var web = await WebHost.StartAsync(settings: SettingsFor(server));
        var appointment = await web.BookAsync(Seed.Margaret, Seed.At(11));

        await SendAsync(web);
        var booked = await server.NextAsync();
        web.Time.Advance(TimeSpan.FromMinutes(1));
        using var browser = await web.SignInAsync(People.Margaret);
        await browser.SubmitAsync(await browser.GetAsync($"/appointments/{appointment}/cancel"), "Cancel the appointment", ("Reason", "I am better"));
        await SendAsync(web);
        var cancelled = await server.NextAsync();

        Assert.Equal("Your appointment on Monday 2 March 2026 at 11am", booked.Mail.Subject);
        Assert.Contains($"https://web.test/appointments/{appointment}", booked.Mail.TextBody, StringComparison.Ordinal);
        Assert.Equal("Your appointment on Monday 2 March 2026 at 11am is cancelled", cancelled.Mail.Subject);
        Assert.DoesNotContain("I am better", cancelled.Mail.TextBody, StringComparison.Ordinal);
        var (invitation, withdrawal) = (CalendarOf(booked), CalendarOf(cancelled));
        Assert.Contains("METHOD:REQUEST", invitation, StringComparison.Ordinal);
        Assert.Contains("METHOD:CANCEL", withdrawal, StringComparison.Ordinal);
        Assert.Equal(Line(invitation, "UID"), Line(withdrawal, "UID"));
        Assert.True(int.Parse(Line(withdrawal, "SEQUENCE"), null) > int.Parse(Line(invitation, "SEQUENCE"), null));
        Assert.Equal("20260302T110000Z", Line(invitation, "DTSTART"));
    }

    [Fact]
    public async Task A_message_that_the_mail_server_refuses_is_shown_to_staff_who_send_it_again_when_the_server_takes_it()
    {
        await using var server = await SmtpServer.StartAsync("--refuse", "margaret.hughes@example.com");
        await using var web = await WebHost.StartAsync(settings: SettingsFor(server));
        await web.BookAsync(Seed.Margaret, Seed.At(11));
        await SendAsync(web);
        using var staff = await web.SignInAsync(People.Helen);

        var page = await staff.GetAsync("/practice/messages");
        var row = page.Document.QuerySelectorAll("tbody tr").Single();
        Assert.Contains("Margaret Hughes", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("appointment booked, email to margaret.hughes@example.com", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("No such mailbox", row.TextContent, StringComparison.Ordinal);

        var givenUp = await staff.SubmitAsync(page, "Give up the message to Margaret Hughes, appointment booked, email");
        Assert.Contains("Every message to your patients was sent", givenUp.Main, StringComparison.Ordinal);
        var again = await staff.SubmitAsync(givenUp, "Send again to Margaret Hughes, appointment booked, email");
        Assert.Contains("The message will be sent again in a moment.", again.Main, StringComparison.Ordinal);
        await SendAsync(web);
        Assert.Single((await staff.GetAsync("/practice/messages")).Document.QuerySelectorAll("tbody tr"));
    }

    [Fact]
    public async Task A_server_that_is_away_delays_the_message_and_does_not_lose_it()
    {
        var away = await SmtpServer.StartAsync();
        var settings = SettingsFor(away);
        await away.DisposeAsync();
        await using var web = await WebHost.StartAsync(settings: settings);
        await web.BookAsync(Seed.Margaret, Seed.At(11));

        await SendAsync(web);

        var message = await EmailAsync(web);
        Assert.Equal((MessageStatus.Waiting, 1), (message.Status, message.Attempts));
        Assert.InRange((message.DueAt ?? default) - web.Time.GetUtcNow(), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40));
        Assert.DoesNotContain("margaret", web.Log.Written, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Two_senders_at_once_send_each_message_once()
    {
        await using var server = await SmtpServer.StartAsync();
        await using var web = await WebHost.StartAsync(settings: SettingsFor(server));
        foreach (var minute in new[] { 0, 15, 30, 45 })
            await web.BookAsync(Seed.Margaret, Seed.At(11, minute));
        var second = ActivatorUtilities.CreateInstance<MessageSender>(web.Services);

        await Task.WhenAll(SendAsync(web), second.SendDueAsync(Cancelled), second.SendDueAsync(Cancelled));
        while ((await DueAsync(web)) > 0)
            await SendAsync(web);

        var taken = new List<string?>();
        for (var mail = 0; mail < 4; mail++)
            taken.Add((await server.NextAsync()).Mail.MessageId);
        Assert.Equal(4, taken.Distinct().Count());
        Assert.Equal(0, server.Waiting);
    }

    [Fact]
    public async Task A_reminder_is_sent_in_its_time_and_not_to_who_does_not_want_it()
    {
        await using var server = await SmtpServer.StartAsync();
        await using var web = await WebHost.StartAsync(settings: SettingsFor(server));
        await web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        await web.BookAsync(Seed.Mohammed, Seed.AmarasTomorrow.Slots[1]);
        await web.WithAsync<ReminderChoices, bool>(choices => choices.ChooseAsync(Actor.For(Seed.Mohammed), Seed.Mohammed.Id, ReminderWay.None, Cancelled));
        await SendAsync(web);
        _ = await server.NextAsync();
        _ = await server.NextAsync();
        web.Time.SetUtcNow(Seed.AmarasTomorrow.Slots[1].Start.AddHours(-1));

        await Sender(web).QueueRemindersAsync(Cancelled);
        while ((await DueAsync(web)) > 0)
            await SendAsync(web);

        var reminder = await server.NextAsync();
        Assert.Equal("Reminder: your appointment on Tuesday 3 March 2026 at 9am", reminder.Mail.Subject);
        Assert.Equal(["margaret.hughes@example.com"], reminder.To);
        Assert.Equal(0, server.Waiting);
    }

    [Fact]
    public async Task Who_has_no_mobile_number_gets_no_text_and_nothing_fails()
    {
        await using var web = await WebHost.StartAsync();
        await web.BookAsync(Seed.Wilma, Seed.RowansMorning.Slots[3]);
        await web.WithAsync<ClinicalDbContext, int>(db => db.Patients.IgnoreQueryFilters().ExecuteUpdateAsync(set => set.SetProperty(row => row.Phone, "01632 960999"), Cancelled));

        await SendAsync(web);

        var messages = await web.WithAsync<ClinicalDbContext, List<Message>>(db => db.Messages.IgnoreQueryFilters().OrderBy(row => row.Channel).ToListAsync(Cancelled));
        Assert.Equal([(MessageStatus.Sent, null), (MessageStatus.NotNeeded, "There is no mobile phone number.")], messages.Select(message => (message.Status, message.Problem)));
    }

    [Fact]
    public async Task Messages_of_another_practice_are_not_found_by_staff()
    {
        await using var web = await WebHost.StartAsync();
        await web.BookAsync(Seed.Margaret, Seed.At(11));
        await web.WithAsync<ClinicalDbContext, int>(db => db.Messages.IgnoreQueryFilters().ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, MessageStatus.Failed).SetProperty(row => row.DueAt, (DateTimeOffset?)null), Cancelled));
        var message = await EmailAsync(web);
        using var intruder = await web.SignInAsync(People.Imran);
        var page = await intruder.GetAsync("/practice/messages");
        var token = (await intruder.GetAsync("/account/sign-out")).RequestToken ?? "";

        Assert.DoesNotContain("Hughes", page.Text, StringComparison.Ordinal);
        foreach (var handler in new[] { "SendAgain", "GiveUp" })
        {
            var answer = await intruder.PostAsync($"/practice/messages?handler={handler}", new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["message"] = message.Id.ToString() });
            Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        }
        Assert.Equal(MessageStatus.Failed, (await EmailAsync(web)).Status);
    }

    private static Dictionary<string, string?> SettingsFor(SmtpServer server) => new()
    {
        ["Email:Host"] = "localhost",
        ["Email:Port"] = $"{server.Port}",
        ["Email:Security"] = "None",
        ["Email:From"] = "no-reply@riverside.example",
    };

    private static MessageSender Sender(WebHost web) => web.Services.GetRequiredService<MessageSender>();

    private static Task<int> SendAsync(WebHost web) => Sender(web).SendDueAsync(Cancelled);

    private static Task<int> DueAsync(WebHost web) => web.WithAsync<MessageQueue, int>(async queue => (await queue.DueAsync(100, Cancelled)).Count);

    private static Task<Message> EmailAsync(WebHost web) =>
        web.WithAsync<ClinicalDbContext, Message>(db => db.Messages.IgnoreQueryFilters().AsNoTracking().SingleAsync(row => row.Channel == MessageChannel.Email, Cancelled));

    private static string CalendarOf(TakenMail taken) => taken.Mail.BodyParts.OfType<MimeKit.TextPart>().First(part => part.ContentType.MimeType == "text/calendar").Text;

    private static string Line(string file, string name) =>
        file.Split('\n').Select(line => line.Trim()).First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..];
}
