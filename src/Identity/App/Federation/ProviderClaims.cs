using System.Text.Json;
using Telemedicine.Identity.Emails;
using Telemedicine.Mail;

namespace Telemedicine.Identity.Federation;

/// <summary>Reads what a provider says about a person. It is another's text: what does not look like a name or an address is left out.</summary>
public static class ProviderClaims
{
    public const string GivenName = "given_name";
    public const string FamilyName = "family_name";
    public const string Email = "email";
    public const string EmailVerified = "email_verified";

    private const int NameLength = 100;

    public static IReadOnlyList<string> All { get; } = [GivenName, FamilyName, Email, EmailVerified];

    /// <summary>The person with what is not known of them yet. An address and whether it is theirs come from one place.</summary>
    /// <param name="read">A claim's text by the provider's name for it; null without it.</param>
    public static FederatedPerson With(this FederatedPerson person, FederatedProvider provider, Func<string, string?> read)
    {
        string? Ours(string claim) => read(provider.NameOf(claim))?.Trim();
        var named = person with { GivenName = person.GivenName ?? NameOrNull(Ours(GivenName)), FamilyName = person.FamilyName ?? NameOrNull(Ours(FamilyName)) };
        return person.Email is not null || Ours(Email) is not { Length: > 0 and <= QueuedEmail.AddressLength } email || !Smtp.IsAddress(email)
            ? named
            : named with { Email = email, IsEmailVerified = "true".Equals(Ours(EmailVerified), StringComparison.OrdinalIgnoreCase) };
    }

    /// <summary>A claim of userinfo as text.</summary>
    public static string? TextOf(JsonElement claims, string name) =>
        claims.ValueKind != JsonValueKind.Object || !claims.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.True => "true",
            _ => null,
        };

    private static string? NameOrNull(string? text) => text is { Length: > 0 and <= NameLength } && !text.Any(char.IsControl) ? text : null;
}
