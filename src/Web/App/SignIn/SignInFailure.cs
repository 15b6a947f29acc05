namespace Telemedicine.Web.SignIn;

/// <summary>Why a sign-in did not happen, for the log. People are told less.</summary>
public enum SignInFailure
{
    /// <summary>The callback was not a GET.</summary>
    WrongMethod,

    /// <summary>The state is absent or was not made by us.</summary>
    State,

    /// <summary>The request was not made by this browser.</summary>
    Correlation,

    /// <summary>The person took longer than the sign-in may last.</summary>
    TooLate,

    /// <summary>The answer names another provider, or none where it must.</summary>
    Issuer,

    /// <summary>The person chose not to sign in.</summary>
    Declined,

    /// <summary>The provider answered with an error.</summary>
    ProviderError,

    /// <summary>The code is absent or the provider would not take it.</summary>
    Code,

    /// <summary>The ID token is not valid.</summary>
    IdToken,

    /// <summary>The provider would not tell about the person, or told about another.</summary>
    UserInfo,

    ProviderUnavailable,
}

public sealed class SignInFailedException(SignInFailure failure) : Exception($"Sign-in refused: {failure}")
{
    public SignInFailure Failure { get; } = failure;
}
