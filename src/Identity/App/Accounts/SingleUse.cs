using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Accounts;

/// <summary>Tells the first use of something from the others, on one instance or on several.</summary>
public sealed class SingleUse(AccountsDbContext database)
{
    /// <summary>The primary key decides which of two uses at once is the first. To be called with nothing else waiting to be saved.</summary>
    /// <param name="what">Names it among everything that is used once.</param>
    /// <param name="forgetAt">When it is good for nothing anyway.</param>
    public async Task<bool> IsFirstAsync(string what, DateTimeOffset forgetAt)
    {
        database.UsedAssertions.Add(new UsedAssertion { Hash = OpaqueSecret.Hash(what), ForgetAt = forgetAt });
        try
        {
            await database.SaveChangesAsync(CancellationToken.None);
            return true;
        }
        catch (DbUpdateException)
        {
            database.ChangeTracker.Clear();
            return false;
        }
    }
}
