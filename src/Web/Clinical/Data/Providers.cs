using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Telemedicine.Clinical.Data;

/// <summary>The default: one file in a local folder.</summary>
public sealed class SqliteClinicalDbContext(DbContextOptions<SqliteClinicalDbContext> options, TimeProvider clock) : ClinicalDbContext(options, clock)
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new();

    /// <summary>
    /// SQLite lets one writer in at a time, and its driver waits by sleeping on a thread. Writers of one process queue here instead, first come,
    /// first served, without a thread each; those of another process still wait for the file's own lock.
    /// </summary>
    protected override SemaphoreSlim? WritersTurn =>
        Database.GetConnectionString() is { } file ? Turns.GetOrAdd(file, _ => new SemaphoreSlim(1, 1)) : null;
}

/// <summary>For more than one machine.</summary>
public sealed class SqlServerClinicalDbContext(DbContextOptions<SqlServerClinicalDbContext> options, TimeProvider clock) : ClinicalDbContext(options, clock);

/// <summary>For <c>dotnet ef</c> only: no database is opened.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteClinicalDbContext>
{
    public SqliteClinicalDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteClinicalDbContext>().UseSqlite("Data Source=design.db").Options, TimeProvider.System);
}

/// <summary>For <c>dotnet ef</c> only: no database is opened.</summary>
internal sealed class SqlServerDesignTimeFactory : IDesignTimeDbContextFactory<SqlServerClinicalDbContext>
{
    public SqlServerClinicalDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerClinicalDbContext>().UseSqlServer("Server=design").Options, TimeProvider.System);
}
