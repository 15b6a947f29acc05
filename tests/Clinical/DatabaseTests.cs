using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Tests;

public sealed class DatabaseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("SqlServer")]
    public void The_migrations_say_all_that_the_model_says(string provider)
    {
        using var services = Services(provider, provider == "Sqlite" ? "Data Source=unused.db" : "Server=unused");
        using var scope = services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicalDbContext>();

        Assert.NotEmpty(db.Database.GetMigrations());
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void The_script_for_SQL_Server_can_be_run_again_parses_and_refuses_a_second_sale()
    {
        using var services = Services("SqlServer", "Server=unused");
        using var scope = services.CreateScope();
        var script = scope.ServiceProvider.GetRequiredService<ClinicalDbContext>().GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        var indexes = new Indexes();
        Parse(script).Accept(indexes);

        var sale = Assert.Single(indexes.Found, index => index.Name.Value == "IX_Appointments_SlotId");
        Assert.True(sale.Unique);
        Assert.Equal("[Status] <> 'Cancelled' AND [Status] <> 'EnteredInError'", Text(sale.FilterPredicate));
        Assert.Equal("Appointments", sale.OnName.BaseIdentifier.Value);
        var encounter = Assert.Single(indexes.Found, index => index.Name.Value == "IX_Encounters_AppointmentId");
        Assert.True(encounter.Unique && encounter.FilterPredicate is not null);
        Assert.Contains(indexes.Found, index => index is { Unique: true, Name.Value: "IX_Appointments_Reference" });
        Assert.Contains(indexes.Found, index => index is { Unique: true, Name.Value: "IX_Messages_OnceKey" });
        Assert.Contains(indexes.Found, index => index.OnName.BaseIdentifier.Value == "Slots" && index.Columns[0].Column.MultiPartIdentifier.Identifiers[0].Value == "PracticeId");
    }

    [Fact]
    public async Task A_new_file_keeps_a_write_ahead_log_checks_foreign_keys_and_can_be_migrated_again()
    {
        var folder = Directory.CreateTempSubdirectory("clinical-new-").FullName;
        await using (var services = Services("Sqlite", $"Data Source={Path.Combine(folder, "deeper", "clinical.db")}"))
        await using (var scope = services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<ClinicalDbContext>();

            await db.Database.MigrateAsync(Cancel);
            await db.Database.MigrateAsync(Cancel);

            Assert.Equal("wal", (await db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").ToListAsync(Cancel))[0]);
            Assert.Equal(1, (await db.Database.SqlQueryRaw<int>("SELECT foreign_keys AS Value FROM pragma_foreign_keys").ToListAsync(Cancel))[0]);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Patients_from_before_the_pieces_of_names_were_kept_get_theirs()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync("Agnieszka Ó", "Wójcik-O'Neil");
        Task<List<long>> GramsAsync() => clinic.ReadAsync(db => db.PatientGrams.Where(row => row.PatientId == patient.Id).OrderBy(row => row.Gram).Select(row => row.Gram).ToListAsync(Cancel));
        var kept = await GramsAsync();

        await clinic.ReadAsync(async db =>
        {
            var migrations = db.Database.GetMigrations().ToList();
            var migrator = db.GetService<IMigrator>();
            await migrator.MigrateAsync(migrations[migrations.FindIndex(name => name.EndsWith("_PatientGrams", StringComparison.Ordinal)) - 1], Cancel);
            await migrator.MigrateAsync(cancellationToken: Cancel);
            return true;
        });

        Assert.True(kept.Count > 20);
        Assert.Equal(kept, await GramsAsync());
    }

    [Fact]
    public async Task Data_protection_keys_are_kept_in_the_same_database()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.AskAsync<ClinicalDbContext, int>(db =>
        {
            db.DataProtectionKeys.Add(new DataProtectionKey { FriendlyName = "key-1", Xml = "<key/>" });
            return db.SaveChangesAsync(Cancel);
        });

        Assert.Equal("key-1", (await clinic.AskAsync<ClinicalDbContext, DataProtectionKey>(db => db.DataProtectionKeys.SingleAsync(Cancel))).FriendlyName);
    }

    [Fact]
    public async Task Instants_come_back_as_the_same_instants_in_UTC_and_sort_by_time()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var inTokyo = new DateTimeOffset(2026, 6, 9, 23, 30, 0, 123, TimeSpan.FromHours(9)).AddTicks(4567);
        var slot = (await clinic.AddSlotsAsync(inTokyo, slots: 1))[0];

        var read = await clinic.SlotAsync(slot.Id);

        Assert.Equal((inTokyo, TimeSpan.Zero), (read.Start, read.Start.Offset));
        Assert.True(await clinic.ReadAsync(db => db.Slots.AnyAsync(row => row.Start <= inTokyo && row.Start > inTokyo.AddTicks(-1), Cancel)));
    }

    [Theory]
    [InlineData("Sqlite", null, "ConnectionStrings:Clinical is missing")]
    [InlineData("Oracle", "Data Source=x", "Database:Provider is \"Oracle\": it must be Sqlite or SqlServer")]
    [InlineData(null, "Data Source=x", "it must be Sqlite or SqlServer")]
    public void Wrong_settings_are_one_plain_sentence(string? provider, string? connection, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidOperationException>(() => Services(provider, connection)).Message, StringComparison.Ordinal);

    private static TSqlFragment Parse(string script)
    {
        var tree = new TSql150Parser(initialQuotedIdentifiers: true).Parse(new StringReader(script), out var errors);
        Assert.Empty(errors.Select(error => $"{error.Line}: {error.Message}"));
        return tree;
    }

    private static string Text(TSqlFragment fragment) =>
        string.Concat(fragment.ScriptTokenStream.Skip(fragment.FirstTokenIndex).Take(fragment.LastTokenIndex - fragment.FirstTokenIndex + 1).Select(token => token.Text));

    private static ServiceProvider Services(string? provider, string? connection) => new ServiceCollection()
        .AddLogging()
        .AddClinical(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider,
            ["ConnectionStrings:Clinical"] = connection,
        }).Build())
        .BuildServiceProvider();

    private sealed class Indexes : TSqlFragmentVisitor
    {
        public List<CreateIndexStatement> Found { get; } = [];

        public override void Visit(CreateIndexStatement node) => Found.Add(node);

        /// <summary>A filtered index is made within EXEC(N'…'), which parses only when it runs.</summary>
        public override void Visit(ExecutableStringList node)
        {
            foreach (var text in node.Strings.OfType<StringLiteral>())
                Parse(text.Value).Accept(this);
        }
    }
}
