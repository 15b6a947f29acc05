using F23.StringSimilarity;

namespace Telemedicine.Clinical.Patients;

/// <summary>How far what was typed is from what was meant.</summary>
internal static class Spelling
{
    private static readonly OptimalStringAlignment Edits = new();

    /// <summary>
    /// The sum of the slips (a wrong, missing, extra or swapped character) between each typed word and the nearest word of a key; null if one of them is too far
    /// from all: in words of three characters or fewer none is near enough, in longer ones 1, from six on 2, from twelve on 3.
    /// </summary>
    public static int? Slips(IReadOnlyList<string> typed, string key)
    {
        var words = key.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var sum = 0;
        foreach (var word in typed)
        {
            var nearest = words.Select(other => other.StartsWith(word, StringComparison.Ordinal) ? 0 : (int)Edits.Distance(word, other)).DefaultIfEmpty(int.MaxValue).Min();
            if (nearest > (word.Length < 4 ? 0 : Math.Min(3, 1 + (word.Length / 6))))
                return null;
            sum += nearest;
        }

        return sum;
    }
}
