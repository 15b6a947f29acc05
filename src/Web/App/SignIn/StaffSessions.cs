using Microsoft.Extensions.Options;

namespace Telemedicine.Web.SignIn;

/// <summary>Ends what somebody has open whose access as staff was taken away: their pages, and a board that is live.</summary>
public sealed class StaffSessions(EndedSessions ended, SignOutSignal signal, IOptionsMonitor<OidcOptions> options)
{
    /// <param name="subject">Null if there is nobody to sign out.</param>
    public async Task EndAsync(string? subject)
    {
        if (subject is null)
            return;
        await ended.EndAsync(options.Get(OidcHandler.SchemeName).Authority, session: null, subject, CancellationToken.None);
        signal.Set();
    }
}
