namespace Telemedicine.Web.Pages.Practice;

/// <summary>Whether somebody who works at the practice can sign in, in words.</summary>
public static class SignInWording
{
    public static string Of(string email, bool hasSignedIn) => (email, hasSignedIn) switch
    {
        (_, true) => "Has signed in.",
        ("", false) => "Does not sign in: no email address.",
        _ => $"Has not signed in yet. Waits for an account with {email}.",
    };
}
