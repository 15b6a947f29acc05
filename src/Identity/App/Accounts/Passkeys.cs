using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// The passkeys of accounts (WebAuthn, by ASP.NET Core Identity): adding, naming, removing, and checking one that signs in. A passkey here
/// is unlocked by its person each time, so it is two factors at once.
/// </summary>
public sealed partial class Passkeys(
    AccountsDbContext database,
    UserManager<Account> users,
    IPasskeyHandler<Account> handler,
    PasskeyCeremony ceremony,
    EmailOutbox outbox,
    AccountHistory history,
    TimeProvider clock,
    ILogger<Passkeys> logger)
{
    /// <summary>How many an account can have.</summary>
    public const int Most = 20;

    /// <summary>Of what a browser sends: more than any real authenticator's.</summary>
    public const int CredentialLength = 20_000;

    private const string SignIn = "sign-in";

    public Task<List<Passkey>> OfAsync(Guid accountId, CancellationToken cancellationToken) =>
        database.Passkeys.AsNoTracking().Where(row => row.AccountId == accountId).OrderBy(row => row.AddedAt).ToListAsync(cancellationToken);

    public Task<Passkey?> FindAsync(Guid accountId, byte[] id, CancellationToken cancellationToken) =>
        database.Passkeys.AsNoTracking().SingleOrDefaultAsync(row => row.CredentialId == id && row.AccountId == accountId, cancellationToken);

    public Task<bool> HasAsync(Guid accountId, CancellationToken cancellationToken) =>
        database.Passkeys.AnyAsync(row => row.AccountId == accountId, cancellationToken);

    /// <summary>Begins to add one.</summary>
    /// <returns>PublicKeyCredentialCreationOptions as JSON, for the browser.</returns>
    public async Task<string> ProposeAsync(HttpContext context, Account account)
    {
        var person = new PasskeyUserEntity { Id = account.Id.ToString(), Name = account.Email ?? "", DisplayName = $"{account.GivenName} {account.FamilyName}" };
        var asked = await handler.MakeCreationOptionsAsync(person, context);
        await ceremony.BeginAsync(context, AddingTo(account.Id), asked.AttestationState ?? "");
        return asked.CreationOptionsJson;
    }

    /// <param name="credential">The browser's answer, as JSON.</param>
    /// <returns>False when it is not what was asked for.</returns>
    public async Task<bool> AddAsync(HttpContext context, Account account, string credential, string name)
    {
        if (await ceremony.EndAsync(context, AddingTo(account.Id)) is not { } state)
            return false;
        var result = await handler.PerformAttestationAsync(new() { HttpContext = context, CredentialJson = credential, AttestationState = state });
        if (!result.Succeeded || result.UserEntity.Id != account.Id.ToString())
        {
            NotAdded(account.Id);
            return false;
        }

        // The framework is not to compare the counter: see VerifyAsync.
        var passkey = result.Passkey;
        var row = new Passkey { CredentialId = passkey.CredentialId, AccountId = account.Id, Name = name, AddedAt = clock.GetUtcNow(), SignCount = passkey.SignCount };
        passkey.SignCount = 0;
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        var owner = await users.FindByIdAsync(account.Id.ToString()) ?? throw new InvalidOperationException("The account is gone.");
        var added = await users.AddOrUpdatePasskeyAsync(owner, passkey);
        if (!added.Succeeded)
            throw new InvalidOperationException($"The passkey was not added: {string.Join(", ", added.Errors.Select(error => error.Code))}.");
        database.Passkeys.Add(row);
        Tell(account, EmailKind.PasskeyAdded);
        await history.AddAsync(account.Id, AccountEventType.PasskeyAdded);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Send();
        return true;
    }

    /// <summary>Begins a sign-in by whoever it is: the passkey says so.</summary>
    /// <returns>PublicKeyCredentialRequestOptions as JSON, for the browser. They are the same for everybody but for the challenge.</returns>
    public async Task<string> AskAsync(HttpContext context)
    {
        var asked = await handler.MakeRequestOptionsAsync(null, context);
        await ceremony.BeginAsync(context, SignIn, asked.AssertionState ?? "");
        return asked.RequestOptionsJson;
    }

    /// <summary>
    /// Checks the browser's answer. The framework compares the counter and leaves writing it to its caller, and two instances could take
    /// the same count in between; so it is left out there and taken here, by one conditional update.
    /// </summary>
    /// <param name="credential">As JSON.</param>
    /// <returns>Null when it is not what was asked for, is nobody's, or may be a copy.</returns>
    public async Task<PasskeyProof?> VerifyAsync(HttpContext context, string credential)
    {
        if (await ceremony.EndAsync(context, SignIn) is not { } state)
            return null;
        var result = await handler.PerformAssertionAsync(new() { HttpContext = context, CredentialJson = credential, AssertionState = state });
        if (!result.Succeeded)
        {
            // The framework's reason repeats what was sent, so it stays out of the log.
            NotAccepted();
            return null;
        }

        var now = clock.GetUtcNow();
        var (id, count) = (result.Passkey.CredentialId, (long)result.Passkey.SignCount);
        var taken = await database.Passkeys
            .Where(row => row.CredentialId == id && (row.SignCount < count || (row.SignCount == 0 && count == 0)))
            .ExecuteUpdateAsync(row => row.SetProperty(used => used.SignCount, count).SetProperty(used => used.LastUsedAt, now), CancellationToken.None);
        if (taken == 1)
            return new PasskeyProof(result.User, result.Passkey.IsBackupEligible);
        MayBeCopied(result.User.Id);
        Tell(result.User, EmailKind.PasskeyMayBeCopied);
        await history.AddAsync(result.User.Id, AccountEventType.PasskeyMayBeCopied);
        outbox.Send();
        return null;
    }

    /// <returns>False when the account has no such passkey.</returns>
    public async Task<bool> RenameAsync(Guid accountId, byte[] id, string name) =>
        await database.Passkeys.Where(row => row.CredentialId == id && row.AccountId == accountId)
            .ExecuteUpdateAsync(row => row.SetProperty(named => named.Name, name), CancellationToken.None) == 1;

    /// <summary>False for the last way to sign in: an account without a password and with no other passkey or provider.</summary>
    public Task<bool> MayRemoveAsync(Guid accountId, byte[] id, CancellationToken cancellationToken) =>
        Removable(accountId, id).AnyAsync(cancellationToken);

    /// <returns>False when the account has no such passkey, or it is the last way in.</returns>
    public async Task<bool> RemoveAsync(Account account, byte[] id)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (await Removable(account.Id, id).ExecuteDeleteAsync(CancellationToken.None) == 0)
            return false;
        Tell(account, EmailKind.PasskeyRemoved);
        await history.AddAsync(account.Id, AccountEventType.PasskeyRemoved);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Send();
        return true;
    }

    /// <summary>Removes them all, in the caller's transaction.</summary>
    /// <returns>Whether there were any.</returns>
    public async Task<bool> TakeAwayAsync(Guid accountId) =>
        await database.UserPasskeys.Where(row => row.UserId == accountId).ExecuteDeleteAsync(CancellationToken.None) > 0;

    private static string AddingTo(Guid accountId) => $"add {accountId}";

    private IQueryable<IdentityUserPasskey<Guid>> Removable(Guid accountId, byte[] id) => database.UserPasskeys.Where(row =>
        row.UserId == accountId && row.CredentialId == id
        && (database.Users.Any(account => account.Id == accountId && account.PasswordHash != null)
            || database.UserLogins.Any(login => login.UserId == accountId)
            || database.UserPasskeys.Any(other => other.UserId == accountId && other.CredentialId != id)));

    private void Tell(Account account, EmailKind what)
    {
        if (account.Email is { } address)
            outbox.Add(address, what);
    }
}

/// <summary>Whose passkey it was.</summary>
/// <param name="IsSynchronised">It may be on several devices of the person (WebAuthn's backup eligibility), and so does not live in one piece of hardware.</param>
public sealed record PasskeyProof(Account Account, bool IsSynchronised);
