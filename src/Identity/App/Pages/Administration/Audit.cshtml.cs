using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Pages.Account;

namespace Telemedicine.Identity.Pages.Administration;

/// <summary>Everything that administrators did, the latest first.</summary>
public sealed class AuditModel(AuditLog audit, AccountAdministration accounts) : AccountPage
{
    private const int OnOnePage = 50;

    [FromQuery(Name = "before")]
    public long? Before { get; set; }

    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    /// <summary>Of the accounts that are still there.</summary>
    public IReadOnlyDictionary<Guid, string> Names { get; private set; } = new Dictionary<Guid, string>();

    /// <summary>Where the next page begins; null when this is the last.</summary>
    public long? Next => Entries.Count == OnOnePage && Entries[^1].Number > 1 ? Entries[^1].Number : null;

    public string NameOf(Guid accountId) => accountId == InviteAdministratorCommand.Operator ? "Whoever runs the server" : Names.GetValueOrDefault(accountId, "a deleted account");

    public async Task OnGetAsync()
    {
        Entries = await audit.ReadAsync(Before, OnOnePage, Cancelled);
        Names = await accounts.NamesAsync([.. Entries.SelectMany(entry => new[] { entry.ActorId, entry.SubjectId }).Distinct()], Cancelled);
    }

    public static string Describe(AuditEntry entry) => entry.Act switch
    {
        AdministrationAct.Invited => $"Invited as {entry.Detail}",
        AdministrationAct.InvitationWithdrawn => "Invitation withdrawn",
        AdministrationAct.InvitationAccepted => "Invitation accepted",
        AdministrationAct.RoleChanged => $"Role changed from {entry.Detail}",
        AdministrationAct.Disabled => "Account switched off",
        AdministrationAct.Enabled => "Account switched on",
        AdministrationAct.AuthenticatorReset => entry.Detail is null ? "Authenticator app reset" : $"Authenticator app reset {entry.Detail}",
        AdministrationAct.SignedOut => "Signed out of all devices",
        AdministrationAct.ProviderConnected => $"Connected with {entry.Detail} for signing in",
        AdministrationAct.ProviderDisconnected => $"Disconnected from {entry.Detail}",
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };
}
