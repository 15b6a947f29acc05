using Telemedicine.Identity.Emails;
using Telemedicine.Identity.Pages.Account;

namespace Telemedicine.Identity.Pages.Administration;

/// <summary>What people wait for in vain.</summary>
public sealed class EmailsModel(EmailOutbox outbox) : AccountPage
{
    public IReadOnlyList<QueuedEmail> Emails { get; private set; } = [];

    public async Task OnGetAsync() => Emails = await outbox.UndeliveredAsync(Cancelled);

    public static string Describe(EmailKind kind) => kind switch
    {
        EmailKind.Invited => "An invitation",
        EmailKind.ConfirmAddress or EmailKind.ConfirmNewAddress => "A link to confirm an address",
        EmailKind.ResetPassword => "A link to choose a new password",
        _ => "A message about an account",
    };
}
