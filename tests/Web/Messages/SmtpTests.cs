using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Security;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Messages;
using Telemedicine.Mail;
using Telemedicine.Web.Messages;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Messages;

/// <summary>Email through a real SMTP server.</summary>
public sealed class SmtpTests
{
    private static readonly OutgoingMessage Message = new(
        MessageId.New(), "margaret.hughes@example.com", "Margaret Hughes", "Riverside Health Centre", "Your appointment on Monday", "Hello Margaret,\n\nÅse will phone.\n",
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", CalendarMethod.Request));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_email_arrives_with_its_text_and_its_calendar_file()
    {
        await using var server = await SmtpServer.StartAsync();

        var delivery = await Carrier(server).CarryAsync(Message, Cancelled);
        var taken = await server.NextAsync();

        Assert.IsType<Delivery.Delivered>(delivery);
        Assert.Equal(("no-reply@riverside.example", "margaret.hughes@example.com"), (taken.From, Assert.Single(taken.To)));
        Assert.Equal("\"Riverside Health Centre\" <no-reply@riverside.example>", taken.Mail.From.ToString());
        Assert.Equal("\"Margaret Hughes\" <margaret.hughes@example.com>", taken.Mail.To.ToString());
        Assert.Equal("Your appointment on Monday", taken.Mail.Subject);
        Assert.Equal($"{Message.Id}@riverside.example", taken.Mail.MessageId);
        Assert.Equal("auto-generated", taken.Mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal(WebHost.Start, taken.Mail.Date);
        Assert.Equal(Message.Body.Trim(), taken.Mail.TextBody?.ReplaceLineEndings("\n").Trim());
        var calendars = taken.Mail.BodyParts.OfType<TextPart>().Where(part => part.ContentType.MimeType == "text/calendar").ToList();
        Assert.Equal(2, calendars.Count);
        Assert.Equal("REQUEST", calendars[0].ContentType.Parameters["method"]);
        Assert.Equal("appointment.ics", calendars[1].FileName);
        Assert.All(calendars, part => Assert.StartsWith("BEGIN:VCALENDAR", part.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Margaret\r\nBcc: evil@example.com")]
    [InlineData("Margaret\nSubject: Other")]
    [InlineData("\"><script>")]
    [InlineData("Nguyễn Thị Minh Khai 阮氏明開 محمد")]
    public async Task No_name_can_add_a_header_or_a_recipient(string name)
    {
        await using var server = await SmtpServer.StartAsync();

        await Carrier(server).CarryAsync(Message with { RecipientName = name, PracticeName = name, Subject = $"For {name}" }, Cancelled);
        var taken = await server.NextAsync();

        Assert.Equal(["margaret.hughes@example.com"], taken.To);
        Assert.Null(taken.Mail.Headers[HeaderId.Bcc]);
        Assert.Single(taken.Mail.To);
        Assert.Single(taken.Mail.Headers, header => header.Id == HeaderId.Subject);
        if (!name.Contains('\n', StringComparison.Ordinal))
            Assert.Equal((name, name, $"For {name}"), (taken.Mail.To.Mailboxes.Single().Name, taken.Mail.From.Mailboxes.Single().Name, taken.Mail.Subject));
    }

    [Fact]
    public async Task A_name_of_two_hundred_characters_is_folded_and_arrives_whole()
    {
        await using var server = await SmtpServer.StartAsync();
        var name = string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausen ", 8)).Trim();

        await Carrier(server).CarryAsync(Message with { RecipientName = name }, Cancelled);

        Assert.Equal(name, (await server.NextAsync()).Mail.To.Mailboxes.Single().Name);
    }

    [Fact]
    public async Task With_STARTTLS_and_a_password_it_is_sent_encrypted()
    {
        using var certificate = new ServerCertificate();
        await using var server = await SmtpServer.StartAsync([.. certificate.Arguments, "--user", "web:secret"]);

        var delivery = await Carrier(server, SecureSocketOptions.StartTls, certificate.Authority, "web", "secret").CarryAsync(Message, Cancelled);

        Assert.IsType<Delivery.Delivered>(delivery);
        Assert.True((await server.NextAsync()).Encrypted);
    }

    [Fact]
    public async Task A_server_that_cannot_prove_who_it_is_or_does_not_encrypt_gets_nothing()
    {
        using var certificate = new ServerCertificate();
        await using var server = await SmtpServer.StartAsync(certificate.Arguments);
        await using var plain = await SmtpServer.StartAsync();

        var untrusted = await Carrier(server, SecureSocketOptions.StartTls).CarryAsync(Message, Cancelled);
        var unencrypted = await Carrier(plain, SecureSocketOptions.StartTls).CarryAsync(Message, Cancelled);

        Assert.IsType<Delivery.TryLater>(untrusted);
        Assert.IsType<Delivery.TryLater>(unencrypted);
        Assert.Equal((0, 0), (server.Waiting, plain.Waiting));
    }

    [Fact]
    public async Task A_wrong_password_is_tried_later()
    {
        using var certificate = new ServerCertificate();
        await using var server = await SmtpServer.StartAsync([.. certificate.Arguments, "--user", "web:secret"]);

        var delivery = await Carrier(server, SecureSocketOptions.StartTls, certificate.Authority, "web", "wrong").CarryAsync(Message, Cancelled);

        Assert.IsType<Delivery.TryLater>(delivery);
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_is_refused_for_good_and_a_busy_server_is_asked_again()
    {
        await using var server = await SmtpServer.StartAsync("--refuse", "gone@example.com", "--defer", "busy@example.com");

        var gone = await Carrier(server).CarryAsync(Message with { Address = "gone@example.com" }, Cancelled);
        var busy = await Carrier(server).CarryAsync(Message with { Address = "busy@example.com" }, Cancelled);
        var nonsense = await Carrier(server).CarryAsync(Message with { Address = "not an address" }, Cancelled);

        Assert.Contains("No such mailbox", Assert.IsType<Delivery.Refused>(gone).Problem, StringComparison.Ordinal);
        Assert.Contains("Try again later", Assert.IsType<Delivery.TryLater>(busy).Problem, StringComparison.Ordinal);
        Assert.IsType<Delivery.Refused>(nonsense);
    }

    [Fact]
    public async Task A_server_that_is_away_is_tried_later()
    {
        var server = await SmtpServer.StartAsync();
        var carrier = Carrier(server);
        await server.DisposeAsync();

        Assert.IsType<Delivery.TryLater>(await carrier.CarryAsync(Message, Cancelled));
    }

    private static SmtpCarrier Carrier(
        SmtpServer server, SecureSocketOptions security = SecureSocketOptions.None, X509Certificate2? authority = null, string? userName = null, string? password = null) =>
        new(new SmtpSettings("localhost", server.Port, security, authority, userName, password, MailboxAddress.Parse("no-reply@riverside.example")), new FakeTimeProvider(WebHost.Start));

    /// <summary>A certificate for localhost that comes from itself, in files.</summary>
    private sealed class ServerCertificate : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("smtp-").FullName;

        public ServerCertificate()
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            File.WriteAllText(Path.Combine(_folder, "certificate.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
            Authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "certificate.pem"));
        }

        public X509Certificate2 Authority { get; }

        public string[] Arguments => ["--certificate", Path.Combine(_folder, "certificate.pem"), "--key", Path.Combine(_folder, "key.pem")];

        public void Dispose()
        {
            Authority.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
