using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Accounts;

/// <summary>Makes, finds and uses up the links of emails.</summary>
public sealed class EmailLinks(AccountsDbContext database, TimeProvider clock)
{
    /// <summary>Adds a link to the database context, to be saved with the email that carries it.</summary>
    /// <returns>Its token.</returns>
    public string Add(Account account, EmailLinkPurpose purpose, string address)
    {
        var token = OpaqueSecret.New();
        database.EmailLinks.Add(new EmailLink
        {
            TokenHash = OpaqueSecret.Hash(token),
            Purpose = purpose,
            AccountId = account.Id,
            SecurityStamp = purpose == EmailLinkPurpose.UndoAddress ? null : account.SecurityStamp,
            Address = address,
            ExpiresAt = clock.GetUtcNow() + EmailLink.LifetimeOf(purpose),
        });
        return token;
    }

    /// <summary>Looks at a link and leaves it as it is: programs that scan emails open every one.</summary>
    /// <returns>Null when it is none of ours, or has another purpose, was used, ran out, or the account's password was changed since.</returns>
    public async Task<EmailLink?> FindAsync(string? token, EmailLinkPurpose purpose, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        var hash = OpaqueSecret.Hash(token);
        var now = clock.GetUtcNow();
        return await database.EmailLinks.AsNoTracking()
            .Include(link => link.Account)
            .Where(link => link.TokenHash == hash && link.Purpose == purpose && link.UsedAt == null && link.ExpiresAt > now)
            .SingleOrDefaultAsync(
                link => link.Account != null && (link.SecurityStamp == null || link.SecurityStamp == link.Account.SecurityStamp), cancellationToken);
    }

    /// <summary>Uses it up, in the transaction of what it allows.</summary>
    /// <returns>False when it was used in between.</returns>
    public async Task<bool> TakeAsync(EmailLink link)
    {
        var now = clock.GetUtcNow();
        return await database.EmailLinks
            .Where(row => row.TokenHash == link.TokenHash && row.UsedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(used => used.UsedAt, now), CancellationToken.None) == 1;
    }

    /// <summary>Ends the account's links that were sent to other mailboxes, or for other ends.</summary>
    /// <param name="butUndoing">Leaves the ways back from earlier changes of address.</param>
    public Task EndOthersAsync(EmailLink used, bool butUndoing) =>
        database.EmailLinks
            .Where(row => row.AccountId == used.AccountId && row.TokenHash != used.TokenHash && !(butUndoing && row.Purpose == EmailLinkPurpose.UndoAddress))
            .ExecuteDeleteAsync(CancellationToken.None);
}
