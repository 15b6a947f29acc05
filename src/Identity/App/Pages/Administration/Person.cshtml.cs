using Telemedicine.Identity.Administration;

namespace Telemedicine.Identity.Pages.Administration;

/// <summary>One account, what can be done to it, and what was.</summary>
public sealed class PersonModel(AccountAdministration accounts, AuditLog audit) : PersonPage(accounts)
{
    public IReadOnlyList<AuditEntry> History { get; private set; } = [];

    public async Task OnGetAsync() => History = await audit.OfAsync(Id, Cancelled);
}
