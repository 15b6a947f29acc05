using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Telemedicine.Identity.Accounts;

/// <summary>What is asked of a new password, wherever one is chosen.</summary>
public static class NewPasswords
{
    public const int ShortestLength = 12;
    public const int LongestLength = 256;

    public const string Hint = "12 characters or more. Three words that do not belong together are strong and easy to remember.";

    /// <summary>Adds what is wrong with the password to the form's messages.</summary>
    /// <param name="account">Whose names and address it must not be.</param>
    public static async Task JudgeAsync(this ModelStateDictionary messages, UserManager<Account> users, Account account, string field, string password)
    {
        foreach (var validator in users.PasswordValidators)
        {
            var judged = await validator.ValidateAsync(users, account, password);
            foreach (var error in judged.Errors)
                messages.AddModelError(field, error.Description);
        }
    }
}
