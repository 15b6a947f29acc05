using System.Text.RegularExpressions;
using Xunit;

namespace Telemedicine.Architecture.Tests;

/// <summary>House rules that a compiler does not know.</summary>
public partial class SourceTests
{
    [Fact]
    public void The_clock_is_read_through_TimeProvider() =>
        AssertNowhere("src", ClockRead(), ".cs");

    [Fact]
    public void Tests_do_not_sleep() =>
        AssertNowhere("tests", Sleep(), ".cs");

    [Fact]
    public void Nothing_catches_every_exception() =>
        AssertNowhere("src", CatchAll(), ".cs");

    [Fact]
    public void No_page_uses_inline_script_or_style() =>
        AssertNowhere("src", InlineCode(), ".cshtml");

    [Fact]
    public void Lock_files_record_no_download_addresses() =>
        Assert.DoesNotContain("\"resolved\": \"http", File.ReadAllText(Path.Combine(Repository.Root, "package-lock.json")), StringComparison.Ordinal);

    [Fact]
    public void Start_up_files_stay_short()
    {
        var tooLong = Repository.Sources("src", "Program.cs").Where(path => File.ReadLines(path).Count() > 110).Select(Repository.Relative);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Page_models_stay_short()
    {
        var tooLong = Repository.Sources("src", ".cshtml.cs").Where(path => File.ReadLines(path).Count() > 140).Select(Repository.Relative);

        Assert.Empty(tooLong);
    }

    private static void AssertNowhere(string folder, Regex pattern, string ending)
    {
        var own = Path.GetFileName(typeof(SourceTests).Name) + ".cs";
        var found = Repository.Sources(folder, ending)
            .Where(path => Path.GetFileName(path) != own)
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
            .Where(at => pattern.IsMatch(at.line))
            .Select(at => $"{Repository.Relative(at.path)}:{at.number}: {at.line.Trim()}");

        Assert.Empty(found);
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b")]
    private static partial Regex ClockRead();

    [GeneratedRegex(@"\bThread\.Sleep\b|\bTask\.Delay\(|WaitForTimeoutAsync")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bcatch\s*(\(Exception(\s+\w+)?\))?\s*(\{.*)?$")]
    private static partial Regex CatchAll();

    [GeneratedRegex("""<script(?![^>]*\bsrc=)[^>]*>|\sstyle="|\son[a-z]+="|<style""", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();
}
