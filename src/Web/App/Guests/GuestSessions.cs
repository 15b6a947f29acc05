using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Guests;

/// <summary>Ends what a guest has open in a browser: its pages, and the call if it is in one.</summary>
public sealed class GuestSessions(EndedSessions ended, SignOutSignal signal)
{
    public async Task EndAsync(Guid? seat)
    {
        if (seat is not { } open)
            return;
        await ended.EndGuestAsync(open, CancellationToken.None);
        signal.Set();
    }
}
