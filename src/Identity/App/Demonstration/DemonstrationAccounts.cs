using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Demonstration;

/// <summary>Makes the demonstration accounts that are not there yet; those that are keep what they have become.</summary>
public sealed partial class DemonstrationAccounts(
    AccountsDbContext database,
    ILookupNormalizer normalizer,
    IPasswordHasher<Account> hasher,
    DemonstrationPeople people,
    Authenticators authenticators,
    ILogger<DemonstrationAccounts> logger)
{
    /// <exception cref="InvalidOperationException">A person has a role that does not exist.</exception>
    public async Task SeedAsync()
    {
        var present = (await database.Users.Select(account => account.Id).ToListAsync()).ToHashSet();
        var missing = people.People.Where(person => !present.Contains(person.Subject)).ToArray();
        if (missing.Length == 0)
            return;

        var roleIds = await database.Roles.ToDictionaryAsync(role => role.Name ?? role.Id.ToString(), role => role.Id);
        string? passwordHash = null;
        foreach (var person in missing)
        {
            if (!roleIds.TryGetValue(person.Role, out var roleId))
                throw new InvalidOperationException($"A demonstration person has the unknown role '{person.Role}'.");
            var account = NewAccount(person);

            // One hash, and so one salt, for all: the password is public, and 26 hashes would take seconds of every first start.
            account.PasswordHash = passwordHash ??= hasher.HashPassword(account, people.Password);
            database.Users.Add(account);
            database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = account.Id, RoleId = roleId });
            if (Authenticators.IsRequiredFor(person.Role))
                database.Authenticators.Add(authenticators.NewAuthenticator(account.Id));
        }

        await database.SaveChangesAsync();
        Seeded(missing.Length);
    }

    private Account NewAccount(DemonstrationPerson person) => new()
    {
        Id = person.Subject,
        GivenName = person.GivenName,
        FamilyName = person.FamilyName,
        UserName = person.Subject.ToString(),
        NormalizedUserName = normalizer.NormalizeName(person.Subject.ToString()),
        Email = person.Email,
        NormalizedEmail = normalizer.NormalizeEmail(person.Email),
        EmailConfirmed = true,
        LockoutEnabled = true,
        SecurityStamp = Guid.NewGuid().ToString("N"),
    };
}
