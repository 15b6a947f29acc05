using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Emails;
using Telemedicine.Mail;

namespace Telemedicine.Identity.Administration;

/// <summary>
/// `--invite-administrator`: sends the first administrator their link, or makes an account that is there one. Nobody could do so on a page yet. It is in the audit log
/// as the operator's act. A running instance sends the email.
/// </summary>
public static class InviteAdministratorCommand
{
    public const string Name = "--invite-administrator";

    /// <summary>Who acts, in the audit log.</summary>
    public static readonly Guid Operator = Guid.Empty;

    private const int NameLength = 100;
    private const string Reason = "By command, at the server";
    private const string Usage = Name + " --given-name Ruth --family-name Fielding --email ruth@example.org";

    /// <returns>The exit code: 0 done, 1 not done.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, IConfiguration arguments, TextWriter output)
    {
        var (given, family, email) = (Argument("given-name"), Argument("family-name"), Argument("email"));
        if (given.Length is 0 or > NameLength || family.Length is 0 or > NameLength || (given + family).Any(char.IsControl) || email.Length > QueuedEmail.AddressLength || !Smtp.IsAddress(email))
        {
            await output.WriteLineAsync($"Say who it is: {Usage}");
            return 1;
        }

        await using var scope = services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<AccountInvitations>().InviteAsync(Operator, new InvitedPerson(given, family, email, Roles.Administrator)) is not null)
        {
            await output.WriteLineAsync("The invitation is on its way. Its link works for 7 days.");
            return 0;
        }

        var accounts = scope.ServiceProvider.GetRequiredService<AccountAdministration>();
        if (await accounts.ListAsync(email, CancellationToken.None) is not [var account])
            throw new InvalidOperationException("The address has an account, which is not found.");
        var changed = await accounts.ChangeRoleAsync(Operator, account, Roles.Administrator, Reason);
        await output.WriteLineAsync(changed
            ? "This address has an account already. It is an administrator's from now on; the name stays as it is."
            : "This address is an administrator's already. Nothing was changed.");
        return 0;

        string Argument(string name) => arguments[name]?.Trim() ?? "";
    }
}
