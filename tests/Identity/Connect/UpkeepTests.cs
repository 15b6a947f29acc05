using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Connect;

public sealed class UpkeepTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_past_use_is_deleted_and_nothing_else()
    {
        await using var host = new IdentityHost();
        using var upkeep = ActivatorUtilities.CreateInstance<Upkeep>(host.Services);
        await SignInAsync(host, Person.Patient(0).Email);
        host.Clock.Advance(TimeSpan.FromHours(30));
        await SignInAsync(host, Person.Patient(1).Email);
        host.Clock.Advance(TimeSpan.FromHours(10));

        await upkeep.CleanAsync();

        var left = await host.InDatabaseAsync(async database => (
            Sessions: await database.Sessions.Select(session => session.AccountId).ToListAsync(Cancellation),
            Grants: await database.Grants.CountAsync(Cancellation),
            Tokens: await database.AccessTokens.CountAsync(Cancellation)));
        Assert.Equal(Person.Patient(1).Subject, Assert.Single(left.Sessions));
        Assert.Equal((1, 0), (left.Grants, left.Tokens));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_runs_by_itself_when_an_hour_has_passed()
    {
        await using var host = new IdentityHost();
        await SignInAsync(host, Person.Patient().Email);
        host.Clock.Advance(TimeSpan.FromDays(80));
        using var upkeep = ActivatorUtilities.CreateInstance<Upkeep>(host.Services);
        await upkeep.StartAsync(Cancellation);
        var before = await CountAsync(host);

        host.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((1, 1), before);
        while (await CountAsync(host) != (2, 0))
            await Task.Yield();
        await upkeep.StopAsync(Cancellation);
    }

    private static Task<(int Keys, int Sessions)> CountAsync(IdentityHost host) => host.InDatabaseAsync(async database =>
        (await database.SigningKeys.CountAsync(Cancellation), await database.Sessions.CountAsync(Cancellation)));

    private static async Task SignInAsync(IdentityHost host, string email)
    {
        using var browser = host.OpenBrowser();
        await Application.Web.SignInAsync(host, browser, email);
    }
}
