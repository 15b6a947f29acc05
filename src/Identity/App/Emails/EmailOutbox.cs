using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Emails;

/// <summary>Writes emails down, in the transaction of what they tell; <see cref="EmailSender"/> sends them.</summary>
public sealed class EmailOutbox(
    AccountsDbContext database, EmailProtection protection, ILookupNormalizer normalizer, EmailSignal signal, TimeProvider clock)
{
    /// <summary>
    /// Emails that anybody can have sent to one address, in an hour. Those that were sent still work, so nobody is kept from anything; and
    /// nobody can fill another's mailbox.
    /// </summary>
    public const int AskedForPerHour = 5;

    private const int MostListed = 200;

    /// <summary>Whether the address got as many as strangers may have sent to it.</summary>
    public async Task<bool> IsFullAsync(string address)
    {
        var normalized = Normalize(address);
        var oldest = clock.GetUtcNow() - TimeSpan.FromHours(1);
        return await database.QueuedEmails.CountAsync(email => email.NormalizedAddress == normalized && email.AskedAt > oldest, CancellationToken.None) >= AskedForPerHour;
    }

    /// <summary>Adds an email to the database context. It goes once that is saved and committed.</summary>
    /// <param name="token">Of its link.</param>
    public void Add(string address, EmailKind kind, string? token = null)
    {
        var now = clock.GetUtcNow();
        database.QueuedEmails.Add(new QueuedEmail
        {
            Id = Guid.NewGuid(),
            Kind = kind,
            Address = address,
            NormalizedAddress = Normalize(address),
            ProtectedToken = token is null ? null : protection.Protect(token),
            AskedAt = now,
            DueAt = now,
        });
    }

    /// <summary>What was given up, and what is tried for the third time or more: the latest first. Nothing that somebody without an account was sent.</summary>
    public Task<List<QueuedEmail>> UndeliveredAsync(CancellationToken cancellationToken) =>
        database.QueuedEmails.AsNoTracking()
            .Where(email => email.SentAt == null && (email.DueAt == null || email.Attempts >= 2) && email.Kind != EmailKind.NoAccount)
            .OrderByDescending(email => email.AskedAt)
            .Take(MostListed)
            .ToListAsync(cancellationToken);

    /// <summary>Has them sent now rather than at the next round. To be called once they are committed.</summary>
    public void Send() => signal.Set();

    private string Normalize(string address) => normalizer.NormalizeEmail(address);
}

/// <summary>Keeps the tokens of waiting emails from who reads the database.</summary>
public sealed class EmailProtection(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Telemedicine.Identity.Emails");

    public string Protect(string token) => _protector.Protect(token);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The key is gone.</exception>
    public string Unprotect(string text) => _protector.Unprotect(text);
}
