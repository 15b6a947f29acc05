using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Realtime;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Start;

public sealed class StartRulesTests
{
    private static readonly string Secret = WebHost.NewKey("a").Secret;

    private static Dictionary<string, string?> Good() => new()
    {
        ["Web:PublicUrl"] = "https://consult.example.org",
        ["Oidc:Authority"] = "https://identity.example.org",
        ["Oidc:ClientId"] = "web",
        ["Oidc:ClientSecret"] = Secret,
        ["Signalling:PublicUrl"] = "https://signalling.example.org",
        ["Signalling:InternalUrl"] = "http://signalling:8080",
        ["SharedKeys:0:Id"] = "2026-03",
        ["SharedKeys:0:Secret"] = Secret,
    };

    [Theory]
    [InlineData("Production")]
    [InlineData("Demonstration")]
    public void Whole_settings_start(string environment) => Assert.Null(Refusal(Good(), environment));

    [Theory]
    [InlineData("Web:PublicUrl", "http://consult.example.org", "Web:PublicUrl")]
    [InlineData("Web:PublicUrl", "http://localhost:5080", "Web:PublicUrl")]
    [InlineData("Web:PublicUrl", null, "Web:PublicUrl")]
    [InlineData("Web:PublicUrl", "ftp://consult.example.org", "Web:PublicUrl")]
    [InlineData("Oidc:Authority", "http://identity.example.org", "Oidc:Authority")]
    [InlineData("Signalling:PublicUrl", "http://signalling.example.org", "Signalling:PublicUrl")]
    [InlineData("Oidc:ClientId", null, "Oidc:ClientId")]
    [InlineData("Oidc:ClientSecret", null, "Oidc:ClientSecret")]
    [InlineData("Oidc:ClientSecret", "short", "Oidc:ClientSecret")]
    [InlineData("Oidc:ClientSecret", "changeme-changeme-changeme-changeme", "Oidc:ClientSecret")]
    [InlineData("SharedKeys:0:Secret", "c2hvcnQ=", "SharedKeys")]
    [InlineData("SharedKeys:0:Secret", "not base64 at all, but long enough to look like a secret", "SharedKeys")]
    [InlineData("SharedKeys:0:Secret", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "SharedKeys")]
    [InlineData("SharedKeys:0:Id", "", "SharedKeys")]
    [InlineData("Demonstration:Enabled", "true", "Demonstration")]
    [InlineData("Oidc:DefaultRole", "administrator", "Oidc:DefaultRole")]
    [InlineData("Oidc:RoleValues:nurse", "b7a1", "Oidc:RoleValues")]
    [InlineData("Oidc:RoleValues:staff", "", "Oidc:RoleValues")]
    [InlineData("Oidc:ClaimNames:sub", "oid", "Oidc:ClaimNames")]
    public void Production_refuses_in_one_sentence_that_names_the_setting(string key, string? value, string named)
    {
        var settings = Good();
        settings[key] = value;

        var refusal = Refusal(settings, "Production");

        Assert.NotNull(refusal);
        Assert.Contains(named, refusal, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
        if (value is { Length: > 0 } && key.Contains("Secret", StringComparison.Ordinal))
            Assert.DoesNotContain(value, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_shared_keys_nothing_starts()
    {
        var settings = Good();
        settings.Remove("SharedKeys:0:Id");
        settings.Remove("SharedKeys:0:Secret");

        Assert.Contains("SharedKeys", Refusal(settings, "Demonstration"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5080", null)]
    [InlineData("http://127.0.0.1:5080", null)]
    [InlineData("http://consult.example.org", "Web:PublicUrl")]
    public void Outside_production_plain_http_is_for_this_machine_only(string address, string? named)
    {
        var settings = Good();
        settings["Web:PublicUrl"] = address;

        var refusal = Refusal(settings, "Demonstration");

        if (named is null)
            Assert.Null(refusal);
        else
            Assert.Contains(named, refusal, StringComparison.Ordinal);
    }

    private static string? Refusal(Dictionary<string, string?> settings, string environment)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        try
        {
            StartRules.Check(WebOptions.From(configuration), SharedKeys.From(configuration).All, configuration, new Named(environment));
            return null;
        }
        catch (StartRefusedException refused)
        {
            return refused.Message;
        }
    }

    private sealed class Named(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Telemedicine.Web";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
