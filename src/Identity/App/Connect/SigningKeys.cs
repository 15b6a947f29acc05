using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>
/// The keys that sign ID tokens: made at first start, replaced on a schedule, kept in the database so that instances share them. A successor
/// is published for <see cref="Overlap"/> before it signs, and a key is still published for <see cref="Overlap"/> after it stops.
/// </summary>
public sealed partial class SigningKeys(
    IServiceScopeFactory scopes, IDataProtectionProvider protection, ClientRegistry clients, TimeProvider clock, ILogger<SigningKeys> logger)
{
    private const int RsaBits = 3072;

    /// <summary>The first is every application's that does not ask for another.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256];

    /// <summary>How long one key signs.</summary>
    public static readonly TimeSpan SigningLifetime = TimeSpan.FromDays(90);

    public static readonly TimeSpan Overlap = TimeSpan.FromDays(14);

    /// <summary>An instance learns of another's new key within this, far less than <see cref="Overlap"/>.</summary>
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromMinutes(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Telemedicine.Identity.SigningKeys");
    private volatile Loaded? _loaded;

    /// <summary>Those that an application asks for: nobody is served by keys that sign nothing.</summary>
    private IEnumerable<string> InUse => Algorithms.Where(algorithm => algorithm == Algorithms[0] || clients.All.Any(client => client.SigningAlgorithm == algorithm));

    /// <summary>The key that signs now.</summary>
    /// <exception cref="InvalidOperationException">There is none: <see cref="RotateAsync"/> has not run for months.</exception>
    public async Task<SigningCredentials> CurrentAsync(string algorithm, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var loaded = await LoadAsync(cancellationToken);
        var key = loaded.Keys.LastOrDefault(key => key.Row.Algorithm == algorithm && key.Row.ActivatesAt <= now && now < key.Row.RetiresAt)
            ?? throw new InvalidOperationException("No signing key is active.");
        return key.Signer.Value;
    }

    /// <summary>The public half of every key whose signatures are believed, future ones included.</summary>
    public async Task<IReadOnlyList<AsymmetricSecurityKey>> PublishedAsync(CancellationToken cancellationToken) =>
        [.. (await LoadAsync(cancellationToken)).Keys.Select(key => key.Verifier)];

    /// <summary>Makes the first key of each algorithm, or the next one when its time has come. Safe to call at any time from any instance.</summary>
    public async Task RotateAsync()
    {
        foreach (var algorithm in InUse)
            await RotateAsync(algorithm);
    }

    private async Task RotateAsync(string algorithm)
    {
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();

        // One look: what is decided and the number that decides a race belong to the same moment.
        var made = await database.SigningKeys.AsNoTracking().OrderBy(key => key.Number).Select(key => new { key.Number, key.Algorithm, key.RetiresAt }).ToListAsync();
        var newest = made.LastOrDefault(key => key.Algorithm == algorithm);
        if (newest is not null && newest.RetiresAt - now > Overlap)
            return;

        var successor = Make(algorithm, (made.LastOrDefault()?.Number ?? 0) + 1, newest is null || newest.RetiresAt < now ? now : newest.RetiresAt);
        database.SigningKeys.Add(successor);
        try
        {
            await database.SaveChangesAsync();
            Made(successor.KeyId, successor.ActivatesAt);
        }
        catch (DbUpdateException) when (Exists(successor.Number))
        {
            // Another instance made it in the same moment: its key serves.
        }

        _loaded = null;
    }

    private bool Exists(int number)
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<AccountsDbContext>().SigningKeys.Any(key => key.Number == number);
    }

    private SigningKey Make(string algorithm, int number, DateTimeOffset activatesAt)
    {
        using var pair = Create(algorithm, RsaBits);
        return new SigningKey
        {
            Number = number,
            KeyId = Base64UrlEncoder.Encode(KeyOf(pair, keyId: null).ComputeJwkThumbprint()),
            Algorithm = algorithm,
            PublicKey = pair.ExportSubjectPublicKeyInfo(),
            ProtectedPrivateKey = _protector.Protect(pair.ExportPkcs8PrivateKey()),
            ActivatesAt = activatesAt,
            RetiresAt = activatesAt + SigningLifetime,
            ExpiresAt = activatesAt + SigningLifetime + Overlap,
        };
    }

    private async Task<Loaded> LoadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_loaded is { } loaded && now - loaded.At < CacheLifetime)
            return loaded;

        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().SigningKeys.AsNoTracking()
            .Where(key => key.ExpiresAt > now)
            .OrderBy(key => key.Number)
            .ToListAsync(cancellationToken);
        return _loaded = new Loaded(now, rows.ConvertAll(Open));
    }

    private LoadedKey Open(SigningKey row)
    {
        var pair = Create(row.Algorithm);
        pair.ImportSubjectPublicKeyInfo(row.PublicKey, out _);
        return new LoadedKey(row, KeyOf(pair, row.KeyId), new Lazy<SigningCredentials>(() => SignerOf(row)));
    }

    private SigningCredentials SignerOf(SigningKey row)
    {
        var pair = Create(row.Algorithm);
        pair.ImportPkcs8PrivateKey(_protector.Unprotect(row.ProtectedPrivateKey), out _);
        return new SigningCredentials(KeyOf(pair, row.KeyId), row.Algorithm);
    }

    /// <param name="rsaBits">0 for one that is imported.</param>
    private static AsymmetricAlgorithm Create(string algorithm, int rsaBits = 0) => algorithm switch
    {
        SecurityAlgorithms.EcdsaSha256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        SecurityAlgorithms.RsaSha256 => rsaBits == 0 ? RSA.Create() : RSA.Create(rsaBits),
        _ => throw new InvalidOperationException($"No signing key can be of {algorithm}."),
    };

    private static AsymmetricSecurityKey KeyOf(AsymmetricAlgorithm pair, string? keyId) =>
        pair is RSA rsa ? new RsaSecurityKey(rsa) { KeyId = keyId } : new ECDsaSecurityKey((ECDsa)pair) { KeyId = keyId };

    private sealed record Loaded(DateTimeOffset At, IReadOnlyList<LoadedKey> Keys);

    /// <param name="Signer">Opened at first use: a key that only verifies is never decrypted.</param>
    private sealed record LoadedKey(SigningKey Row, AsymmetricSecurityKey Verifier, Lazy<SigningCredentials> Signer);
}
