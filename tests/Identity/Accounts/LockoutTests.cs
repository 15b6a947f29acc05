using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Accounts;

public sealed class LockoutTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static string Password => IdentityHost.People.Password;

    [Fact]
    public async Task Nine_failures_do_not_lock_and_a_success_clears_them()
    {
        var email = Person.Patient(0).Email;

        Assert.False(await AnySucceedsAsync(email, 9));
        Assert.True(await SignsInAsync(email));
        Assert.False(await AnySucceedsAsync(email, 9));
        Assert.True(await SignsInAsync(email));
    }

    [Fact]
    public async Task After_ten_failures_the_right_password_has_to_wait_a_minute()
    {
        var email = Person.Patient(1).Email;

        Assert.False(await AnySucceedsAsync(email, 10));
        Assert.False(await SignsInAsync(email));
        host.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(await SignsInAsync(email));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await SignsInAsync(email));
    }

    [Fact]
    public async Task Waits_grow_and_stay_within_15_minutes()
    {
        var account = Person.Patient(2);
        var waits = new List<double>();
        Assert.False(await AnySucceedsAsync(account.Email, 10));

        for (var round = 0; round < 6; round++)
        {
            var lockedUntil = await host.InDatabaseAsync(database => database.Users
                .Where(row => row.Id == account.Subject).Select(row => row.LockoutEnd).SingleAsync(TestContext.Current.CancellationToken));
            Assert.NotNull(lockedUntil);
            waits.Add((lockedUntil.Value - host.Clock.GetUtcNow()).TotalMinutes);
            host.Clock.SetUtcNow(lockedUntil.Value);
            Assert.False(await AnySucceedsAsync(account.Email, 1));
        }

        Assert.Equal([1, 2, 4, 8, 15, 15], waits);
    }

    [Fact]
    public async Task Fewer_than_100_guesses_an_hour_reach_the_password_even_from_many_browsers_at_once()
    {
        var hasher = new CountingHasher(host.Services.GetRequiredService<IOptions<PasswordHasherOptions>>());
        await using var counted = new IdentityHost();
        await using var factory = counted.WithWebHostBuilder(builder => builder.ConfigureTestServices(
            services => services.AddSingleton<IPasswordHasher<Account>>(hasher)));
        var account = Person.Patient(3);

        for (var minute = 0; minute < 60; minute++)
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
            {
                using var scope = factory.Services.CreateScope();
                await scope.ServiceProvider.GetRequiredService<PasswordSignIn>().VerifyAsync(account.Email, "a guess");
            }));
            counted.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        // Ten at once, then after 1, 2, 4 and 8 minutes, then every 15.
        Assert.InRange(hasher.VerifiedAgainst(Password), 14, 20);
        Assert.Equal(180, hasher.Verified);
    }

    [Fact]
    public async Task Every_refusal_costs_one_hash_whether_the_account_exists_or_waits()
    {
        var hasher = new CountingHasher(host.Services.GetRequiredService<IOptions<PasswordHasherOptions>>());
        await using var counted = new IdentityHost();
        await using var factory = counted.WithWebHostBuilder(builder => builder.ConfigureTestServices(
            services => services.AddSingleton<IPasswordHasher<Account>>(hasher)));
        using var scope = factory.Services.CreateScope();
        var passwords = scope.ServiceProvider.GetRequiredService<PasswordSignIn>();

        for (var failure = 1; failure <= 12; failure++)
        {
            await passwords.VerifyAsync(Person.Patient(4).Email, "wrong");
            Assert.Equal((2 * failure) - 1, hasher.Verified);
            await passwords.VerifyAsync("nobody@example.com", "wrong");
            Assert.Equal(2 * failure, hasher.Verified);
        }
    }

    [Fact]
    public void Passwords_are_hashed_as_dearly_as_OWASP_advises()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddAccounts(new Hosting.SettingsForTests().Read());
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<PasswordHasherOptions>>().Value;
        var hash = Convert.FromBase64String(new PasswordHasher<Account>(Options.Create(options)).HashPassword(
            new Account { GivenName = "A", FamilyName = "B" }, "a password"));

        // Identity's format 3: marker 1, then PRF (2 is HMAC-SHA512) and rounds, big-endian.
        Assert.Equal(1, hash[0]);
        Assert.Equal(2, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1)));
        Assert.InRange(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)), 210_000, int.MaxValue);
    }

    [Fact]
    public async Task A_hash_made_at_a_lower_cost_is_renewed_at_sign_in()
    {
        var person = Person.Patient(6);
        var cheap = new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = 10 })).HashPassword(
            new Account { GivenName = "A", FamilyName = "B" }, Password);
        await host.InDatabaseAsync(database => database.Users.Where(row => row.Id == person.Subject).ExecuteUpdateAsync(
            row => row.SetProperty(account => account.PasswordHash, cheap), TestContext.Current.CancellationToken));

        Assert.False(await AnySucceedsAsync(person.Email, 3));
        Assert.True(await SignsInAsync(person.Email));

        var account = await host.InDatabaseAsync(database => database.Users.AsNoTracking()
            .SingleAsync(row => row.Id == person.Subject, TestContext.Current.CancellationToken));
        Assert.NotEqual(cheap, account.PasswordHash);
        Assert.Equal(0, account.AccessFailedCount);
        Assert.True(await SignsInAsync(person.Email));
    }

    private async Task<bool> AnySucceedsAsync(string email, int wrongAttempts)
    {
        using var browser = host.OpenBrowser();
        var any = false;
        for (var attempt = 0; attempt < wrongAttempts; attempt++)
        {
            using var response = await browser.TrySignInAsync(email, $"wrong {attempt}");
            any |= response.StatusCode != HttpStatusCode.BadRequest;
        }

        return any;
    }

    private async Task<bool> SignsInAsync(string email)
    {
        using var browser = host.OpenBrowser();
        using var response = await browser.TrySignInAsync(email, Password);
        return response.StatusCode == HttpStatusCode.Redirect;
    }

    /// <summary>The real hasher, counting.</summary>
    private sealed class CountingHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<Account>(options)
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _hashes = new();

        public int Verified => _hashes.Count;

        /// <summary>How many verifications were against a hash of this password, not a decoy.</summary>
        public int VerifiedAgainst(string password) => _hashes.Count(
            hash => base.VerifyHashedPassword(new Account { GivenName = "A", FamilyName = "B" }, hash, password) != PasswordVerificationResult.Failed);

        public override PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            _hashes.Enqueue(hashedPassword);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
