using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Data;

public static class AccountsDatabase
{
    public static IServiceCollection AddAccountsDatabase(this IServiceCollection services, ProviderSettings settings)
    {
        services.AddHealthChecks().AddDbContextCheck<AccountsDbContext>();
        return settings.DatabaseProvider switch
        {
            DatabaseProvider.Sqlite => services.AddDbContext<AccountsDbContext, SqliteAccountsDbContext>(
                options => options.UseSqlite(settings.ConnectionString)),
            DatabaseProvider.SqlServer => services.AddDbContext<AccountsDbContext, SqlServerAccountsDbContext>(
                options => options.UseSqlServer(settings.ConnectionString)),
            var other => throw new InvalidOperationException($"No database provider {other}."),
        };
    }

    /// <summary>Brings the database to this version's schema, making it if need be.</summary>
    public static async Task MigrateAsync(IServiceProvider services, ProviderSettings settings)
    {
        if (settings.DatabaseProvider == DatabaseProvider.Sqlite
            && Path.GetDirectoryName(new SqliteConnectionStringBuilder(settings.ConnectionString).DataSource) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().Database.MigrateAsync();
    }

    public static async Task<bool> IsUpToDateAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var pending = await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().Database.GetPendingMigrationsAsync();
        return !pending.Any();
    }
}
