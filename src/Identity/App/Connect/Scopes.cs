namespace Telemedicine.Identity.Connect;

/// <summary>OpenID Connect Core section 5.4.</summary>
public static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";

    public static IReadOnlyList<string> All { get; } = [OpenId, Profile, Email];

    public static string[] Split(string scope) => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Those asked for that exist, in our order; the rest are ignored (OpenID Connect Core section 3.1.2.1).</summary>
    public static string Grantable(string requested)
    {
        var asked = Split(requested);
        return string.Join(' ', All.Where(scope => asked.Contains(scope, StringComparer.Ordinal)));
    }
}
