using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Telemedicine.Identity.Hosting;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Hosting;

/// <summary>Settings that are right for an environment, to be spoilt one at a time.</summary>
public sealed class SettingsForTests(string environment = "Demonstration")
{
    private readonly Dictionary<string, string?> _values = environment == "Production" ? Production() : Demonstration();

    public static Dictionary<string, string?> Production() => new()
    {
        ["Database:Provider"] = "SqlServer",
        ["ConnectionStrings:Identity"] = "Server=db.example;Database=identity",
        ["Identity:Issuer"] = "https://id.example",
        ["Clients:0:Id"] = "web",
        ["Clients:0:SecretSha256"] = IdentityHost.Sha256Hex("a-production-secret-of-at-least-32-bytes"),
        ["Clients:0:RedirectUris:0"] = "https://consult.example/signin-oidc",
        ["Clients:0:PostLogoutRedirectUris:0"] = "https://consult.example/signout-callback-oidc",
        ["Email:Host"] = "mail.example",
        ["Email:From"] = "no-reply@consult.example",
        ["DataProtection:CertificateFile"] = Certificate.File,
        ["DataProtection:CertificatePassword"] = Certificate.Password,
    };

    /// <summary>Changes settings; null takes one away.</summary>
    public SettingsForTests With(params (string Key, string? Value)[] changes)
    {
        foreach (var (key, value) in changes)
            _values[key] = value;
        return this;
    }

    public ProviderSettings Read()
    {
        Assert.True(ProviderSettings.TryRead(Configuration(), new NamedEnvironment(environment), out var settings, out var problems), string.Join(' ', problems));
        return settings;
    }

    public IReadOnlyList<string> Problems()
    {
        Assert.False(ProviderSettings.TryRead(Configuration(), new NamedEnvironment(environment), out _, out var problems));
        return problems;
    }

    private static Dictionary<string, string?> Demonstration() =>
        IdentityHost.UsualSettings("identity.db").ToDictionary(pair => pair.Key, pair => (string?)pair.Value);

    private IConfigurationRoot Configuration() => new ConfigurationBuilder()
        .AddInMemoryCollection(_values.Where(pair => pair.Value is not null)).Build();

    private sealed class NamedEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Telemedicine.Identity";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
