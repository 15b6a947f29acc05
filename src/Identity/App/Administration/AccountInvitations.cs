using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Administration;

/// <summary>Whom an administrator invites.</summary>
public sealed record InvitedPerson(string GivenName, string FamilyName, string Email, string Role);

/// <summary>
/// Accounts that administrators make for others, who choose the password themselves through their mailbox. Until then nobody can sign in with it.
/// </summary>
public sealed class AccountInvitations(
    AccountsDbContext database, AuditLog audit, EmailLinks links, EmailOutbox outbox, ILookupNormalizer normalizer, IPasswordHasher<Account> hasher)
{
    /// <summary>Makes the account and sends the link. Who was invited and has not answered is invited anew, under these names and this role.</summary>
    /// <returns>The account; null when the address has one that somebody uses.</returns>
    public async Task<Guid?> InviteAsync(Guid actor, InvitedPerson person)
    {
        var normalized = normalizer.NormalizeEmail(person.Email);
        var existing = await database.Users.AsNoTracking().SingleOrDefaultAsync(row => row.NormalizedEmail == normalized, CancellationToken.None);
        if (existing is not null && (existing.EmailConfirmed || existing.RegisteredAt is not null))
            return null;
        var id = existing?.Id ?? Guid.NewGuid();
        var roleId = await database.Roles.Where(row => row.Name == person.Role).Select(row => row.Id).SingleAsync(CancellationToken.None);
        await audit.RecordAsync(actor, id, AdministrationAct.Invited, person.Role, reason: null, async () =>
        {
            await database.Users.Where(row => row.Id == id && !row.EmailConfirmed).ExecuteDeleteAsync(CancellationToken.None);
            var account = Make(id, person, normalized);
            database.Users.Add(account);
            database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = id, RoleId = roleId });
            outbox.Add(person.Email, EmailKind.Invited, links.Add(account, EmailLinkPurpose.Invitation, person.Email));
            return true;
        });
        outbox.Send();
        return id;
    }

    /// <summary>Deletes the account of who has not answered; the link dies with it.</summary>
    /// <returns>False when they have.</returns>
    public Task<bool> WithdrawAsync(Guid actor, ManagedAccount account, string reason) =>
        audit.RecordAsync(actor, account.Id, AdministrationAct.InvitationWithdrawn, null, reason, async () =>
            await database.Users.Where(row => row.Id == account.Id && !row.EmailConfirmed && row.RegisteredAt == null).ExecuteDeleteAsync(CancellationToken.None) == 1);

    /// <summary>The invited person opened the link and chose a password.</summary>
    /// <param name="password">Already judged.</param>
    /// <returns>False when the link was used in between.</returns>
    public async Task<bool> AcceptAsync(EmailLink link, string password)
    {
        var account = link.Account ?? throw new InvalidOperationException("The link was read without its account.");
        var hash = hasher.HashPassword(account, password);
        return await audit.RecordAsync(account.Id, account.Id, AdministrationAct.InvitationAccepted, null, reason: null, async () =>
        {
            if (!await links.TakeAsync(link))
                return false;
            await database.Users.Where(row => row.Id == account.Id).ExecuteUpdateAsync(row => row.SetProperty(accepted => accepted.EmailConfirmed, true), CancellationToken.None);
            await database.ReplacePasswordAsync(account.Id, hash);
            return true;
        });
    }

    private Account Make(Guid id, InvitedPerson person, string normalizedEmail) => new()
    {
        Id = id,
        GivenName = person.GivenName,
        FamilyName = person.FamilyName,
        UserName = id.ToString(),
        NormalizedUserName = normalizer.NormalizeName(id.ToString()),
        Email = person.Email,
        NormalizedEmail = normalizedEmail,
        LockoutEnabled = true,
        SecurityStamp = Guid.NewGuid().ToString("N"),
    };
}
