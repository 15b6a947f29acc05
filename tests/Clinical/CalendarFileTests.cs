using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

/// <summary>Calendar files, read by rule (RFC 5545) and by a parser that is not the one that wrote them.</summary>
public sealed class CalendarFileTests
{
    private static readonly AppointmentId Id = AppointmentId.New();

    private static readonly CalendarEntry Entry = new(
        Id,
        3,
        new DateTimeOffset(2026, 6, 9, 8, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 6, 9, 8, 15, 0, TimeSpan.Zero),
        "GP consultation with Dr Amara Okafor; bring: notes, medicines",
        "Line one\nLine two, with a \\ and a very long tail that goes on for much longer than the seventy-five octets of one line — ありがとうございます",
        "Riverside Health Centre",
        new Uri("https://web.test/appointments/1"),
        ("Riverside Health Centre", "no-reply@riverside.example"),
        ("Margaret Hughes", "margaret@example.com"));

    [Fact]
    public void No_line_is_longer_than_75_octets_and_lines_end_with_CRLF()
    {
        var file = CalendarFile.Write(Entry, CalendarMethod.Request, TestClinic.Morning);

        var lines = file.Split("\r\n");
        Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.All(lines, line => Assert.DoesNotContain('\n', line));
        Assert.Equal("", lines[^1]);
        Assert.Contains(lines, line => line.StartsWith(' '));
    }

    [Theory]
    [InlineData(CalendarMethod.Request, "REQUEST", "CONFIRMED")]
    [InlineData(CalendarMethod.Cancel, "CANCEL", "CANCELLED")]
    [InlineData(CalendarMethod.Publish, "PUBLISH", "CONFIRMED")]
    public async Task Another_parser_reads_what_was_meant(CalendarMethod method, string named, string status)
    {
        var read = await ParseAsync(CalendarFile.Write(Entry, method, TestClinic.Morning));

        Assert.Equal(named, read.GetProperty("method").GetString());
        Assert.Equal(status, read.GetProperty("status").GetString());
        Assert.Equal($"{Id}@web.test", read.GetProperty("uid").GetString());
        Assert.Equal(3, read.GetProperty("sequence").GetInt32());
        Assert.Equal("2026-06-09T07:00:00.000Z", read.GetProperty("stamp").GetString());
        Assert.Equal("2026-06-09T08:00:00.000Z", read.GetProperty("start").GetString());
        Assert.Equal("2026-06-09T08:15:00.000Z", read.GetProperty("end").GetString());
        Assert.Equal(Entry.Summary, read.GetProperty("summary").GetString());
        Assert.Equal(Entry.Description, read.GetProperty("description").GetString());
        Assert.Equal("Riverside Health Centre", read.GetProperty("location").GetString());
        Assert.Equal("https://web.test/appointments/1", read.GetProperty("url").GetString());
        Assert.Equal("mailto:no-reply@riverside.example", read.GetProperty("organizer").GetString());
        Assert.Equal("mailto:margaret@example.com", read.GetProperty("attendee").GetString());
    }

    [Theory]
    [InlineData("2026-03-28T09:00", "2026-03-28T09:00:00.000Z")]
    [InlineData("2026-03-29T09:00", "2026-03-29T08:00:00.000Z")]
    [InlineData("2026-03-29T00:30", "2026-03-29T00:30:00.000Z")]
    [InlineData("2026-10-24T09:00", "2026-10-24T08:00:00.000Z")]
    [InlineData("2026-10-25T09:00", "2026-10-25T09:00:00.000Z")]
    public async Task On_both_sides_of_a_clock_change_the_instant_is_right(string local, string expected)
    {
        var wall = DateTime.ParseExact(local, "yyyy-MM-ddTHH:mm", null);
        var start = PracticeTime.For("Europe/London").At(DateOnly.FromDateTime(wall), TimeOnly.FromDateTime(wall));

        var read = await ParseAsync(CalendarFile.Write(Entry with { Start = start, End = start.AddMinutes(15) }, CalendarMethod.Request, TestClinic.Morning));

        Assert.Equal(expected, read.GetProperty("start").GetString());
    }

    [Theory]
    [InlineData("Name\r\nATTENDEE:mailto:evil@example.com")]
    [InlineData("Quote \" and ; and :")]
    [InlineData("محمد إقبال")]
    public async Task A_name_cannot_add_a_line(string name)
    {
        var read = await ParseAsync(CalendarFile.Write(Entry with { Summary = name, Attendee = (name, "margaret@example.com") }, CalendarMethod.Request, TestClinic.Morning));

        Assert.Equal(1, read.GetProperty("attendees").GetInt32());
        Assert.Equal("mailto:margaret@example.com", read.GetProperty("attendee").GetString());
    }

    /// <summary>Read by Mozilla's ical.js.</summary>
    private static async Task<JsonElement> ParseAsync(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "node_modules", "ical.js")))
            folder = folder.Parent;
        Assert.True(folder is not null, "npm ci has not been run: ical.js reads the calendar files here.");
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder.FullName, "tests", "Clinical", "read-calendar.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        });
        Assert.NotNull(node);
        await node.StandardInput.WriteAsync(file);
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, $"{error}\n{file}");
        return JsonDocument.Parse(output).RootElement;
    }
}
