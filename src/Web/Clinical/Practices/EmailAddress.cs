using System.Net.Mail;

namespace Telemedicine.Clinical.Practices;

/// <summary>An email address as people type it.</summary>
public static class EmailAddress
{
    /// <summary>Characters; RFC 5321 section 4.5.3.1.3.</summary>
    public const int Length = 254;

    /// <summary>One address and nothing else: no name, no list, nothing that could begin another header.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 2 and <= Length && !text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || character is '<' or '>' or ',')
        && MailAddress.TryCreate(text, out var address) && address.Address == text;

    /// <summary>As it is compared: whoever reads ruth@example.com reads Ruth@Example.com too.</summary>
    public static string Normal(string address) => address.Trim().ToLowerInvariant();
}
