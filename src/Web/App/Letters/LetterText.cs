namespace Telemedicine.Web.Letters;

/// <summary>A paragraph, or a list of what began with a dash.</summary>
public sealed record LetterBlock(bool IsList, IReadOnlyList<string> Lines)
{
    /// <summary>A letter's text as its writer laid it out: each line a paragraph, lines that begin with "-", "•" or "*" a list.</summary>
    public static IReadOnlyList<LetterBlock> Of(string text)
    {
        var blocks = new List<LetterBlock>();
        var items = new List<string>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Append(""))
        {
            if (line is ['-' or '•' or '*', ' ', .. var item] && item.Trim().Length > 0)
            {
                items.Add(item.Trim());
                continue;
            }
            if (items.Count > 0)
                blocks.Add(new LetterBlock(IsList: true, [.. items]));
            items.Clear();
            if (line.Length > 0)
                blocks.Add(new LetterBlock(IsList: false, [line]));
        }
        return blocks;
    }
}
