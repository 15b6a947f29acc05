using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Telemedicine.Clinical.Data;

internal static class DatabaseErrors
{
    /// <summary>The database refused a second row with the same key: SQLite's SQLITE_CONSTRAINT_UNIQUE and _PRIMARYKEY, SQL Server's 2601 and 2627.</summary>
    public static bool IsUniqueViolation(this DbUpdateException error) => error.InnerException switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 2067 or 1555,
        SqlException sqlServer => sqlServer.Number is 2601 or 2627,
        _ => false,
    };
}
