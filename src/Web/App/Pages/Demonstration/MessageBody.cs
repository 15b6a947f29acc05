using System.Text.RegularExpressions;

namespace Telemedicine.Web.Pages.Demonstration;

/// <summary>The text of a message with its addresses to click on, as mail programs and phones show it.</summary>
public static partial class MessageBody
{
    public static IEnumerable<(string Text, string? Link)> PiecesOf(string? body)
    {
        var text = body ?? string.Empty;
        var at = 0;
        foreach (Match link in Address().Matches(text))
        {
            yield return (text[at..link.Index], null);
            yield return (link.Value, link.Value);
            at = link.Index + link.Length;
        }

        yield return (text[at..].TrimEnd(), null);
    }

    [GeneratedRegex(@"https?://[^\s]*[^\s.,]")]
    private static partial Regex Address();
}
