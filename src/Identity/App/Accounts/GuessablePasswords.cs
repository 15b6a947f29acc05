using Microsoft.AspNetCore.Identity;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// Refuses passwords that attackers try first: common ones, and the person's own names (NIST SP 800-63B section 3.1.1.2 asks for a list of such).
/// zxcvbn knows some 90,000 common words, names, keyboard walks and leaked passwords, and how they are usually bent.
/// </summary>
public sealed class GuessablePasswords : IPasswordValidator<Account>
{
    /// <summary>zxcvbn's scale of 0 to 4: from 3 on, more than 10^8 guesses are needed, far beyond what the sign-in page lets through.</summary>
    private const int LowestScore = 3;

    /// <summary>zxcvbn's cost grows with the square of the length; what is longer than this is not guessed from lists.</summary>
    private const int LongestLookedAt = 100;

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password)
    {
        if (string.IsNullOrEmpty(password))
            return Task.FromResult(IdentityResult.Success);
        var own = new[] { user.GivenName, user.FamilyName, user.Email, user.Email?.Split('@')[0] }.OfType<string>();
        var looked = password.Length > LongestLookedAt ? password[..LongestLookedAt] : password;
        return Task.FromResult(Zxcvbn.Zxcvbn.MatchPassword(looked, own).Score >= LowestScore
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = nameof(GuessablePasswords), Description = "This password is easy to guess. Try three or more words that do not belong together" }));
    }
}
