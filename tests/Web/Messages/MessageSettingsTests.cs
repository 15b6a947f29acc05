using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Messages;

namespace Telemedicine.Web.Tests.Messages;

public sealed class MessageSettingsTests
{
    private static Dictionary<string, string?> Good() => new()
    {
        ["Email:Host"] = "mail.example.org",
        ["Email:From"] = "no-reply@riverside.example",
        ["Email:UserName"] = "web",
        ["Email:Password"] = "a password",
        ["Text:Url"] = "https://texts.example/v1",
        ["Text:Key"] = "a key",
        ["Text:Sender"] = "Riverside",
    };

    [Fact]
    public void Whole_settings_send_by_STARTTLS_at_the_submission_port()
    {
        var settings = From(Good(), "Production");

        Assert.Equal(("mail.example.org", 587, MailKit.Security.SecureSocketOptions.StartTls), (settings.Email?.Host, settings.Email?.Port, settings.Email?.Security));
        Assert.Equal(("Riverside", "GB"), (settings.Text?.Sender, settings.Region));
    }

    [Theory]
    [InlineData("Email:Host", null, "Email:Host")]
    [InlineData("Email:Port", "0", "Email:Port")]
    [InlineData("Email:From", null, "Email:From")]
    [InlineData("Email:From", "nobody", "Email:From")]
    [InlineData("Email:Security", "Perhaps", "Email:Security")]
    [InlineData("Email:Security", "None", "Email:Security")]
    [InlineData("Email:Password", null, "Email:Password")]
    [InlineData("Email:AuthorityFile", "/nowhere.pem", "Email:AuthorityFile")]
    [InlineData("Text:Url", "http://texts.example/v1", "Text:Url")]
    [InlineData("Text:Key", null, "Text:Key")]
    [InlineData("Text:Sender", "", "Text:Sender")]
    public void Production_refuses_in_one_sentence_that_names_the_setting(string key, string? value, string named)
    {
        var settings = Good();
        settings[key] = value;

        var refusal = Assert.Throws<StartRefusedException>(() => From(settings, "Production")).Message;

        Assert.Contains(named, refusal, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("a password", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_practice_may_do_without_text_messages_and_development_without_any()
    {
        var settings = Good();
        settings.Remove("Text:Url");

        Assert.Null(From(settings, "Production").Text);
        Assert.Null(From([], "Development").Email);
    }

    [Fact]
    public void In_a_demonstration_nothing_leaves_whatever_is_set()
    {
        var settings = From(Good(), "Demonstration", demonstration: true);

        Assert.Equal((null, null), (settings.Email, settings.Text));
    }

    private static MessageSettings From(Dictionary<string, string?> settings, string environment, bool demonstration = false) =>
        MessageSettings.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new Named(environment), new DemonstrationOptions { Enabled = demonstration });

    private sealed class Named(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Telemedicine.Web";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
