using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Data;

// dotnet ef reads the model through these; it opens no database to add a migration or write a script.

internal sealed class SqliteDesignTimeContext : IDesignTimeDbContextFactory<SqliteAccountsDbContext>
{
    public SqliteAccountsDbContext CreateDbContext(string[] args) =>
        new(DesignTime.Options<SqliteAccountsDbContext>().UseSqlite("Data Source=design-time.db").Options);
}

internal sealed class SqlServerDesignTimeContext : IDesignTimeDbContextFactory<SqlServerAccountsDbContext>
{
    public SqlServerAccountsDbContext CreateDbContext(string[] args) =>
        new(DesignTime.Options<SqlServerAccountsDbContext>().UseSqlServer("Server=design-time").Options);
}

internal static class DesignTime
{
    /// <summary>The base context takes its schema version from the application's Identity options, so those must be there.</summary>
    public static DbContextOptionsBuilder<TContext> Options<TContext>()
        where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>().UseApplicationServiceProvider(
            new ServiceCollection().Configure<IdentityOptions>(AccountServices.ConfigureIdentity).BuildServiceProvider());
}
