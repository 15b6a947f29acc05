using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Data;

/// <summary>Both migration sets are complete; SQLite's is run by every other test, SQL Server's is written out here.</summary>
public sealed class MigrationTests
{
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("SqlServer")]
    public async Task The_migrations_are_up_to_date_with_the_model(string provider)
    {
        await using var context = Create(provider);

        Assert.NotEmpty(context.Database.GetMigrations());
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task The_SQL_Server_script_makes_every_table_and_can_be_run_twice()
    {
        await using var context = Create("SqlServer");

        var script = context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        foreach (var table in context.Model.GetEntityTypes().Select(type => type.GetTableName()).Distinct())
            Assert.Contains($"CREATE TABLE [{table}]", script, StringComparison.Ordinal);
        foreach (var migration in context.Database.GetMigrations())
            Assert.Contains($"WHERE [MigrationId] = N'{migration}'", script, StringComparison.Ordinal);
        Assert.Contains("CREATE UNIQUE INDEX [IX_Grants_CodeHash] ON [Grants] ([CodeHash])", script, StringComparison.Ordinal);
        Assert.Contains("CREATE UNIQUE INDEX [EmailIndex] ON [Accounts] ([NormalizedEmail]) WHERE [NormalizedEmail] IS NOT NULL", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_made_by_the_migrations_has_nothing_pending()
    {
        await using var host = new IdentityHost();

        var pending = await host.InDatabaseAsync(
            async database => await database.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));

        Assert.Empty(pending);
    }

    /// <summary>As dotnet ef makes it.</summary>
    private static AccountsDbContext Create(string provider)
    {
        var factory = typeof(AccountsDbContext).Assembly.GetType($"Telemedicine.Identity.Data.{provider}DesignTimeContext", throwOnError: true);
        Assert.NotNull(factory);
        return Activator.CreateInstance(factory) switch
        {
            IDesignTimeDbContextFactory<SqliteAccountsDbContext> sqlite => sqlite.CreateDbContext([]),
            IDesignTimeDbContextFactory<SqlServerAccountsDbContext> sqlServer => sqlServer.CreateDbContext([]),
            _ => throw new InvalidOperationException($"{factory} makes no context."),
        };
    }
}
