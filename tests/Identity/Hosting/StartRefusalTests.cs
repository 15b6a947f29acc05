using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Hosting;

/// <summary>A service that is set up wrongly says so in a plain sentence and does not start.</summary>
public sealed class StartRefusalTests
{
    [Fact]
    public void Right_production_settings_are_accepted()
    {
        var settings = new SettingsForTests("Production").Read();

        Assert.Equal("https://id.example", settings.Issuer);
        Assert.Null(settings.DemonstrationPeopleFile);
    }

    [Theory]
    [InlineData("Demonstration:Enabled", "true", "demonstration accounts have a public password")]
    [InlineData("Identity:Issuer", "http://id.example", "must start with https://")]
    [InlineData("Identity:Issuer", "http://localhost:5081", "must start with https://")]
    [InlineData("Identity:Issuer", "https://id.example/", "with nothing after it")]
    [InlineData("Identity:Issuer", "https://id.example/path", "with nothing after it")]
    [InlineData("Identity:Issuer", "id.example", "with nothing after it")]
    [InlineData("Identity:Issuer", null, "Identity:Issuer is not set")]
    [InlineData("Clients:0:RedirectUris:0", "http://consult.example/signin-oidc", "must start with https://")]
    [InlineData("Clients:0:RedirectUris:0", "http://localhost:5080/signin-oidc", "must start with https://")]
    [InlineData("Clients:0:RedirectUris:0", "https://consult.example/signin-oidc#x", "without a fragment")]
    [InlineData("Clients:0:RedirectUris:0", "/signin-oidc", "absolute address", "must start with https://")]
    [InlineData("Clients:0:RedirectUris:0", "javascript:alert(1)", "must start with https://")]
    [InlineData("Clients:0:RedirectUris:0", null, "list at least one address")]
    [InlineData("Clients:0:PostLogoutRedirectUris:0", "http://consult.example/", "must start with https://")]
    [InlineData("Clients:0:BackChannelLogoutUri", "http://consult.example/signout-backchannel", "must start with https://")]
    [InlineData("Clients:0:BackChannelLogoutUri", "signout-backchannel", "absolute address")]
    [InlineData("Clients:0:InitiateLoginUri", "/account/sign-in", "absolute address", "must start with https://")]
    [InlineData("Email:Host", null, "Email:Host must be set")]
    [InlineData("Email:Port", "0", "number of a port")]
    [InlineData("Email:From", "nobody", "address that emails come from")]
    [InlineData("Email:Security", "Perhaps", "StartTls, Tls or None")]
    [InlineData("Email:Security", "None", "must not be None")]
    [InlineData("Email:UserName", "identity", "must be set together")]
    [InlineData("Email:AuthorityFile", "no-such-file.pem", "cannot be opened")]
    [InlineData("RateLimits:EmailsPerMinute", "0", "above 0")]
    [InlineData("Clients:0:SecretSha256", null, "Clients:0:SecretSha256 is not set")]
    [InlineData("Clients:0:SecretSha256", "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "well-known secret")]
    [InlineData("Clients:0:SecretSha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "well-known secret")]
    [InlineData("Clients:0:SecretSha256", "a-production-secret-of-at-least-32-bytes", "64 hexadecimal digits")]
    [InlineData("Clients:0:GrantTypes", "password", "may hold only these")]
    [InlineData("Clients:0:GrantTypes", "refresh_token", "without authorization_code")]
    [InlineData("Clients:0:JwksFile", "no-such-file.json", "names a file that is not there")]
    [InlineData("Clients:0:Id", null, "Clients:0:Id is not set")]
    [InlineData("Clients:0:IdTokenSigningAlg", "HS256", "must be one of these: ES256, RS256")]
    [InlineData("Clients:0:SubjectType", "secret", "must be public or pairwise")]
    [InlineData("Clients:0:SectorIdentifier", "consult.example", "is for pairwise subjects")]
    [InlineData("Database:Provider", "Oracle", "must be Sqlite or SqlServer")]
    [InlineData("Database:Provider", "1", "must be Sqlite or SqlServer")]
    [InlineData("ConnectionStrings:Identity", null, "ConnectionStrings:Identity is not set")]
    [InlineData("DataProtection:CertificateFile", null, "must be encrypted with a certificate")]
    [InlineData("DataProtection:CertificateFile", "no-such-file.pfx", "names a file that is not there")]
    [InlineData("DataProtection:CertificatePassword", "wrong", "cannot be opened")]
    [InlineData("DataProtection:CertificatePassword", null, "cannot be opened")]
    [InlineData("RateLimits:SignInsPerMinute", "0", "above 0")]
    [InlineData("RateLimits:TokenRequestsPerMinute", "many", "above 0")]
    [InlineData("Identity:TrustedProxies:0", "proxy", "must be an IP address")]
    public void A_wrong_production_setting_is_refused_in_plain_words(string key, string? value, params string[] anyOf)
    {
        var problems = new SettingsForTests("Production").With((key, value)).Problems();

        var problem = Assert.Single(problems);
        Assert.Contains(anyOf, part => problem.Contains(part, StringComparison.Ordinal));
        Assert.Contains(key.Split(':')[0], problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sector_of_several_hosts_must_be_named()
    {
        var settings = new SettingsForTests("Production").With(("Clients:0:SubjectType", "pairwise"), ("Clients:0:RedirectUris:1", "https://another.example/signin-oidc"));

        Assert.Contains("Clients:0:SectorIdentifier must be set", Assert.Single(settings.Problems()), StringComparison.Ordinal);
        Assert.Contains("name of a host", Assert.Single(settings.With(("Clients:0:SectorIdentifier", "https://consult.example")).Problems()), StringComparison.Ordinal);
        Assert.Equal("consult.example", settings.With(("Clients:0:SectorIdentifier", "Consult.example")).Read().Clients[0].PairwiseSector);
    }

    [Theory]
    [InlineData("Id", null, "Federation:0:Id is not set")]
    [InlineData("Id", "Health Login", "lower-case letters, digits and hyphens")]
    [InlineData("Name", null, "Federation:0:Name is not set")]
    [InlineData("Authority", null, "Federation:0:Authority is not set")]
    [InlineData("Authority", "http://login.example", "must start with https://")]
    [InlineData("Authority", "login.example", "absolute address", "must start with https://")]
    [InlineData("ClientId", null, "Federation:0:ClientId is not set")]
    [InlineData("ClientSecret", null, "either ClientSecret or PrivateKeyFile")]
    [InlineData("PrivateKeyFile", "no-such-file.pem", "either ClientSecret or PrivateKeyFile")]
    [InlineData("Scopes", "profile", "must have openid")]
    [InlineData("Roles", "patient nurse", "may hold only these")]
    [InlineData("Roles", "clinician", "makes patients' accounts")]
    [InlineData("Parameters:state", "fixed", "what the client sends itself")]
    [InlineData("ClaimNames:sub", "oid", "other claims than")]
    [InlineData("TwoFactors:acr", "", "one value or more")]
    [InlineData("Requires:vot", " ", "one value or more")]
    public void A_wrong_setting_of_another_provider_is_refused_in_plain_words(string key, string? value, params string[] anyOf)
    {
        var settings = new SettingsForTests("Production");
        foreach (var (name, usual) in OtherProvider.Settings())
            settings = settings.With((name, usual));

        var problem = Assert.Single(settings.With(($"Federation:0:{key}", value)).Problems());

        Assert.Contains(anyOf, part => problem.Contains(part, StringComparison.Ordinal));
        Assert.Single(settings.With(($"Federation:0:{key}", OtherProvider.Settings().GetValueOrDefault($"Federation:0:{key}"))).Read().Federation);
    }

    [Fact]
    public void A_private_key_that_is_none_or_cannot_sign_so_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("identity-tests-key-").FullName;
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "public.pem"), key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(Path.Combine(folder, "no.pem"), "no key at all");
        IReadOnlyList<string> With(string file, string? algorithm = null)
        {
            var settings = new SettingsForTests("Production");
            foreach (var (name, usual) in OtherProvider.Settings())
                settings = settings.With((name, usual));
            return settings.With(("Federation:0:ClientSecret", null)).With(("Federation:0:PrivateKeyFile", Path.Combine(folder, file))).With(("Federation:0:PrivateKeyAlgorithm", algorithm)).Problems();
        }

        Assert.Contains("names a file that is not there", Assert.Single(With("missing.pem")), StringComparison.Ordinal);
        Assert.Contains("must be a private key", Assert.Single(With("no.pem")), StringComparison.Ordinal);
        Assert.Contains("must be a private key", Assert.Single(With("public.pem")), StringComparison.Ordinal);
        Assert.Contains("PrivateKeyAlgorithm", Assert.Single(With("key.pem", "RS256")), StringComparison.Ordinal);
        Assert.Contains("PrivateKeyAlgorithm", Assert.Single(With("key.pem", "HS256")), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_clients_whose_ids_differ_by_case_only_are_refused()
    {
        var problems = new SettingsForTests("Demonstration").With(("Clients:1:Id", "WEB")).Problems();

        Assert.Contains("same as another client's", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_HTTP_to_another_machine_is_refused_in_demonstration_too()
    {
        var problems = new SettingsForTests("Demonstration").With(("Identity:Issuer", "http://id.example")).Problems();

        Assert.Contains("must start with https://", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_people_file_is_refused()
    {
        var problems = new SettingsForTests("Demonstration").With(("Demonstration:PeopleFile", "no-such-file.json")).Problems();

        Assert.Equal("Demonstration:PeopleFile names a file that is not there.", Assert.Single(problems));
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var problems = new SettingsForTests("Production")
            .With(("Identity:Issuer", "http://id.example"), ("Demonstration:Enabled", "true"), ("Database:Provider", null)).Problems();

        Assert.Equal(3, problems.Count);
    }

    [Fact]
    public async Task The_process_prints_the_sentence_and_exits_with_1()
    {
        var values = SettingsForTests.Production();
        values["Demonstration:Enabled"] = "true";

        var (exitCode, output, error) = await RunAsync("Production", values);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Demonstration:Enabled is true, but", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal(string.Empty, output);
    }

    [Fact]
    public async Task Production_refuses_an_old_database_until_the_migrate_command_has_run()
    {
        var folder = Directory.CreateTempSubdirectory("identity-start-").FullName;
        try
        {
            var values = SettingsForTests.Production();
            values["Database:Provider"] = "Sqlite";
            values["ConnectionStrings:Identity"] = $"Data Source={Path.Combine(folder, "identity.db")};Pooling=False";

            var noDatabase = await RunAsync("Production", new(values) { ["ConnectionStrings:Identity"] = $"Data Source={Certificate.File}" });
            var before = await RunAsync("Production", values);
            var migrate = await RunAsync("Production", values, "--migrate");
            var otherCertificate = await RunAsync(
                "Production", new(values) { ["DataProtection:CertificateFile"] = Certificate.Write(Path.Combine(folder, "other.pfx")) });
            await using var database = new SqliteConnection(values["ConnectionStrings:Identity"]);
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = database.CreateCommand();
            command.CommandText = "SELECT (SELECT COUNT(*) FROM Roles), (SELECT COUNT(*) FROM SigningKeys), (SELECT group_concat(Xml) FROM DataProtectionKeys)";
            await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            await row.ReadAsync(TestContext.Current.CancellationToken);

            Assert.Equal(1, noDatabase.ExitCode);
            Assert.StartsWith("The database cannot be opened: ", noDatabase.Error, StringComparison.Ordinal);
            Assert.Equal(1, before.ExitCode);
            Assert.Equal("The database does not have this version's tables: run the service once with --migrate, then start it.", before.Error.Trim());
            Assert.Equal(0, migrate.ExitCode);
            Assert.Equal(1, otherCertificate.ExitCode);
            Assert.Equal(
                "A key in the database cannot be decrypted: start with the certificate that it was stored under.", otherCertificate.Error.Trim());
            Assert.Equal((4, 1), (row.GetInt32(0), row.GetInt32(1)));
            Assert.Contains("<encryptedSecret", row.GetString(2), StringComparison.Ordinal);
            Assert.DoesNotContain("<masterKey", row.GetString(2), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string environment, Dictionary<string, string?> values, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in values)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
