namespace Telemedicine.Web.SignIn;

public sealed partial class OidcHandler
{
    [LoggerMessage(1001, LogLevel.Information, "Sign-in refused: {Failure}")]
    private static partial void LogSignInFailed(ILogger logger, SignInFailure failure);

    [LoggerMessage(1002, LogLevel.Warning, "ID token refused: {Reason}")]
    private static partial void LogIdTokenRefused(ILogger logger, string? reason);

    [LoggerMessage(1003, LogLevel.Error, "The sign-in provider's discovery document cannot be read: {Reason}")]
    private static partial void LogProviderUnavailable(ILogger logger, string reason);

    [LoggerMessage(1004, LogLevel.Error, "The sign-in provider's discovery document names another issuer than Oidc:Authority")]
    private static partial void LogWrongIssuer(ILogger logger);
}
