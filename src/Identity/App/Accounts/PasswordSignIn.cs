using Microsoft.AspNetCore.Identity;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// Checks an email address and a password. Whatever the reason for a refusal, the caller learns the same and waits as long: each call
/// verifies exactly one password hash, writes once to the accounts, and each refusal once to the history, whether the account exists, is locked, or neither.
/// </summary>
public sealed partial class PasswordSignIn(
    UserManager<Account> users, SignInAttempts attempts, DecoyPassword decoy, AccountHistory history, ILogger<PasswordSignIn> logger)
{
    /// <returns>The account, or null when the attempt is refused.</returns>
    public async Task<Account?> VerifyAsync(string email, string password)
    {
        var account = await users.FindByEmailAsync(email);
        var mayTry = await attempts.TakeAsync(account?.Id ?? Guid.Empty);
        if (account?.PasswordHash is null || !mayTry)
        {
            decoy.Verify(password);
            if (account is null)
                UnknownAccount();
            else
                Waiting(account.Id);
            await history.AddAsync(account?.Id ?? Guid.Empty, AccountEventType.SignInRefused);
            return null;
        }

        if (!await users.CheckPasswordAsync(account, password))
        {
            WrongPassword(account.Id);
            await history.AddAsync(account.Id, AccountEventType.SignInRefused);
            return null;
        }

        await attempts.RefundAsync(account.Id);
        return account;
    }
}
