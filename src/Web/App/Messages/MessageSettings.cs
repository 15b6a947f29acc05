using Telemedicine.Mail;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Messages;

/// <param name="Url">Takes one text message a POST.</param>
/// <param name="Key">Sent as a bearer token.</param>
/// <param name="Sender">The name or number that texts come from.</param>
public sealed record TextSettings(Uri Url, string Key, string Sender);

/// <summary>How messages leave. In a demonstration nothing does, whatever is set; elsewhere, what is not set does not leave.</summary>
/// <param name="Region">The country of phone numbers written without a country code.</param>
public sealed record MessageSettings(SmtpSettings? Email, TextSettings? Text, string Region)
{
    public static MessageSettings From(IConfiguration configuration, IHostEnvironment environment, DemonstrationOptions demonstration)
    {
        var region = configuration["Text:Region"] ?? "GB";
        return demonstration.Enabled
            ? new MessageSettings(null, null, region)
            : new MessageSettings(EmailOf(configuration.GetSection("Email"), environment), TextOf(configuration.GetSection("Text"), environment), region);
    }

    private static SmtpSettings? EmailOf(IConfigurationSection email, IHostEnvironment environment) =>
        SmtpSettings.Read(key => email[key], environment.IsProduction(), out var problem) is var settings && problem is null
            ? settings
            : throw new StartRefusedException(problem);

    private static TextSettings? TextOf(IConfigurationSection text, IHostEnvironment environment)
    {
        if (text["Url"] is not { Length: > 0 } address)
            return null;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && (environment.IsProduction() || !url.IsLoopback)))
            throw new StartRefusedException("Text:Url must be an https address.");
        if (text["Key"] is not { Length: > 0 } key || text["Sender"] is not { Length: > 0 } sender)
            throw new StartRefusedException("Text:Key and Text:Sender must be set, as the text message provider gave them.");
        return new TextSettings(url, key, sender);
    }
}
