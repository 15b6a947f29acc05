using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Demonstration;

/// <summary>The authenticator app of the demonstration accounts, which nobody has on a phone. Real codes: they are checked as anyone's.</summary>
public sealed class DemonstrationCodes(DemonstrationPeople people, Authenticators authenticators)
{
    public bool Knows(Guid accountId) => people.People.Any(person => person.Subject == accountId);

    /// <returns>Null when those of this half minute are used up.</returns>
    public Task<string?> NextAsync(Guid accountId) => authenticators.NextCodeAsync(accountId);
}
