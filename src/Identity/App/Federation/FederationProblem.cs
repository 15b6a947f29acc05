namespace Telemedicine.Identity.Federation;

/// <summary>Why somebody who came with another provider is not signed in.</summary>
public enum FederationProblem
{
    /// <summary>They went back, or said no, there.</summary>
    Cancelled,

    /// <summary>The provider does not answer.</summary>
    Unavailable,

    /// <summary>Its answer breaks a rule of the protocol, or is an error.</summary>
    Refused,

    /// <summary>It did not prove who they are in the way that the settings require.</summary>
    NotEnough,

    /// <summary>It was asked to have them prove anew who they are, and did not.</summary>
    NotAnew,

    /// <summary>Accounts with the role of theirs may not use it.</summary>
    NotForThem,

    Disabled,

    /// <summary>After too many failed attempts at the account.</summary>
    MustWait,
}

/// <summary>The provider's answer signs nobody in.</summary>
public sealed class FederationException(FederationProblem problem) : Exception(problem.ToString())
{
    public FederationProblem Problem => problem;
}
