using System.Text.RegularExpressions;

namespace Telemedicine.Web.Tests.Messages;

/// <summary>How hard a text is to read.</summary>
internal static partial class Readability
{
    /// <summary>The Flesch-Kincaid grade: years of school in America; add 5 for an age.</summary>
    public static double GradeOf(string text)
    {
        var sentences = Ends().Split(text).Count(sentence => Word().IsMatch(sentence));
        var words = Word().Matches(text).Select(word => word.Value).ToList();
        return words.Count == 0 ? 0 : 0.39 * words.Count / sentences + 11.8 * words.Sum(SyllablesOf) / words.Count - 15.59;
    }

    /// <summary>Groups of vowels, without an e that is not spoken.</summary>
    internal static int SyllablesOf(string word)
    {
        var spoken = SilentEnd().Replace(word.ToLowerInvariant(), "");
        return Math.Max(1, Vowels().Count(spoken));
    }

    [GeneratedRegex(@"[.!?:]+(?=\s|$)|\n+")]
    private static partial Regex Ends();

    [GeneratedRegex(@"[A-Za-z][A-Za-z'’]*")]
    private static partial Regex Word();

    [GeneratedRegex("(?<=[aeiouy].*)(?<![aeiouyl])e$|(?<=[aeiouy].*[^aeioudty])ed$|(?<=[aeiouy].*[^aeiouscxz])es$")]
    private static partial Regex SilentEnd();

    [GeneratedRegex("[aeiouy]+")]
    private static partial Regex Vowels();
}
