using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Accounts;

/// <summary>What takes time when somebody registers is the same whether the address is new, waits to be confirmed, or has an account.</summary>
public sealed class RegistrationCostTests
{
    [Fact]
    public async Task Each_registration_costs_one_hash_and_one_email_whatever_the_address_is()
    {
        await using var host = new IdentityHost();
        var hasher = new CountingHasher(host.Services.GetRequiredService<IOptions<PasswordHasherOptions>>());
        await using var factory = host.WithWebHostBuilder(builder => builder.ConfigureTestServices(
            services => services.AddSingleton<IPasswordHasher<Account>>(hasher)));
        hasher.Hashes = 0;
        var costs = new List<(int Hashes, int Emails, int Events)>();

        foreach (var address in new[] { "new@example.org", "new@example.org", Person.Patient().Email })
        {
            using var scope = factory.Services.CreateScope();
            await scope.ServiceProvider.GetRequiredService<Registrations>().RegisterAsync(new NewPerson("Nadia", "Hart", address, "teapot-gravel-envelope"));
            var database = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
            costs.Add((hasher.Hashes, await database.QueuedEmails.CountAsync(TestContext.Current.CancellationToken), await database.AccountEvents.CountAsync(TestContext.Current.CancellationToken)));
        }

        Assert.Equal([(1, 1, 1), (2, 2, 2), (3, 3, 3)], costs);
    }

    private sealed class CountingHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<Account>(options)
    {
        public int Hashes { get; set; }

        public override string HashPassword(Account user, string password)
        {
            Hashes++;
            return base.HashPassword(user, password);
        }
    }
}
