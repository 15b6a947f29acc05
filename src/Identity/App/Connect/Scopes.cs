using Telemedicine.Identity.Clients;

namespace Telemedicine.Identity.Connect;

/// <summary>OpenID Connect Core section 5.4.</summary>
public static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";

    /// <summary>Section 11: refresh tokens.</summary>
    public const string OfflineAccess = "offline_access";

    public static IReadOnlyList<string> All { get; } = [OpenId, Profile, Email, OfflineAccess];

    public static string[] Split(string scope) => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static bool Contains(string scope, string wanted) => Split(scope).Contains(wanted, StringComparer.Ordinal);

    /// <summary>
    /// Those asked for that exist, in our order; the rest are ignored (OpenID Connect Core section 3.1.2.1), and so is offline_access of a
    /// client that may not refresh.
    /// </summary>
    public static string Grantable(string requested, Client client)
    {
        var asked = Split(requested);
        return string.Join(' ', All.Where(scope =>
            asked.Contains(scope, StringComparer.Ordinal) && (scope != OfflineAccess || client.May(GrantTypes.RefreshToken))));
    }
}
