namespace Telemedicine.Identity.Connect;

/// <summary>Error codes, with the section that defines each.</summary>
public static class OAuthErrors
{
    // RFC 6749 sections 4.1.2.1 and 5.2.
    public const string InvalidRequest = "invalid_request";
    public const string InvalidClient = "invalid_client";
    public const string InvalidGrant = "invalid_grant";
    public const string InvalidScope = "invalid_scope";
    public const string AccessDenied = "access_denied";
    public const string UnsupportedResponseType = "unsupported_response_type";
    public const string UnauthorizedClient = "unauthorized_client";
    public const string UnsupportedGrantType = "unsupported_grant_type";
    public const string TemporarilyUnavailable = "temporarily_unavailable";

    // OpenID Connect Core section 3.1.2.6.
    public const string LoginRequired = "login_required";
    public const string ConsentRequired = "consent_required";
    public const string RequestNotSupported = "request_not_supported";
    public const string RequestUriNotSupported = "request_uri_not_supported";
    public const string RegistrationNotSupported = "registration_not_supported";

    // RFC 6750 section 3.1.
    public const string InvalidToken = "invalid_token";
}
