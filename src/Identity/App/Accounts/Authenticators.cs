using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// The second step of a sign-in: codes of an authenticator app, or a recovery code in their place. Each is good once, at one instance
/// out of many: taking it is one conditional update.
/// </summary>
public sealed class Authenticators(AccountsDbContext database, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Digits of a code.</summary>
    public const int CodeLength = 6;

    /// <summary>How many recovery codes an account has at a time.</summary>
    public const int RecoveryCodes = 10;

    /// <summary>RFC 4226 section 4 recommends 160 bits.</summary>
    private const int SecretBytes = 20;

    /// <summary>Of a recovery code: 80 bits, four groups of four letters and digits.</summary>
    private const int RecoveryCodeBytes = 10;

    /// <summary>Who may be asked for a second step. A patient chooses.</summary>
    private static readonly string[] Required = [Roles.Clinician, Roles.Staff, Roles.Administrator];

    /// <summary>RFC 6238 section 5.2: one step before and after, for slow fingers and clocks that are off.</summary>
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>Long enough to find the app and scan.</summary>
    private static readonly TimeSpan SetUpLifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _protector = protection.CreateProtector("Telemedicine.Identity.Authenticator");

    public Task<bool> HasAsync(Guid accountId, CancellationToken cancellationToken) =>
        database.Authenticators.AnyAsync(row => row.AccountId == accountId, cancellationToken);

    public static bool IsRequiredFor(string role) => Required.Contains(role, StringComparer.Ordinal);

    /// <summary>Whether what the person is to the practice calls for one.</summary>
    public Task<bool> IsRequiredAsync(Guid accountId, CancellationToken cancellationToken) =>
        database.UserRoles.Where(membership => membership.UserId == accountId)
            .Join(database.Roles, membership => membership.RoleId, role => role.Id, (_, role) => role.Name)
            .AnyAsync(role => Required.Contains(role), cancellationToken);

    public Task<DateTimeOffset?> AddedAtAsync(Guid accountId, CancellationToken cancellationToken) =>
        database.Authenticators.Where(row => row.AccountId == accountId).Select(row => (DateTimeOffset?)row.AddedAt).SingleOrDefaultAsync(cancellationToken);

    public Task<int> RecoveryCodesLeftAsync(Guid accountId, CancellationToken cancellationToken) =>
        database.RecoveryCodes.CountAsync(row => row.AccountId == accountId && row.UsedAt == null, cancellationToken);

    /// <summary>A new secret for the account, with the proof that it came from here; nothing is stored before a code shows that the app has it.</summary>
    public AuthenticatorSetUp Propose(Account account, string issuer)
    {
        var secret = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(SecretBytes)).TrimEnd('=');
        return Describe(account, issuer, secret, SetUpProtector(account.Id).Protect($"{secret} {(clock.GetUtcNow() + SetUpLifetime).ToUnixTimeSeconds()}"));
    }

    /// <summary>What <see cref="Propose"/> proposed, out of its proof.</summary>
    /// <returns>Null when the proof is another account's, too old, or made up.</returns>
    public AuthenticatorSetUp? Read(Account account, string issuer, string? proof)
    {
        if (proof is null)
            return null;
        try
        {
            var parts = SetUpProtector(account.Id).Unprotect(proof).Split(' ');
            return long.Parse(parts[1], CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds() ? Describe(account, issuer, parts[0], proof) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Stores the secret in place of any other, if the code shows that the app has it.</summary>
    /// <returns>New recovery codes, in place of any others; null when the code is wrong.</returns>
    public async Task<IReadOnlyList<string>?> AddAsync(Guid accountId, AuthenticatorSetUp setUp, string code)
    {
        var secret = Base32Encoding.ToBytes(setUp.Secret);
        if (StepOf(secret, code) is not { } step)
            return null;
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        await database.Authenticators.Where(row => row.AccountId == accountId).ExecuteDeleteAsync(CancellationToken.None);
        database.Authenticators.Add(NewAuthenticator(accountId, secret, step));
        var codes = await ReplaceRecoveryCodesAsync(accountId);
        await transaction.CommitAsync(CancellationToken.None);
        return codes;
    }

    public async Task RemoveAsync(Guid accountId)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        await TakeAwayAsync(accountId);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Removes the app and the recovery codes, in the caller's transaction.</summary>
    /// <returns>False when the account has no app.</returns>
    public async Task<bool> TakeAwayAsync(Guid accountId)
    {
        await database.RecoveryCodes.Where(row => row.AccountId == accountId).ExecuteDeleteAsync(CancellationToken.None);
        return await database.Authenticators.Where(row => row.AccountId == accountId).ExecuteDeleteAsync(CancellationToken.None) == 1;
    }

    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(Guid accountId)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        var codes = await ReplaceRecoveryCodesAsync(accountId);
        await transaction.CommitAsync(CancellationToken.None);
        return codes;
    }

    /// <summary>Takes a code of the app.</summary>
    public async Task<CodeOutcome> TakeCodeAsync(Guid accountId, string code)
    {
        if (await FindAsync(accountId) is not { } authenticator || StepOf(SecretOf(authenticator), code) is not { } step)
            return CodeOutcome.Wrong;
        var taken = await database.Authenticators
            .Where(row => row.AccountId == accountId && row.LastStep < step)
            .ExecuteUpdateAsync(row => row.SetProperty(used => used.LastStep, step), CancellationToken.None);
        return taken == 1 ? CodeOutcome.Taken : CodeOutcome.UsedBefore;
    }

    /// <summary>Takes a recovery code, written with or without its hyphens, in capitals or not.</summary>
    public async Task<bool> TakeRecoveryCodeAsync(Guid accountId, string code)
    {
        var now = clock.GetUtcNow();
        var hash = HashOf(code);
        return await database.RecoveryCodes
            .Where(row => row.AccountId == accountId && row.CodeHash == hash && row.UsedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(used => used.UsedAt, now), CancellationToken.None) == 1;
    }

    /// <summary>The code that the account's app shows next, of those that would be taken now.</summary>
    /// <returns>Null when it has none, or those of now are used up.</returns>
    internal async Task<string?> NextCodeAsync(Guid accountId)
    {
        if (await FindAsync(accountId) is not { } authenticator)
            return null;
        var now = clock.GetUtcNow();
        var totp = new Totp(SecretOf(authenticator));
        foreach (var at in new[] { now, now + Step })
        {
            if (at.ToUnixTimeSeconds() / (long)Step.TotalSeconds > authenticator.LastStep)
                return totp.ComputeTotp(at.UtcDateTime);
        }

        return null;
    }

    internal Authenticator NewAuthenticator(Guid accountId, byte[]? secret = null, long lastStep = 0) => new()
    {
        AccountId = accountId,
        ProtectedSecret = _protector.Protect(secret ?? RandomNumberGenerator.GetBytes(SecretBytes)),
        AddedAt = clock.GetUtcNow(),
        LastStep = lastStep,
    };

    private static AuthenticatorSetUp Describe(Account account, string issuer, string secret, string proof) =>
        new(secret, new OtpUri(OtpType.Totp, secret, account.Email, issuer).ToString(), proof);

    private static byte[] HashOf(string recoveryCode)
    {
        var plain = string.Concat(recoveryCode.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return SHA256.HashData(Encoding.ASCII.GetBytes(plain));
    }

    private static string NewRecoveryCode() => string.Join(
        '-', Base32Encoding.ToString(RandomNumberGenerator.GetBytes(RecoveryCodeBytes)).ToLowerInvariant().Chunk(4).Select(group => new string(group)));

    private IDataProtector SetUpProtector(Guid accountId) => protection.CreateProtector("Telemedicine.Identity.AuthenticatorSetUp", accountId.ToString());

    private Task<Authenticator?> FindAsync(Guid accountId) =>
        database.Authenticators.AsNoTracking().SingleOrDefaultAsync(row => row.AccountId == accountId, CancellationToken.None);

    private byte[] SecretOf(Authenticator authenticator) => _protector.Unprotect(authenticator.ProtectedSecret);

    private long? StepOf(byte[] secret, string code)
    {
        var digits = string.Concat(code.Where(char.IsAsciiDigit));
        return digits.Length == CodeLength && new Totp(secret).VerifyTotp(clock.GetUtcNow().UtcDateTime, digits, out var step, Window) ? step : null;
    }

    private async Task<IReadOnlyList<string>> ReplaceRecoveryCodesAsync(Guid accountId)
    {
        await database.RecoveryCodes.Where(row => row.AccountId == accountId).ExecuteDeleteAsync(CancellationToken.None);
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => NewRecoveryCode()).ToList();
        database.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { AccountId = accountId, CodeHash = HashOf(code) }));
        await database.SaveChangesAsync(CancellationToken.None);
        return codes;
    }
}

/// <param name="Secret">Base32, for those who type it in.</param>
/// <param name="Uri">The same as apps read it from a QR code.</param>
/// <param name="Proof">To be given back with a code of the app.</param>
public sealed record AuthenticatorSetUp(string Secret, string Uri, string Proof);

public enum CodeOutcome
{
    Wrong,

    /// <summary>Right, but it was taken before: somebody may have looked over a shoulder.</summary>
    UsedBefore,
    Taken,
}
