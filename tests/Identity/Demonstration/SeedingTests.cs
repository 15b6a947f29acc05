using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Demonstration;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Demonstration;

public sealed class SeedingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everyone_in_the_file_has_an_account_with_their_subject_and_role()
    {
        await using var host = new IdentityHost();

        var accounts = await ReadAsync(host);

        Assert.Equal(
            IdentityHost.People.People
                .Select(person => new Row(person.Subject, person.Email, person.GivenName, person.FamilyName, EmailConfirmed: true, person.Role))
                .OrderBy(row => row.Subject),
            accounts.OrderBy(row => row.Subject));
    }

    [Fact]
    public async Task A_second_start_adds_nothing_and_changes_nothing()
    {
        await using var host = new IdentityHost();
        var first = await StampsAsync(host);
        await using var again = host.AnotherInstance();

        var second = await StampsAsync(again);

        Assert.Equal(27, first.Count);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Someone_missing_is_added_beside_the_others()
    {
        await using var host = new IdentityHost();
        var before = await StampsAsync(host);
        await host.InDatabaseAsync(database => database.Users.Where(account => account.Id == Person.Patient().Subject).ExecuteDeleteAsync(Cancellation));

        using (var scope = host.Services.CreateScope())
            await scope.ServiceProvider.GetRequiredService<DemonstrationAccounts>().SeedAsync();

        var after = await StampsAsync(host);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.Single(after, account => before[account.Key] != account.Value);
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
    }

    [Fact]
    public async Task Outside_demonstration_mode_there_are_no_accounts_and_no_list()
    {
        await using var host = new IdentityHost { Overrides = { ["Demonstration:Enabled"] = "false" } };
        using var browser = host.OpenBrowser();

        var page = await browser.OpenAsync("/account/sign-in");

        Assert.Null(page.QuerySelector("details"));
        Assert.DoesNotContain(IdentityHost.People.Password, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Empty(await StampsAsync(host));
    }

    private static Task<List<Row>> ReadAsync(IdentityHost host) => host.InDatabaseAsync(database => database.Users
        .Join(database.UserRoles, account => account.Id, membership => membership.UserId, (account, membership) => new { account, membership })
        .Join(
            database.Roles,
            pair => pair.membership.RoleId,
            role => role.Id,
            (pair, role) => new Row(
                pair.account.Id, pair.account.Email, pair.account.GivenName, pair.account.FamilyName, pair.account.EmailConfirmed, role.Name))
        .ToListAsync(Cancellation));

    private static Task<Dictionary<Guid, string>> StampsAsync(IdentityHost host) => host.InDatabaseAsync(database =>
        database.Users.ToDictionaryAsync(account => account.Id, account => $"{account.SecurityStamp} {account.PasswordHash}", Cancellation));

    private sealed record Row(Guid Subject, string? Email, string GivenName, string FamilyName, bool EmailConfirmed, string? Role);
}
