using System.Buffers.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>A page about one passkey of the person's own; anybody else's is not found.</summary>
public abstract class PasskeyPage(Passkeys passkeys) : AccountPage
{
    public const string NameMissing = "Enter a name for the passkey";
    public const string NameTooLong = "The name must be 60 characters or fewer";

    private Passkey? _passkey;

    /// <summary>Base64url of the credential's id.</summary>
    [FromRoute(Name = "id")]
    public string Id { get; set; } = "";

    public Passkey Passkey => _passkey ?? throw new InvalidOperationException("The handler ran without its passkey.");

    protected Passkeys Passkeys => passkeys;

    public static string IdOf(Passkey passkey) => Base64Url.EncodeToString(passkey.CredentialId);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        _passkey = Base64Url.IsValid(Id) ? await passkeys.FindAsync(Account.Id, Base64Url.DecodeFromChars(Id), Cancelled) : null;
        if (_passkey is null)
            context.Result = NotFound();
        else
            await next();
    }
}
