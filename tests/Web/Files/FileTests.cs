using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using SkiaSharp;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Files;
using Telemedicine.Clinical.Guests;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Files;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Files;

/// <summary>Photos and files of an appointment: sent, looked at, kept, given out, and refused.</summary>
public sealed class FileTests : WebTest
{
    [Fact]
    public async Task A_photo_reaches_the_clinician_upright_and_without_the_place_where_it_was_taken()
    {
        var (patient, appointment) = await BookedAsync();
        using var clinician = await Web.SignInAsync(People.Amara);

        var sent = await SendAsync(patient, appointment, Pictures.FromACamera(), "My rash.JPG");
        var file = Assert.Single(await ListAsync(clinician, appointment));
        var download = await clinician.GetAsync(Url(file));

        Assert.Equal(HttpStatusCode.NoContent, sent.Status);
        Assert.Equal("My rash.jpg", file.GetProperty("name").GetString());
        Assert.Contains("Sent by Margaret Hughes", file.GetProperty("details").GetString(), StringComparison.Ordinal);
        Assert.Contains("Not scanned for viruses.", file.GetProperty("details").GetString(), StringComparison.Ordinal);
        var content = await download.Response.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.DoesNotContain("HOME", Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        using var picture = SKBitmap.Decode(content);
        Assert.Equal((32, 64), (picture.Width, picture.Height));
        // Turned a quarter to the right, the left half is the upper one.
        Assert.True(picture.GetPixel(16, 8) is { Red: > 200, Blue: < 60 }, picture.GetPixel(16, 8).ToString());
        Assert.True(picture.GetPixel(16, 56) is { Red: < 60, Blue: > 200 }, picture.GetPixel(16, 56).ToString());
    }

    [Fact]
    public async Task A_file_is_only_ever_given_out_to_be_saved()
    {
        var (patient, appointment) = await BookedAsync();
        await SendAsync(patient, appointment, Pictures.Pdf, "letter.pdf");

        var download = await patient.GetAsync(Url(Assert.Single(await ListAsync(patient, appointment))));

        Assert.Equal(Pictures.Pdf, await download.Response.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal("application/pdf", download.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=letter.pdf; filename*=UTF-8''letter.pdf", download.Response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("nosniff", download.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.EndsWith("; sandbox", download.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(download.Response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task What_is_kept_cannot_be_read_without_its_key_nor_as_another_file()
    {
        var (patient, appointment) = await BookedAsync();
        await SendAsync(patient, appointment, Pictures.Pdf, "one.pdf");
        await SendAsync(patient, appointment, Pictures.Pdf, "two.pdf");
        var files = await ListAsync(patient, appointment);
        await using var connection = new SqliteConnection(Web.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await using (var read = connection.CreateCommand())
        {
            read.CommandText = "SELECT Encrypted FROM SharedFileContents";
            await using var rows = await read.ExecuteReaderAsync(Cancelled);
            while (await rows.ReadAsync(Cancelled))
                Assert.DoesNotContain("Margaret", Encoding.Latin1.GetString(rows.GetFieldValue<byte[]>(0)), StringComparison.Ordinal);
        }
        await using (var swap = connection.CreateCommand())
        {
            swap.CommandText = "UPDATE SharedFileContents SET Encrypted = (SELECT Encrypted FROM SharedFileContents ORDER BY FileId LIMIT 1)";
            await swap.ExecuteNonQueryAsync(Cancelled);
        }

        HttpStatusCode[] answers = [(await patient.GetAsync(Url(files[0]))).Status, (await patient.GetAsync(Url(files[1]))).Status];

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.InternalServerError], answers.Order());
    }

    public static TheoryData<string, byte[]> Refused => new()
    {
        { "nothing", [] },
        { "one byte", [0xFF] },
        { "a page", "<!doctype html><script>alert(1)</script>"u8.ToArray() },
        { "a drawing with script", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray() },
        { "a program", "MZ\0\0\0\0"u8.ToArray() },
        { "an archive", "PK\u0003\u0004"u8.ToArray() },
        { "a GIF", "GIF89a\u0001\0\u0001\0"u8.ToArray() },
        { "a page that says it is a PDF further down", [.. "<html>"u8, .. Pictures.Pdf] },
        { "an iPhone's own format", "\0\0\0\u0018ftypheic\0\0\0\0"u8.ToArray() },
        { "a page with the head of a JPEG", [0xFF, 0xD8, 0xFF, 0xE0, .. "<script>alert(1)</script>"u8] },
        { "half a photo", Pictures.Make(SKEncodedImageFormat.Jpeg)[..300] },
        { "the head of a PNG alone", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A] },
        { "a bomb", Pictures.Bomb() },
        { "a sound that begins as a WebP does", "RIFF\0\0\0\0WAVE"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_no_photo_and_no_PDF_is_refused_whatever_it_is_called(string what, byte[] content)
    {
        var (patient, appointment) = await BookedAsync();

        var refused = await SendAsync(patient, appointment, content, "photo.jpg");

        Assert.True(refused.Status == HttpStatusCode.BadRequest, what);
        Assert.NotEmpty(Error(refused));
        Assert.Empty(await ListAsync(patient, appointment));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task What_hides_behind_a_picture_does_not_come_along(SKEncodedImageFormat format)
    {
        var (patient, appointment) = await BookedAsync();

        await SendAsync(patient, appointment, [.. Pictures.Make(format), .. "PK\u0003\u0004<script>alert(1)</script>"u8], "picture");
        var download = await patient.GetAsync(Url(Assert.Single(await ListAsync(patient, appointment))));

        var content = await download.Response.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.DoesNotContain("script", Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        using var picture = SKBitmap.Decode(content);
        Assert.Equal((64, 32), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_than_ten_megabytes_are_refused_and_ten_are_taken(bool saysItsLength)
    {
        var (patient, appointment) = await BookedAsync();
        byte[] ten = [.. Pictures.Pdf, .. new byte[SharedFile.MaxBytes - Pictures.Pdf.Length]];

        var more = await SendAsync(patient, appointment, [.. ten, 0], "large.pdf", saysItsLength: saysItsLength);
        var enough = await SendAsync(patient, appointment, ten, "large.pdf", saysItsLength: saysItsLength);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, more.Status);
        Assert.Equal("The file must be 10 MB or smaller", Error(more));
        Assert.Equal(HttpStatusCode.NoContent, enough.Status);
        Assert.Equal(SharedFile.MaxBytes, (await (await patient.GetAsync(Url(Assert.Single(await ListAsync(patient, appointment))))).Response.Content.ReadAsByteArrayAsync(Cancelled)).Length);
    }

    [Theory]
    [InlineData("../../../etc/passwd", "passwd.pdf")]
    [InlineData("report.pdf.exe", "report_pdf.pdf")]
    [InlineData("a\"; filename=evil.html", "a_; filename=evil.pdf")]
    [InlineData("line\r\nSet-Cookie: x=1", "lineSet-Cookie_ x=1.pdf")]
    [InlineData("", "document.pdf")]
    public async Task A_name_leads_nowhere_and_says_what_the_file_is(string given, string kept)
    {
        var (patient, appointment) = await BookedAsync();
        await SendAsync(patient, appointment, Pictures.Pdf, given);

        var download = await patient.GetAsync(Url(Assert.Single(await ListAsync(patient, appointment))));

        Assert.Equal(kept, download.Response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.False(download.Response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Nobody_from_outside_of_the_consultation_reaches_its_files()
    {
        var (patient, appointment) = await BookedAsync();
        await SendAsync(patient, appointment, Pictures.Pdf, "letter.pdf");
        var file = Assert.Single(await ListAsync(patient, appointment));
        var own = await Web.BookAsync(Seed.Mohammed, Seed.At(10));
        using var guestOfAnother = await Web.GuestAsync(await Web.BookAsync(Seed.Margaret, Seed.At(11)));

        foreach (var (account, status) in new[] { (People.Mohammed, HttpStatusCode.NotFound), (People.Tomasz, HttpStatusCode.NotFound), (People.Rowan, HttpStatusCode.NotFound), (People.Helen, HttpStatusCode.Forbidden) })
        {
            using var stranger = await Web.SignInAsync(account);
            var token = (await stranger.GetAsync("/account/sign-out")).RequestToken;
            Assert.Equal(status, (await stranger.GetAsync($"/consultations/{appointment}/files")).Status);
            Assert.Equal(status, (await stranger.GetAsync(Url(file))).Status);
            Assert.Equal(status, (await SendAsync(stranger, appointment, Pictures.Pdf, "x.pdf", token)).Status);
            Assert.Equal(status, (await stranger.PostFromScriptAsync($"{Url(file)}/remove", token)).Status);
            Assert.Contains((await stranger.PostFromScriptAsync($"{Url(file)}/show", token)).Status, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
            Assert.Contains((await stranger.GetAsync($"/appointments/{appointment}/files")).Status, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
        }
        // The right person at the wrong appointment.
        using var clinician = await Web.SignInAsync(People.Amara);
        Assert.Equal(HttpStatusCode.NotFound, (await clinician.GetAsync($"/consultations/{own}/files/{file.GetProperty("id").GetString()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await guestOfAnother.GetAsync($"/guest/files/{file.GetProperty("id").GetString()}")).Status);
        Assert.Single(await ListAsync(patient, appointment));
    }

    [Fact]
    public async Task Without_the_pages_token_nothing_is_taken_shown_or_removed()
    {
        var (patient, appointment) = await BookedAsync();
        await SendAsync(patient, appointment, Pictures.Make(SKEncodedImageFormat.Png), "photo.png");
        var file = Assert.Single(await ListAsync(patient, appointment));
        using var clinician = await Web.SignInAsync(People.Amara);

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(patient, appointment, Pictures.Pdf, "x.pdf", token: "")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await patient.PostFromScriptAsync($"{Url(file)}/remove", null)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await clinician.PostFromScriptAsync($"{Url(file)}/show", null)).Status);
        Assert.Single(await ListAsync(patient, appointment));
    }

    [Fact]
    public async Task A_guest_sends_files_and_sees_of_the_others_only_what_was_shown_to_all()
    {
        var (patient, appointment) = await BookedAsync();
        await SendAsync(patient, appointment, Pictures.Make(SKEncodedImageFormat.Png), "photo.png");
        var photo = Assert.Single(await ListAsync(patient, appointment));
        var id = photo.GetProperty("id").GetString();
        using var guest = await Web.GuestAsync(appointment, GuestRole.Interpreter);
        using var clinician = await Web.SignInAsync(People.Amara);

        Assert.Equal(HttpStatusCode.NotFound, (await guest.GetAsync($"/guest/files/{id}")).Status);
        var shown = await clinician.PostFromScriptAsync($"{Url(photo)}/show", (await clinician.GetAsync($"/clinics/consultations/{appointment}")).RequestToken);
        var sent = await PostAsync(guest, "/guest/files", Pictures.Pdf, "words.pdf", (await guest.GetAsync("/guest/call")).RequestToken);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (shown.Status, sent.Status));
        Assert.Equal(HttpStatusCode.OK, (await guest.GetAsync($"/guest/files/{id}")).Status);
        Assert.Equal(["photo.png", "words.pdf"], (await ListAsync(clinician, appointment)).Select(file => file.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_patient_sends_and_takes_back_a_photo_on_a_page_without_script()
    {
        var (patient, appointment) = await BookedAsync();
        var details = await patient.GetAsync($"/appointments/{appointment}");
        var page = await patient.GetAsync(details.Link("Send photos or files"));

        var missing = await PostFormAsync(patient, page, null, "");
        var wrong = await PostFormAsync(patient, page, "GIF89a"u8.ToArray(), "holiday.gif");
        var large = await PostFormAsync(patient, page, [.. Pictures.Pdf, .. new byte[SharedFile.MaxBytes]], "large.pdf");
        var sent = await PostFormAsync(patient, page, Pictures.FromACamera(), "knee.jpg");

        Assert.Contains("up to 10 MB", page.Main, StringComparison.Ordinal);
        Assert.All([missing, wrong, large], refused => Assert.Equal(HttpStatusCode.BadRequest, refused.Status));
        Assert.Equal([("Choose a photo or a PDF", "#Upload")], missing.Errors);
        Assert.Equal([("The file must be a photo (JPEG, PNG or WebP) or a PDF", "#Upload")], wrong.Errors);
        Assert.Equal([("The file must be 10 MB or smaller", "#Upload")], large.Errors);
        Assert.Contains("The file was sent.", sent.Text, StringComparison.Ordinal);
        Assert.Contains("knee.jpg", sent.Main, StringComparison.Ordinal);

        var removed = await patient.SubmitAsync(sent, "Remove knee.jpg");

        Assert.Contains("There are no files yet.", removed.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_stand_in_the_record_of_both_afterwards()
    {
        var (patient, appointment) = await BookedAsync();
        await SendAsync(patient, appointment, Pictures.Pdf, "letter.pdf");
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        using var clinician = await Web.SignInAsync(People.Amara);
        await clinician.SubmitAsync(await clinician.GetAsync($"/clinics/consultations/{appointment}"), "Yes, finish the consultation", ("Note", "Advice given"));

        foreach (var (browser, address) in new[] { (patient, $"/consultations/{appointment}/outcome"), (clinician, $"/clinics/consultations/{appointment}") })
        {
            var page = await browser.GetAsync(address);
            var link = Assert.Single(page.Document.QuerySelectorAll("main a"), a => a.TextContent == "letter.pdf");
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link.GetAttribute("href") ?? "")).Status);
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(patient, appointment, Pictures.Pdf, "late.pdf")).Status);
    }

    [Fact]
    public async Task A_carer_reaches_files_only_if_they_may_join()
    {
        var (patient, appointment) = await BookedAsync();
        await SendAsync(patient, appointment, Pictures.Pdf, "letter.pdf");
        var sees = await Web.AddCarerAsync(People.Grace, CarerRights.SeeAppointments);
        using var grace = await Web.SignInAsync(People.Grace);
        Assert.Equal(HttpStatusCode.Forbidden, (await grace.GetAsync($"/acting-for/{sees}/consultations/{appointment}/files")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await grace.GetAsync($"/acting-for/{sees}/appointments/{appointment}/files")).Status);
        await Web.WithAsync<CarerService, WithdrawOutcome>(carers => carers.WithdrawAsync(Clinical.Practices.Actor.For(Seed.Margaret), sees, null, CancellationToken.None));
        var joins = await Web.AddCarerAsync(People.Grace, CarerRights.JoinConsultations);

        var file = Assert.Single(await FilesAsync(grace, $"/acting-for/{joins}/consultations/{appointment}/files"));

        Assert.StartsWith($"/acting-for/{joins}/consultations/", Url(file), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await grace.GetAsync(Url(file))).Status);
        Assert.Equal(HttpStatusCode.OK, (await grace.GetAsync($"/acting-for/{joins}/appointments/{appointment}/files")).Status);
    }

    [Fact]
    public async Task The_call_is_told_and_the_log_says_no_name_of_a_file()
    {
        var (patient, appointment) = await BookedAsync();

        await SendAsync(patient, appointment, Pictures.Pdf, "Margaret's secret.pdf");

        await Web.Signalling.NextAsync(Cancelled);
        Assert.Contains(Web.Signalling.Received, received => received.Command.Type == ClinicCommandType.FilesChanged && received.Command.Consultation == new ConsultationId(appointment.Value));
        Assert.DoesNotContain(Web.Log.Entries.Where(entry => entry.IsWritten), entry => $"{entry.Message} {entry.State}".Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost:3310")]
    [InlineData("http://127.0.0.1:3310")]
    [InlineData("tcp://127.0.0.1")]
    [InlineData("unix:clamd.ctl")]
    public void A_scanner_that_is_set_wrongly_stops_the_start(string address)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(FileSettings.Setting, address)]).Build();

        var refused = Assert.Throws<StartRefusedException>(() => FileSettings.From(configuration));

        Assert.Contains(FileSettings.Setting, refused.Message, StringComparison.Ordinal);
    }

    private async Task<(Browser Patient, AppointmentId Appointment)> BookedAsync()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        return (await Web.SignInAsync(People.Margaret), appointment);
    }

    internal static async Task<Page> SendAsync(Browser browser, AppointmentId appointment, byte[] content, string name, string? token = null, bool saysItsLength = true) =>
        await PostAsync(browser, $"/consultations/{appointment}/files", content, name, token ?? (await browser.GetAsync("/account/sign-out")).RequestToken, saysItsLength);

    private static Task<Page> PostAsync(Browser browser, string address, byte[] content, string name, string? token, bool saysItsLength = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Browser.Web, address)) { Content = saysItsLength ? new ByteArrayContent(content) : new StreamContent(new Endless(content)) };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add(FileEndpoints.NameHeader, Uri.EscapeDataString(name));
        if (!string.IsNullOrEmpty(token))
            request.Headers.Add("RequestVerificationToken", token);
        return browser.SendAsync(request, follow: false);
    }

    private static Task<Page> PostFormAsync(Browser browser, Page page, byte[]? content, string name)
    {
        var form = new MultipartFormDataContent { { new StringContent(page.RequestToken ?? ""), "__RequestVerificationToken" } };
        if (content is not null)
            form.Add(new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } }, "Upload", name);
        return browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, page.Address) { Content = form });
    }

    internal static Task<IReadOnlyList<JsonElement>> ListAsync(Browser browser, AppointmentId appointment) => FilesAsync(browser, $"/consultations/{appointment}/files");

    private static async Task<IReadOnlyList<JsonElement>> FilesAsync(Browser browser, string address)
    {
        var answer = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. JsonDocument.Parse(answer.Text).RootElement.GetProperty("files").EnumerateArray()];
    }

    private static string Url(JsonElement file) => file.GetProperty("url").GetString() ?? "";

    internal static string Error(Page page) => JsonDocument.Parse(page.Text).RootElement.GetProperty("error").GetString() ?? "";

    /// <summary>Does not say how long it is.</summary>
    private sealed class Endless(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
