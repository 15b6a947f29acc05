using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Administration;

/// <summary>What an administrator sees and does of other people's accounts. Every act is in the <see cref="AuditLog"/>; none is for one's own account.</summary>
public sealed class AccountAdministration(
    AccountsDbContext database, AuditLog audit, Sessions sessions, Authenticators authenticators, Passkeys passkeys, EmailOutbox outbox, LogoutNotices notices, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>At most so many accounts are listed.</summary>
    public const int Most = 100;

    private const int MostWords = 5;

    /// <summary>Who works for the practice; or, of everybody, those whose name or address contains the text.</summary>
    public async Task<IReadOnlyList<ManagedAccount>> ListAsync(string? text, CancellationToken cancellationToken)
    {
        var accounts = Managed();
        if (string.IsNullOrWhiteSpace(text))
        {
            accounts = accounts.Where(account => account.Role != Roles.Patient && account.Role != null);
        }
        else
        {
            var address = normalizer.NormalizeEmail(text.Trim());
            var named = Managed();
            foreach (var beginning in text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MostWords).Select(BeginningWith))
                named = named.Where(account => EF.Functions.Like(account.GivenName, beginning, @"\") || EF.Functions.Like(account.FamilyName, beginning, @"\"));
            accounts = text.Contains('@', StringComparison.Ordinal) ? accounts.Where(account => account.NormalizedEmail == address) : named;
        }

        return await accounts.OrderBy(account => account.FamilyName).ThenBy(account => account.GivenName).Take(Most).ToListAsync(cancellationToken);
    }

    public Task<ManagedAccount?> FindAsync(Guid accountId, CancellationToken cancellationToken) =>
        Managed().SingleOrDefaultAsync(account => account.Id == accountId, cancellationToken);

    public Task<Dictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> accountIds, CancellationToken cancellationToken) =>
        database.Users.Where(account => accountIds.Contains(account.Id))
            .ToDictionaryAsync(account => account.Id, account => account.GivenName + " " + account.FamilyName, cancellationToken);

    /// <summary>What the person is to the practice from now on. They sign in anew, so that applications learn of it.</summary>
    /// <returns>False when they are that already, or there is no such account.</returns>
    public async Task<bool> ChangeRoleAsync(Guid actor, ManagedAccount account, string role, string reason)
    {
        Guard(actor, account);
        var roleId = await database.Roles.Where(row => row.Name == role).Select(row => row.Id).SingleAsync(CancellationToken.None);
        return await DoAsync(actor, account, AdministrationAct.RoleChanged, $"{account.Role ?? "none"} to {role}", reason, async () =>
        {
            if (await database.UserRoles.AnyAsync(row => row.UserId == account.Id && row.RoleId == roleId, CancellationToken.None))
                return false;
            await database.UserRoles.Where(row => row.UserId == account.Id).ExecuteDeleteAsync(CancellationToken.None);
            database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = account.Id, RoleId = roleId });
            return true;
        });
    }

    /// <summary>Nobody signs in with the account until it is enabled again, and who is signed in is not any more.</summary>
    public Task<bool> DisableAsync(Guid actor, ManagedAccount account, string reason)
    {
        Guard(actor, account);
        var now = clock.GetUtcNow();
        return DoAsync(actor, account, AdministrationAct.Disabled, null, reason, async () =>
            await database.Users.Where(row => row.Id == account.Id && row.DisabledAt == null)
                .ExecuteUpdateAsync(row => row.SetProperty(disabled => disabled.DisabledAt, now), CancellationToken.None) == 1);
    }

    public Task<bool> EnableAsync(Guid actor, ManagedAccount account, string reason)
    {
        Guard(actor, account);
        return audit.RecordAsync(actor, account.Id, AdministrationAct.Enabled, null, reason, async () =>
            await database.Users.Where(row => row.Id == account.Id && row.DisabledAt != null)
                .ExecuteUpdateAsync(row => row.SetProperty(enabled => enabled.DisabledAt, (DateTimeOffset?)null), CancellationToken.None) == 1);
    }

    /// <summary>
    /// For who lost their app and their recovery codes, or a phone with a passkey: takes the app, the codes and all passkeys away. Who must
    /// have an app sets a new one up at the next sign-in.
    /// </summary>
    public async Task<bool> ResetAuthenticatorAsync(Guid actor, ManagedAccount account, string reason)
    {
        Guard(actor, account);
        var detail = account.Passkeys == 0 ? null : $"and passkeys removed: {account.Passkeys}";
        var done = await DoAsync(actor, account, AdministrationAct.AuthenticatorReset, detail, reason, async () =>
        {
            var hadApp = await authenticators.TakeAwayAsync(account.Id);
            var hadPasskeys = await passkeys.TakeAwayAsync(account.Id);
            if (hadPasskeys)
                outbox.Add(account.Email, EmailKind.PasskeyRemoved);
            return hadApp || hadPasskeys;
        });
        if (done)
            outbox.Send();
        return done;
    }

    /// <summary>Signs the person out everywhere, such as from a lost phone.</summary>
    public Task<bool> SignOutAsync(Guid actor, ManagedAccount account, string reason)
    {
        Guard(actor, account);
        return DoAsync(actor, account, AdministrationAct.SignedOut, null, reason, () =>
            database.Sessions.AnyAsync(row => row.AccountId == account.Id && row.EndedAt == null, CancellationToken.None));
    }

    /// <summary>A LIKE pattern; unlike StartsWith it knows no capitals on either database.</summary>
    private static string BeginningWith(string word) =>
        word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal) + '%';

    private static void Guard(Guid actor, ManagedAccount account)
    {
        // Two people for what could lock everybody out or hide something; and there is always one administrator left.
        if (actor == account.Id)
            throw new InvalidOperationException("Administrators do not administer their own accounts.");
    }

    /// <summary>An act that ends the account's sessions.</summary>
    private async Task<bool> DoAsync(Guid actor, ManagedAccount account, AdministrationAct act, string? detail, string reason, Func<Task<bool>> change)
    {
        var done = await audit.RecordAsync(actor, account.Id, act, detail, reason, async () =>
        {
            if (!await change())
                return false;
            await sessions.EndAllAsync(account.Id);
            return true;
        });
        if (done)
            notices.Send();
        return done;
    }

    private IQueryable<ManagedAccount> Managed() => database.Users.AsNoTracking().Select(account => new ManagedAccount
    {
        Id = account.Id,
        GivenName = account.GivenName,
        FamilyName = account.FamilyName,
        Email = account.Email ?? "",
        NormalizedEmail = account.NormalizedEmail,
        DisabledAt = account.DisabledAt,
        IsInvited = !account.EmailConfirmed && account.RegisteredAt == null,
        Role = database.UserRoles.Where(membership => membership.UserId == account.Id)
            .Join(database.Roles, membership => membership.RoleId, role => role.Id, (_, role) => role.Name).FirstOrDefault(),
        HasAuthenticator = database.Authenticators.Any(row => row.AccountId == account.Id),
        Passkeys = database.Passkeys.Count(row => row.AccountId == account.Id),
    });
}

/// <summary>An account as an administrator sees it.</summary>
public sealed record ManagedAccount
{
    public required Guid Id { get; init; }
    public required string GivenName { get; init; }
    public required string FamilyName { get; init; }
    public required string Email { get; init; }
    public required string? NormalizedEmail { get; init; }
    public required DateTimeOffset? DisabledAt { get; init; }

    /// <summary>And has not answered yet.</summary>
    public required bool IsInvited { get; init; }

    /// <summary>Null for a person who is nothing to the practice, such as a carer.</summary>
    public required string? Role { get; init; }
    public required bool HasAuthenticator { get; init; }

    /// <summary>How many.</summary>
    public required int Passkeys { get; init; }

    public string Name => $"{GivenName} {FamilyName}";
}
