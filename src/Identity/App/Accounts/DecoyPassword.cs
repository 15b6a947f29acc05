using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace Telemedicine.Identity.Accounts;

/// <summary>A hash that no password matches, at the same cost as a real one: for attempts that are refused without a hash to look at.</summary>
public sealed class DecoyPassword
{
    private readonly IPasswordHasher<Account> _hasher;
    private readonly Account _nobody = new() { GivenName = "Nobody", FamilyName = "Nobody" };
    private readonly string _hash;

    public DecoyPassword(IServiceScopeFactory scopes)
    {
        using var scope = scopes.CreateScope();
        _hasher = scope.ServiceProvider.GetRequiredService<IPasswordHasher<Account>>();
        _hash = _hasher.HashPassword(_nobody, RandomNumberGenerator.GetHexString(64));
    }

    public void Verify(string password) => _hasher.VerifyHashedPassword(_nobody, _hash, password);
}
