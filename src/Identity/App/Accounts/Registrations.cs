using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Accounts;

/// <summary>What a person gives who wants an account.</summary>
/// <param name="Password">Already judged.</param>
public sealed record NewPerson(string GivenName, string FamilyName, string Email, string Password);

/// <summary>
/// Makes accounts of patients. What the caller learns, and the work that is done, is the same whether the address has an account or not:
/// one hash, one transaction, one email, whose words alone differ.
/// </summary>
/// <remarks>
/// Until its address is confirmed an account is worth nothing: it cannot sign in, and gives way to whoever registers the address next. Confirming
/// takes the password besides the link, so that nobody prepares an account with their own password for another to confirm.
/// </remarks>
public sealed class Registrations(
    AccountsDbContext database,
    EmailLinks links,
    EmailOutbox outbox,
    AccountHistory history,
    ILookupNormalizer normalizer,
    IPasswordHasher<Account> hasher,
    TimeProvider clock)
{
    /// <summary>An account that was not confirmed is deleted after this.</summary>
    public static readonly TimeSpan UnconfirmedKept = TimeSpan.FromDays(7);

    public async Task RegisterAsync(NewPerson person)
    {
        var made = Make(person);
        try
        {
            await RegisterAsync(person, made);
        }
        catch (DbUpdateException)
        {
            // Registered by another request at the same moment: now it is there to be seen.
            database.ChangeTracker.Clear();
            await RegisterAsync(person, made);
        }
    }

    /// <summary>Sends the link once more; to an address that needs none, what there is to know.</summary>
    public async Task SendAgainAsync(string address)
    {
        if (await outbox.IsFullAsync(address))
            return;
        var normalized = normalizer.NormalizeEmail(address);
        var account = await database.Users.SingleOrDefaultAsync(row => row.NormalizedEmail == normalized, CancellationToken.None);
        AddEmail(account, address);
        await database.SaveChangesAsync(CancellationToken.None);
        outbox.Send();
    }

    /// <summary>The link was opened, and the account's password given.</summary>
    /// <returns>False when the link was used in between.</returns>
    public async Task<bool> ConfirmAsync(EmailLink link)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (!await links.TakeAsync(link))
            return false;
        await database.Users.Where(row => row.Id == link.AccountId)
            .ExecuteUpdateAsync(row => row.SetProperty(account => account.EmailConfirmed, true), CancellationToken.None);
        await links.EndOthersAsync(link, butUndoing: false);
        await history.AddAsync(link.AccountId, AccountEventType.AddressConfirmed);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private async Task RegisterAsync(NewPerson person, Account made)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (await outbox.IsFullAsync(person.Email))
            return;
        var account = await database.Users.SingleOrDefaultAsync(row => row.NormalizedEmail == made.NormalizedEmail, CancellationToken.None);
        if (account is null)
        {
            account = made;
            var role = await database.Roles.SingleAsync(row => row.Name == Roles.Patient, CancellationToken.None);
            database.Users.Add(made);
            database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = made.Id, RoleId = role.Id });
        }
        else if (account is { EmailConfirmed: false, RegisteredAt: not null })
        {
            account.GivenName = made.GivenName;
            account.FamilyName = made.FamilyName;
            account.Email = made.Email;
            account.PasswordHash = made.PasswordHash;
            account.RegisteredAt = made.RegisteredAt;
            account.AccessFailedCount = 0;
            account.LockoutEnd = null;

            // The links of earlier attempts end with it.
            account.SecurityStamp = made.SecurityStamp;
        }

        AddEmail(account, person.Email);
        await history.AddAsync(account.EmailConfirmed ? Guid.Empty : account.Id, AccountEventType.Registered);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Send();
    }

    /// <summary>To an account's own spelling of its address: one that only compares as the same may be another's mailbox.</summary>
    private void AddEmail(Account? account, string address)
    {
        if (account is null)
            outbox.Add(address, EmailKind.NoAccount);
        else if (account is { EmailConfirmed: true, Email: { } confirmed })
            outbox.Add(confirmed, EmailKind.AlreadyRegistered);
        else if (account is { RegisteredAt: null, Email: { } invited })
            outbox.Add(invited, EmailKind.Invited, links.Add(account, EmailLinkPurpose.Invitation, invited));
        else if (account.Email is { } own)
            outbox.Add(own, EmailKind.ConfirmAddress, links.Add(account, EmailLinkPurpose.ConfirmAddress, own));
    }

    private Account Make(NewPerson person)
    {
        var id = Guid.NewGuid();
        var account = new Account
        {
            Id = id,
            GivenName = person.GivenName,
            FamilyName = person.FamilyName,
            UserName = id.ToString(),
            NormalizedUserName = normalizer.NormalizeName(id.ToString()),
            Email = person.Email,
            NormalizedEmail = normalizer.NormalizeEmail(person.Email),
            LockoutEnabled = true,
            SecurityStamp = Guid.NewGuid().ToString("N"),
            RegisteredAt = clock.GetUtcNow(),
        };
        account.PasswordHash = hasher.HashPassword(account, person.Password);
        return account;
    }
}
