using Microsoft.AspNetCore.SignalR;

namespace Telemedicine.Signalling.Hubs;

/// <summary>The errors that a client is told of: a code the page can act on, and a sentence that names nobody.</summary>
public static class HubErrors
{
    public static HubException NotAllowed(string sentence) => new($"not-allowed: {sentence}");

    /// <summary>The sign-in behind the ticket has ended.</summary>
    public static HubException SignedOut() => new("signed-out: You have been signed out.");

    /// <summary>The clinician removed this person, and may let them back.</summary>
    public static HubException Removed() => new("removed: The clinician has removed you from this call.");

    /// <summary>The clinician lets nobody new in.</summary>
    public static HubException Locked() => new("locked: The clinician has locked this call. Nobody new can join now.");

    public static HubException NotFound(string sentence) => new($"not-found: {sentence}");

    public static HubException Invalid(string sentence) => new($"invalid: {sentence}");

    public static HubException TooMany(string sentence) => new($"too-many: {sentence}");

    /// <summary>Not here and now. The page tries again by itself, and may reach another node.</summary>
    public static HubException Full(string sentence) => new($"full: {sentence}");

    public static HubException Ended(string sentence) => new($"ended: {sentence}");

    public static HubException Conflict(string sentence) => new($"conflict: {sentence}");
}
