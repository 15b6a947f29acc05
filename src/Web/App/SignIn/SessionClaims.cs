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
    public const string EmailVerified = "email_verified";
    public const string Role = "role";

    /// <summary>What the provider says about a person, by whatever name; carried from the ID token, or else from userinfo, into the session.</summary>
    internal static readonly string[] Profile = [Name, GivenName, FamilyName, Email, EmailVerified];

    /// <summary>What the ID token says about the sign-in, likewise.</summary>
    internal static readonly string[] OfSignIn = [Subject, Session, "acr", "auth_time"];
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
