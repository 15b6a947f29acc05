using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>
/// What an application knows a person by: the "sub" of all that it is told. For most it is the account's id; for applications with pairwise subjects a keyed
/// hash of it and their sector (OpenID Connect Core section 8.1), which is the same on every instance and after every restart.
/// </summary>
public sealed class Subjects(IServiceScopeFactory scopes, IDataProtectionProvider protection, ClientRegistry clients)
{
    private const int SaltBytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("Telemedicine.Identity.PairwiseSubjects");
    private byte[] _salt = [];

    public string Of(Client client, Guid accountId)
    {
        if (client.PairwiseSector is not { } sector)
            return accountId.ToString();
        if (_salt.Length == 0)
            throw new InvalidOperationException("The salt of pairwise subjects has not been read.");
        return Base64Url.EncodeToString(HMACSHA256.HashData(_salt, Encoding.UTF8.GetBytes($"{sector}\n{accountId}")));
    }

    /// <summary>For the client that a grant or a notice names; one that is not in the settings any more has no sector to keep apart.</summary>
    public string Of(string clientId, Guid accountId) => clients.Find(clientId) is { } client ? Of(client, accountId) : accountId.ToString();

    /// <summary>Reads the salt, or makes it at the first start that needs one. To be called before the first request.</summary>
    /// <exception cref="CryptographicException">It was stored under another certificate.</exception>
    public async Task PrepareAsync()
    {
        if (clients.All.All(client => client.PairwiseSector is null))
            return;
        if (await ReadAsync() is { } stored)
        {
            _salt = stored;
            return;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
            database.Set<PairwiseSalt>().Add(new PairwiseSalt { Id = PairwiseSalt.Only, ProtectedSalt = _protector.Protect(RandomNumberGenerator.GetBytes(SaltBytes)) });
            await database.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            // Another instance made it in the same moment: that one serves, if it is there.
        }

        _salt = await ReadAsync() ?? throw new InvalidOperationException("The salt of pairwise subjects was not stored.");
    }

    private async Task<byte[]?> ReadAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        var row = await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().Set<PairwiseSalt>().AsNoTracking().SingleOrDefaultAsync();
        return row is null ? null : _protector.Unprotect(row.ProtectedSalt);
    }
}

/// <summary>The secret behind pairwise subjects: one row. Without it all of them would change.</summary>
public sealed class PairwiseSalt
{
    /// <summary>The only row's id: of two instances that make it at once one wins.</summary>
    public const int Only = 1;

    public required int Id { get; init; }

    /// <summary>Under data protection.</summary>
    public required byte[] ProtectedSalt { get; init; }
}

internal sealed class PairwiseSaltMapping : IEntityTypeConfiguration<PairwiseSalt>
{
    public void Configure(EntityTypeBuilder<PairwiseSalt> builder)
    {
        builder.ToTable("PairwiseSalts");
        builder.Property(salt => salt.Id).ValueGeneratedNever();
        builder.Property(salt => salt.ProtectedSalt).HasMaxLength(1000);
    }
}
