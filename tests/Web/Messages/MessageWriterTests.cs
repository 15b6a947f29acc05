using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Messages;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Messages;

/// <summary>What patients read.</summary>
public sealed partial class MessageWriterTests(SharedWeb shared) : IClassFixture<SharedWeb>
{
    /// <summary>Reading age 11.</summary>
    private const double MaxGrade = 6;

    private static readonly DateTimeOffset Start = new(2026, 6, 9, 9, 20, 0, TimeSpan.FromHours(1));

    private MessageWriter Writer => shared.Web.Services.GetRequiredService<MessageWriter>();

    public static TheoryData<MessageKind, MessageChannel> All
    {
        get
        {
            var all = new TheoryData<MessageKind, MessageChannel>();
            foreach (var kind in Enum.GetValues<MessageKind>())
            {
                foreach (var channel in Enum.GetValues<MessageChannel>())
                    all.Add(kind, channel);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_message_is_as_easy_to_read_as_a_book_for_children_of_eleven(MessageKind kind, MessageChannel channel)
    {
        foreach (var delivery in Enum.GetValues<DeliveryChannel>())
        {
            foreach (var account in new[] { true, false })
                RequireEasy(Writer.Write(kind, channel, Topic(delivery) with { HasAccount = account }).Body);
        }

        static void RequireEasy(string text)
        {
            var prose = Facts().Replace(Link().Replace(text, ""), "");
            Assert.True(Readability.GradeOf(prose) <= MaxGrade, $"Grade {Readability.GradeOf(prose):0.0}:\n{prose}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_link_is_absolute_and_leads_to_a_page(MessageKind kind, MessageChannel channel)
    {
        var browser = await shared.BrowserAsync(People.Margaret);

        var (join, _) = await shared.Web.GuestLinkAsync(shared.Appointment);
        var text = Writer.Write(kind, channel, Topic(DeliveryChannel.Video) with { JoinPath = join });

        var links = Link().Matches(text.Body).Select(link => link.Value).Distinct().ToList();
        Assert.NotEmpty(links);
        Assert.DoesNotMatch(@"(?<!\S)/\w", text.Body);
        foreach (var link in links)
        {
            Assert.StartsWith(WebHost.Origin + "/", link, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link)).Status);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_left_unfilled_and_the_practice_is_named(MessageKind kind, MessageChannel channel)
    {
        var text = Writer.Write(kind, channel, Topic(DeliveryChannel.Telephone));

        Assert.Contains("Riverside Health Centre", text.Body, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[{}]|%\}|: *\n\n\w+:|  ", text.Body);
        Assert.DoesNotContain("\n\n\n", text.Body, StringComparison.Ordinal);
        Assert.Equal(channel == MessageChannel.Text, text.Subject.Length == 0);
        if (channel == MessageChannel.Text)
            Assert.DoesNotContain('\n', text.Body);
    }

    [Theory]
    [InlineData(DeliveryChannel.Video, "How to join", "Sign in and press Join")]
    [InlineData(DeliveryChannel.Telephone, "What to do", "Dr Amara Okafor will phone you")]
    [InlineData(DeliveryChannel.InPerson, "What to do", "Come to Riverside Health Centre 5 minutes before")]
    public void A_booking_and_a_reminder_say_how_to_take_part_how_to_cancel_and_what_it_costs_not_to_come(DeliveryChannel channel, string heading, string how)
    {
        foreach (var kind in new[] { MessageKind.Booked, MessageKind.Reminder, MessageKind.Moved })
        {
            var text = Writer.Write(kind, MessageChannel.Email, Topic(channel)).Body;

            Assert.Contains(heading, text, StringComparison.Ordinal);
            Assert.Contains(how, text, StringComparison.Ordinal);
            Assert.Contains("You can cancel here: https://web.test/appointments/", text, StringComparison.Ordinal);
            Assert.Contains("It costs you no money to cancel, or to miss it.", text, StringComparison.Ordinal);
            Assert.Contains("When: Tuesday 9 June 2026 at 9:20am", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_the_service_asks_for_money_a_reminder_says_how_much_it_costs_not_to_come()
    {
        var topic = Topic(DeliveryChannel.Video) with { LateFeePence = 1050, LateNoticeHours = 48 };

        var email = Writer.Write(MessageKind.Reminder, MessageChannel.Email, topic).Body;
        var text = Writer.Write(MessageKind.Reminder, MessageChannel.Text, topic).Body;

        Assert.Contains("It is free to cancel 48 hours or more before the start. If you cancel later, or do not come, you pay £10.50.", email, StringComparison.Ordinal);
        Assert.Contains("If you do not come, you pay £10.50.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("costs you no money", email, StringComparison.Ordinal);
        Assert.True(Readability.GradeOf(Facts().Replace(Link().Replace(email, ""), "")) <= MaxGrade);
        Assert.InRange(text.Length, 1, 3 * 153);
    }

    [Fact]
    public void A_reminder_says_how_to_stop_reminders()
    {
        foreach (var channel in Enum.GetValues<MessageChannel>())
            Assert.Contains("https://web.test/appointments/reminders", Writer.Write(MessageKind.Reminder, channel, Topic(DeliveryChannel.Video)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_message_tells_neither_the_service_nor_a_reason_and_fits_into_three_parts()
    {
        foreach (var kind in Enum.GetValues<MessageKind>())
        {
            var text = Writer.Write(kind, MessageChannel.Text, Topic(DeliveryChannel.Video)).Body;

            Assert.DoesNotContain("GP consultation", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ill", text.Split(' ', '.'));
            Assert.InRange(text.Length, 1, 3 * 153);
        }
    }

    [Theory]
    [InlineData("Margaret\r\nBcc: evil@example.com\r\n")]
    [InlineData("Margaret\u2028Bcc: evil@example.com")]
    [InlineData("{{ phone }}{% raw %}")]
    [InlineData("محمد إقبال 🙂")]
    public void Whatever_a_name_holds_it_starts_no_new_line_and_fills_in_nothing(string name)
    {
        var topic = Topic(DeliveryChannel.Video) with { Name = name, PracticeName = name, ServiceName = name, PatientName = name };

        var email = Writer.Write(MessageKind.CarerInvitation, MessageChannel.Email, topic);
        var text = Writer.Write(MessageKind.Booked, MessageChannel.Text, topic);

        Assert.DoesNotContain(email.Subject, c => char.IsControl(c));
        Assert.DoesNotContain('\n', text.Body);
        Assert.DoesNotContain(email.Body.Split('\n'), line => line.StartsWith("Bcc", StringComparison.Ordinal));
        if (name.StartsWith('{') || name.StartsWith('م'))
            Assert.Contains($"Hello {name},", email.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_name_is_cut_in_a_subject_and_in_a_text_message_and_never_in_the_middle_of_a_character()
    {
        var name = string.Concat(Enumerable.Repeat("😀", 300));
        var topic = Topic(DeliveryChannel.Video) with { PatientName = name, PracticeName = name };

        var subject = Writer.Write(MessageKind.CarerInvitation, MessageChannel.Email, topic).Subject;
        var text = Writer.Write(MessageKind.Booked, MessageChannel.Text, topic).Body;

        Assert.InRange(subject.Length, 100, 200);
        Assert.True(text.Length < 300);
        Assert.All([subject, text], written => Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(written))));
    }

    [Theory]
    [InlineData("The cat sat on the mat.", -2, 1)]
    [InlineData("Notwithstanding administrative considerations, responsibilities necessitate comprehensive documentation.", 20, 50)]
    public void The_measure_knows_easy_from_hard(string text, double from, double to) => Assert.InRange(Readability.GradeOf(text), from, to);

    private MessageTopic Topic(DeliveryChannel channel)
    {
        var facts = new MessageFacts
        {
            Channel = channel,
            Reference = "K7DM-4XQP",
            Details = new MessageDetails { Reason = "The doctor is ill", Before = TimeSpan.FromDays(1) },
        };
        return new MessageTopic(
            "Margaret Hughes", "Margaret Hughes", "Riverside Health Centre", "01632 960100", "GP consultation", "Dr Amara Okafor",
            Start, Start.AddMinutes(15), Start.AddDays(-1), Start.AddHours(-2), shared.Appointment, facts)
        {
            HasAccount = true,
            JoinPath = $"/join/{new string('a', 64)}",
        };
    }

    [GeneratedRegex(@"https?://[^\s]*[^\s.,]")]
    private static partial Regex Link();

    /// <summary>Names, times and places are what they are.</summary>
    [GeneratedRegex(@"^(When|What|With|How|Reference|Phone): .*$|Riverside Health Centre|Dr Amara Okafor|Margaret Hughes|\w+day \d+ June 2026( at [0-9:]+[ap]m)?", RegexOptions.Multiline)]
    private static partial Regex Facts();
}
