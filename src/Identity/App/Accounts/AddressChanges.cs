using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Accounts;

public enum AddressOutcome
{
    Changed,

    /// <summary>The link was used in between.</summary>
    LinkOver,

    /// <summary>Another account has the address.</summary>
    Taken,
}

/// <summary>
/// Changes an account's email address: the new mailbox must confirm it, and the old one is told and can undo it for some days, so that who
/// steals a session does not keep the account.
/// </summary>
public sealed class AddressChanges(
    AccountsDbContext database,
    EmailLinks links,
    EmailOutbox outbox,
    Sessions sessions,
    Passkeys passkeys,
    LogoutNotices notices,
    AccountHistory history,
    ILookupNormalizer normalizer,
    IPasswordHasher<Account> hasher)
{
    /// <summary>Sends an email to the new address, whether another account has it or not: what the caller learns is the same.</summary>
    public async Task AskAsync(Account account, string address)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (await outbox.IsFullAsync(address))
            return;
        var normalized = normalizer.NormalizeEmail(address);
        var other = await database.Users.AsNoTracking()
            .SingleOrDefaultAsync(row => row.NormalizedEmail == normalized && row.EmailConfirmed && row.Id != account.Id, CancellationToken.None);
        if (other?.Email is { } taken)
            outbox.Add(taken, EmailKind.AlreadyRegistered);
        else
            outbox.Add(address, EmailKind.ConfirmNewAddress, links.Add(account, EmailLinkPurpose.ConfirmNewAddress, address));
        await history.AddAsync(account.Id, AccountEventType.NewAddressAsked);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Send();
    }

    /// <summary>The new mailbox's link was opened and confirmed.</summary>
    public async Task<AddressOutcome> ConfirmAsync(EmailLink link)
    {
        var account = link.Account ?? throw new InvalidOperationException("The link was read without its account.");
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (!await links.TakeAsync(link))
            return AddressOutcome.LinkOver;
        if (!await SetAddressAsync(link))
            return AddressOutcome.Taken;

        // What was sent to the old mailbox opens nothing any more, but for the way back.
        await links.EndOthersAsync(link, butUndoing: true);
        if (account.Email is { } old)
            outbox.Add(old, EmailKind.AddressChanged, links.Add(account, EmailLinkPurpose.UndoAddress, old));
        await history.AddAsync(account.Id, AccountEventType.AddressChanged);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Send();
        return AddressOutcome.Changed;
    }

    /// <summary>
    /// Gives the account back to its old mailbox. Whoever changed the address knew the password, so that is of no use any more, every
    /// session ends, and passkeys and the ways in through other providers go: one may be theirs.
    /// </summary>
    /// <returns>With <see cref="AddressOutcome.Changed"/>, the token to choose a new password with.</returns>
    public async Task<(AddressOutcome Outcome, string? Token)> UndoAsync(EmailLink link)
    {
        var account = link.Account ?? throw new InvalidOperationException("The link was read without its account.");
        var nobodysPassword = hasher.HashPassword(account, OpaqueSecret.New());
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (!await links.TakeAsync(link))
            return (AddressOutcome.LinkOver, null);
        if (!await SetAddressAsync(link))
            return (AddressOutcome.Taken, null);
        await database.ReplacePasswordAsync(account.Id, nobodysPassword);
        await sessions.EndAllAsync(account.Id);
        await database.UserLogins.Where(row => row.UserId == account.Id).ExecuteDeleteAsync(CancellationToken.None);
        await passkeys.TakeAwayAsync(account.Id);
        await links.EndOthersAsync(link, butUndoing: false);
        var restored = await database.Users.AsNoTracking().SingleAsync(row => row.Id == account.Id, CancellationToken.None);
        var token = links.Add(restored, EmailLinkPurpose.ResetPassword, link.Address);
        await history.AddAsync(account.Id, AccountEventType.AddressRestored);
        await transaction.CommitAsync(CancellationToken.None);
        notices.Send();
        return (AddressOutcome.Changed, token);
    }

    /// <summary>An account that never confirmed the address gives way.</summary>
    /// <returns>False when another account has the address.</returns>
    private async Task<bool> SetAddressAsync(EmailLink link)
    {
        var normalized = normalizer.NormalizeEmail(link.Address);
        await database.Users.Where(row => row.NormalizedEmail == normalized && !row.EmailConfirmed && row.Id != link.AccountId).ExecuteDeleteAsync(CancellationToken.None);
        if (await database.Users.AnyAsync(row => row.NormalizedEmail == normalized && row.Id != link.AccountId, CancellationToken.None))
            return false;
        var concurrency = Guid.NewGuid().ToString();
        await database.Users.Where(row => row.Id == link.AccountId).ExecuteUpdateAsync(
            row => row.SetProperty(account => account.Email, link.Address)
                .SetProperty(account => account.NormalizedEmail, normalized)
                .SetProperty(account => account.ConcurrencyStamp, concurrency),
            CancellationToken.None);
        return true;
    }
}
