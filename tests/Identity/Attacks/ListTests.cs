using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Telemedicine.Identity.Tests.Attacks;

public sealed partial class ListTests
{
    [Fact]
    public async Task Every_test_that_the_list_of_attacks_names_is_there()
    {
        var here = Folder();
        var list = await File.ReadAllTextAsync(Path.Combine(here, "README.md"), TestContext.Current.CancellationToken);
        var named = TestName().Matches(list).Select(match => match.Groups[1].Value).ToHashSet();
        var sources = string.Concat(new[] { "Identity", "Web", "Signalling" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(here, "../..", project), "*.cs", SearchOption.AllDirectories))
            .Select(File.ReadAllText));

        Assert.True(named.Count > 50, $"{named.Count} are named.");
        Assert.DoesNotContain(named, test => !sources.Contains($" {test}(", StringComparison.Ordinal));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file) ?? throw new InvalidOperationException("The source file has no folder.");

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)`")]
    private static partial Regex TestName();
}
