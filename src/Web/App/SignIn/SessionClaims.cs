using System.Security.Claims;
using System.Text.Json;

namespace Telemedicine.Web.SignIn;

/// <summary>The claims that a session holds: few, since they travel in a cookie.</summary>
public static class SessionClaims
{
    public const string Subject = "sub";
    public const string Session = "sid";
    public const string Name = "name";
    public const string GivenName = "given_name";
    public const string FamilyName = "family_name";
    public const string Email = "email";
    public const string Role = "role";

    /// <summary>Carried from the ID token into the session.</summary>
    internal static readonly string[] Kept = [Subject, Name, GivenName, FamilyName, Email, Session, "acr", "auth_time"];

    /// <summary>Known roles in a claim that is a string or an array of strings.</summary>
    internal static IEnumerable<Claim> RolesIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => RoleOrNone(value.GetString()),
        JsonValueKind.Array => value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).SelectMany(v => RoleOrNone(v.GetString())),
        _ => [],
    };

    internal static IEnumerable<Claim> RoleOrNone(string? role) => role is not null && Roles.All.Contains(role) ? [new Claim(Role, role)] : [];
}

/// <summary>What a person may be, as the provider says.</summary>
public static class Roles
{
    public const string Patient = "patient";
    public const string Clinician = "clinician";
    public const string Staff = "staff";
    public const string Administrator = "administrator";

    public static readonly IReadOnlyList<string> All = [Patient, Clinician, Staff, Administrator];
}
