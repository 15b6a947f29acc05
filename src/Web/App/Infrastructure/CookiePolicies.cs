namespace Telemedicine.Web.Infrastructure;

internal static class CookiePolicies
{
    /// <summary>Always Secure, except where the service itself is reached by http: a demonstration on the same machine.</summary>
    public static CookieSecurePolicy SecureFor(Uri? publicUrl) =>
        publicUrl is { Scheme: "http", IsLoopback: true } ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
}
