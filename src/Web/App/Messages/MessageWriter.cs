using System.Globalization;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Messages;

/// <summary>Subject and text of a message, as its reader will see it. A text message has no subject.</summary>
public sealed record MessageText(string Subject, string Body);

/// <summary>
/// Writes messages from the Liquid templates beside this file: Kind.email, whose first line is the subject, and Kind.text. The parts that several share are templates
/// too, filled in first.
/// </summary>
public sealed partial class MessageWriter(LinkGenerator links, WebOptions web)
{
    /// <summary>Longer names are cut: in a text message each one would cost another.</summary>
    private const int LongestNameInText = 40;
    private const int LongestSubject = 200;

    private static readonly string[] Parts = ["facts", "join", "cancel", "ending"];

    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    private readonly Dictionary<string, IFluidTemplate> _templates = Load();

    public MessageText Write(MessageKind kind, MessageChannel channel, MessageTopic topic)
    {
        var context = ContextOf(topic, channel);
        foreach (var part in Parts)
            context.SetValue(part, new StringValue(_templates[part].Render(context).Trim()));
        if (channel == MessageChannel.Text)
            return new MessageText(string.Empty, OneLine(_templates[$"{kind}.text"].Render(context)));
        var written = _templates[$"{kind}.email"].Render(context).Trim();
        var end = written.IndexOf('\n', StringComparison.Ordinal);
        return new MessageText(Cut(OneLine(written[..end]), LongestSubject), ManyBlankLines().Replace(written[end..].Trim(), "\n\n") + "\n");
    }

    /// <summary>The page that a message leads to.</summary>
    public Uri LinkOf(MessageTopic topic) => topic switch
    {
        { Facts.Details.Path: { } path } => Absolute(path),
        { HasAccount: false, JoinPath: { } path } => Absolute(path),
        { Appointment: { } appointment } => PageOf("/Appointments/Details", new { id = appointment }),
        _ => PageOf("/Appointments/Index"),
    };

    private TemplateContext ContextOf(MessageTopic topic, MessageChannel channel)
    {
        var longest = channel == MessageChannel.Text ? LongestNameInText : int.MaxValue;
        var context = new TemplateContext { CultureInfo = English };
        string? Name(string? name) => name is null ? null : Cut(OneLine(name), longest);
        void Set(string name, string? value) => context.SetValue(name, value is null ? NilValue.Instance : new StringValue(value));
        Set("name", Name(topic.Name));
        Set("patient", Name(topic.PatientName));
        Set("practice", Name(topic.PracticeName));
        Set("phone", topic.PracticePhone);
        Set("service", Name(topic.ServiceName));
        Set("practitioner", Name(topic.PractitionerName));
        Set("channel", topic.Facts.Channel?.ToString());
        Set("how", topic.Facts.Channel?.Channel());
        Set("when", topic.Start?.DayAndTime());
        Set("previous", topic.PreviousStart?.DayAndTime());
        Set("until", topic.Until?.DayAndTime());
        Set("late_fee", topic.LateFeePence > 0 ? Wording.Price(topic.LateFeePence) : null);
        Set("late_hours", topic.LateNoticeHours.ToString(English));
        Set("reference", topic.Facts.Reference);
        Set("reason", topic.Facts.Details.Reason is { } reason ? OneLine(reason) : null);
        Set("join_link", topic.JoinPath is { } path ? Absolute(path).AbsoluteUri : null);
        Set("guest", topic.Facts.Details.Recipient is null ? null : "yes");
        Set("account", topic.HasAccount ? "yes" : null);
        context.SetValue("not_brought", BooleanValue.Create(topic.Facts.Details.WasNotBrought));
        Set("link", LinkOf(topic).AbsoluteUri);
        Set("check_link", topic.Appointment is { } appointment ? PageOf("/DeviceChecks/Check", new { id = appointment }).AbsoluteUri : null);
        Set("book_link", PageOf("/Booking/Service").AbsoluteUri);
        Set("reminders_link", PageOf("/Appointments/Reminders").AbsoluteUri);
        return context;
    }

    private Uri Absolute(string path) => new(web.PublicUrl, web.PublicUrl.AbsolutePath.TrimEnd('/') + path);

    private Uri PageOf(string page, object? values = null)
    {
        var address = links.GetUriByPage(page, handler: null, values, web.PublicUrl.Scheme, new HostString(web.PublicUrl.Authority), web.PublicUrl.AbsolutePath.TrimEnd('/'));
        return address is null ? throw new InvalidOperationException($"There is no page {page}.") : new Uri(address);
    }

    /// <summary>Whatever a name holds, it starts no new line: neither in a header nor in the text.</summary>
    private static string OneLine(string text) => Unprintable().Replace(text, " ").Trim();

    private static string Cut(string text, int longest) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1), "…");

    private static Dictionary<string, IFluidTemplate> Load()
    {
        var assembly = typeof(MessageWriter).Assembly;
        var parser = new FluidParser();
        return assembly.GetManifestResourceNames().Where(name => Parts.Contains(name) || Enum.GetNames<MessageKind>().Contains(name.Split('.')[0])).ToDictionary(name => name, name =>
        {
            using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The template {name} is missing.");
            using var reader = new StreamReader(stream);
            return parser.Parse(reader.ReadToEnd());
        });
    }

    [GeneratedRegex(@"[\p{Cc}\p{Zl}\p{Zp}\s\u202A-\u202E\u2066-\u2069]+")]
    private static partial Regex Unprintable();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex ManyBlankLines();
}
