using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Accounts;

/// <summary>What comes after the right password.</summary>
public enum NextStep
{
    /// <summary>The person is signed in.</summary>
    None,

    /// <summary>A code of the account's authenticator.</summary>
    Code,

    /// <summary>The account must have an authenticator and has none yet.</summary>
    SetUp,

    /// <summary>There is none: an administrator lets nobody sign in with this account.</summary>
    Disabled,
}

/// <summary>
/// Leads a sign-in from the right password to its end. Between the two a short-lived cookie says whose password it was; it opens
/// nothing but the pages of the second step.
/// </summary>
public sealed class SignInSteps(
    Authenticators authenticators, Sessions sessions, SignInAttempts attempts, AccountHistory history, UserManager<Account> users, TimeProvider clock)
{
    public const string Scheme = "sign-in-step";

    private const string CookieName = "telemedicine-identity-step";
    private const string StampClaim = "stamp";

    /// <summary>There when another provider took the password's place.</summary>
    private const string ProviderClaim = "provider";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static void Configure(CookieAuthenticationOptions options, ProviderSettings settings)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = false;
    }

    /// <summary>Signs the person in, or remembers that the password was right until the second step is taken.</summary>
    public async Task<NextStep> AfterPasswordAsync(HttpContext context, Account account)
    {
        if (account.DisabledAt is not null)
        {
            await history.AddAsync(account.Id, AccountEventType.SignInRefused);
            return NextStep.Disabled;
        }

        return await AfterFirstAsync(context, account, isProvider: false);
    }

    /// <summary>
    /// As after the right password, for who was signed in by another provider: an account that is not <see cref="Account.DisabledAt"/>. Their second step is
    /// left out only when the provider's own two factors count here.
    /// </summary>
    public async Task<NextStep> AfterProviderAsync(HttpContext context, Account account, bool hasTwoFactors)
    {
        if (!hasTwoFactors)
            return await AfterFirstAsync(context, account, isProvider: true);
        await CompleteAsync(context, account, AuthenticationContext.PasswordAndCode, "mfa", AccountEventType.SignedInWithProvider);
        return NextStep.None;
    }

    private async Task<NextStep> AfterFirstAsync(HttpContext context, Account account, bool isProvider)
    {
        var has = await authenticators.HasAsync(account.Id, context.RequestAborted);
        if (!has && !await authenticators.IsRequiredAsync(account.Id, context.RequestAborted))
        {
            // RFC 8176 has no name for what another provider did.
            if (isProvider)
                await CompleteAsync(context, account, AuthenticationContext.Federated, "", AccountEventType.SignedInWithProvider);
            else
                await CompleteAsync(context, account, AuthenticationContext.Password, "pwd");
            return NextStep.None;
        }

        var identity = new ClaimsIdentity([new("sub", account.Id.ToString()), new(StampClaim, account.SecurityStamp ?? "")], Scheme);
        if (isProvider)
            identity.AddClaim(new(ProviderClaim, "yes"));
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
        return has ? NextStep.Code : NextStep.SetUp;
    }

    /// <summary>Whose second step it is: of who gave the password just now, or of who is signed in and was asked for more.</summary>
    public async Task<Account?> WhoAsync(HttpContext context)
    {
        var step = await context.AuthenticateAsync(Scheme);
        if (step.Principal is not { } principal)
            return Sessions.Current(context)?.Account;
        var account = await users.FindByIdAsync(principal.FindFirst("sub")?.Value ?? "");

        // A password that was changed since then does not count.
        return account is { DisabledAt: null, SecurityStamp: { } stamp } && stamp == principal.FindFirst(StampClaim)?.Value ? account : null;
    }

    /// <summary>Takes a code of the account's app, and with it ends the sign-in.</summary>
    public async Task<StepOutcome> TakeCodeAsync(HttpContext context, Account account, string code)
    {
        if (!await attempts.TakeAsync(account.Id))
            return await RefuseAsync(account, StepOutcome.MustWait);
        switch (await authenticators.TakeCodeAsync(account.Id, code))
        {
            case CodeOutcome.Taken:
                await CompleteSecondAsync(context, account, "otp mfa");
                return StepOutcome.SignedIn;
            case CodeOutcome.UsedBefore:
                return await RefuseAsync(account, StepOutcome.UsedBefore);
            default:
                return await RefuseAsync(account, StepOutcome.Wrong);
        }
    }

    /// <summary>Takes a recovery code in the app's place.</summary>
    public async Task<StepOutcome> TakeRecoveryCodeAsync(HttpContext context, Account account, string code)
    {
        if (!await attempts.TakeAsync(account.Id))
            return await RefuseAsync(account, StepOutcome.MustWait);
        if (!await authenticators.TakeRecoveryCodeAsync(account.Id, code))
            return await RefuseAsync(account, StepOutcome.Wrong);
        await history.AddAsync(account.Id, AccountEventType.RecoveryCodeUsed);
        await CompleteSecondAsync(context, account, "mfa");
        return StepOutcome.SignedIn;
    }

    /// <summary>Signs in who showed their passkey: there is no second step, the passkey was unlocked by its person.</summary>
    public async Task<StepOutcome> TakePasskeyAsync(HttpContext context, PasskeyProof proof)
    {
        // The rows as they are now; a person who must wait after failures waits with a passkey too.
        var account = proof.Account;
        if (account.DisabledAt is not null || !account.EmailConfirmed)
            return await RefuseAsync(account, StepOutcome.Disabled);
        if (account.LockoutEnd > clock.GetUtcNow())
            return await RefuseAsync(account, StepOutcome.MustWait);

        // RFC 8176: a key in hardware or in software, that the person was there, and that there was a second factor: the PIN, finger or face
        // that unlocked the key. Which of them is not told.
        await CompleteAsync(context, account, AuthenticationContext.Passkey, proof.IsSynchronised ? "swk user mfa" : "hwk user mfa");
        return StepOutcome.SignedIn;
    }

    /// <summary>Gives the account its authenticator, and whoever came here from the password page their sign-in.</summary>
    /// <returns>The recovery codes; null when the code is wrong.</returns>
    public async Task<IReadOnlyList<string>?> AddAuthenticatorAsync(HttpContext context, Account account, AuthenticatorSetUp setUp, string code)
    {
        if (await authenticators.AddAsync(account.Id, setUp, code) is not { } codes)
            return null;
        await history.AddAsync(account.Id, AccountEventType.AuthenticatorAdded);
        await CompleteSecondAsync(context, account, "otp mfa");
        return codes;
    }

    /// <summary>Whether the person proved who they are so lately that they may change how they do.</summary>
    /// <param name="within">The longest that may have passed.</param>
    public bool IsFresh(Session session, TimeSpan within) => clock.GetUtcNow() - session.SignedInAt <= within;

    /// <summary>False when the account has an authenticator that this session did without: it was added later, elsewhere.</summary>
    public async Task<bool> IsAsStrongAsItCanBeAsync(Session session, CancellationToken cancellationToken) =>
        session.AuthenticationContext is not (AuthenticationContext.Password or AuthenticationContext.Federated) || !await authenticators.HasAsync(session.AccountId, cancellationToken);

    /// <summary>The second step after the first, or after a session that had the first alone.</summary>
    private async Task CompleteSecondAsync(HttpContext context, Account account, string authenticationMethods)
    {
        var step = (await context.AuthenticateAsync(Scheme)).Principal;
        var isProvider = step is null ? Sessions.Current(context)?.AuthenticationContext == AuthenticationContext.Federated : step.HasClaim(claim => claim.Type == ProviderClaim);
        await CompleteAsync(
            context, account, AuthenticationContext.PasswordAndCode, isProvider ? authenticationMethods : $"pwd {authenticationMethods}",
            isProvider ? AccountEventType.SignedInWithProvider : AccountEventType.SignedIn);
    }

    private async Task CompleteAsync(
        HttpContext context, Account account, string authenticationContext, string authenticationMethods, AccountEventType how = AccountEventType.SignedIn)
    {
        await attempts.ClearAsync(account.Id);
        await sessions.BeginAsync(context, account, authenticationContext, authenticationMethods, how);
        if (context.Request.Cookies.ContainsKey(CookieName))
            await context.SignOutAsync(Scheme);
    }

    private async Task<StepOutcome> RefuseAsync(Account account, StepOutcome outcome)
    {
        await history.AddAsync(account.Id, AccountEventType.SignInRefused);
        return outcome;
    }
}

public enum StepOutcome
{
    Wrong,

    /// <summary>The code was right, but it has been used.</summary>
    UsedBefore,

    /// <summary>After too many failures.</summary>
    MustWait,

    /// <summary>Nobody signs in with this account.</summary>
    Disabled,
    SignedIn,
}
