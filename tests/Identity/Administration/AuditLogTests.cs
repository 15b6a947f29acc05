using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Administration;

/// <summary>The log is only ever added to; who changes the database behind the service's back is found out.</summary>
public sealed class AuditLogTests : IAsyncDisposable
{
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_log_and_a_whole_one_pass()
    {
        Assert.Equal((0, "The audit log is empty.\n"), await VerifyAsync());

        await WriteAsync(3);

        var (code, text) = await VerifyAsync();
        Assert.Equal(0, code);
        Assert.Matches("^The audit log is as it was written: 3 entries. Keep this elsewhere: 3:[0-9a-f]{64}\n$", text);
    }

    [Theory]
    [InlineData("UPDATE AuditEntries SET Reason = 'another' WHERE Number = 2")]
    [InlineData("DELETE FROM AuditEntries WHERE Number = 3")]
    [InlineData("DELETE FROM AuditEntries")]
    public async Task The_database_refuses_to_change_it(string statement)
    {
        await WriteAsync(3);

        var refusal = await Assert.ThrowsAsync<SqliteException>(() => ExecuteAsync(statement));

        Assert.Contains("The audit log cannot be changed.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE AuditEntries SET Reason = 'another' WHERE Number = 2", "The audit log has been changed at entry 2: it, or one before it, is not what was written.\n")]
    [InlineData("UPDATE AuditEntries SET Reason = NULL WHERE Number = 1", "The audit log has been changed at entry 1: it, or one before it, is not what was written.\n")]
    [InlineData("UPDATE AuditEntries SET ActorId = '00000000-0000-0000-0000-000000000001' WHERE Number = 3", "The audit log has been changed at entry 3: it, or one before it, is not what was written.\n")]
    [InlineData("UPDATE AuditEntries SET At = '2026-01-01 00:00:00' WHERE Number = 3", "The audit log has been changed at entry 3: it, or one before it, is not what was written.\n")]
    [InlineData("UPDATE AuditEntries SET Act = 'Enabled' WHERE Number = 3", "The audit log has been changed at entry 3: it, or one before it, is not what was written.\n")]
    [InlineData("DELETE FROM AuditEntries WHERE Number = 2", "The audit log has been changed at entry 2: it is missing.\n")]
    [InlineData("DELETE FROM AuditEntries WHERE Number = 1", "The audit log has been changed at entry 1: it is missing.\n")]
    [InlineData("UPDATE AuditEntries SET Number = 9 WHERE Number = 3", "The audit log has been changed at entry 3: it is missing.\n")]
    public async Task Who_takes_the_triggers_away_and_changes_it_is_found_out(string statement, string said)
    {
        await WriteAsync(4);

        await ExecuteAsync($"DROP TRIGGER AuditEntries_AppendOnly; DROP TRIGGER AuditEntries_KeepAll; {statement}");

        Assert.Equal((1, said), await VerifyAsync());
    }

    [Fact]
    public async Task Entries_cut_off_at_the_end_or_a_log_written_anew_show_against_a_mark_that_was_kept()
    {
        await WriteAsync(3);
        var mark = (await VerifyAsync()).Text.Trim().Split(' ')[^1];
        await WriteAsync(1);
        Assert.Equal(0, (await VerifyAsync("=" + mark)).Code);

        await ExecuteAsync("DROP TRIGGER AuditEntries_KeepAll; DELETE FROM AuditEntries WHERE Number > 2");
        Assert.Equal(0, (await VerifyAsync()).Code);
        Assert.Equal((1, "The audit log has been changed at entry 3: it is not there as it was noted.\n"), await VerifyAsync("=" + mark));

        await ExecuteAsync("DELETE FROM AuditEntries");
        _host.Clock.Advance(TimeSpan.FromHours(1));
        await WriteAsync(5);
        Assert.Equal(0, (await VerifyAsync()).Code);
        Assert.Equal((1, "The audit log has been changed at entry 3: it is not there as it was noted.\n"), await VerifyAsync("=" + mark));
    }

    [Theory]
    [InlineData("=")]
    [InlineData("=3")]
    [InlineData("=3:zz")]
    [InlineData("=-3:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_mark_that_is_none_is_said_to_be_none(string mark) => Assert.Equal(2, (await VerifyAsync(mark)).Code);

    [Fact]
    public async Task Acts_at_once_at_two_instances_make_one_chain()
    {
        await using var other = _host.AnotherInstance();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => WriteOneAsync(number % 2 == 0 ? _host : other)));

        var (code, text) = await VerifyAsync();
        Assert.Equal(0, code);
        Assert.Contains(": 20 entries.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_done_is_not_in_it()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();

        var done = await audit.RecordAsync(Guid.NewGuid(), Guid.NewGuid(), AdministrationAct.Disabled, null, "why", () => Task.FromResult(false));
        await Assert.ThrowsAsync<TimeoutException>(() => audit.RecordAsync(Guid.NewGuid(), Guid.NewGuid(), AdministrationAct.Disabled, null, "why", () => throw new TimeoutException()));

        Assert.False(done);
        Assert.Equal((0, "The audit log is empty.\n"), await VerifyAsync());
    }

    [Fact]
    public async Task The_newest_mark_goes_to_the_log_of_the_service()
    {
        await WriteAsync(2);
        using var upkeep = ActivatorUtilities.CreateInstance<Upkeep>(_host.Services);

        await upkeep.NoteAuditAsync();

        var mark = (await VerifyAsync()).Text.Trim().Split(' ')[^1];
        Assert.Contains(_host.LogLines, line => line.Contains($"The newest entry of the audit log is {mark}", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task WriteOneAsync(IdentityHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuditLog>().RecordAsync(
            Person.Clinician().Subject, Person.Patient().Subject, AdministrationAct.Disabled, null, "why", () => Task.FromResult(true));
    }

    private async Task WriteAsync(int entries)
    {
        for (var i = 0; i < entries; i++)
            await WriteOneAsync(_host);
    }

    private Task<int> ExecuteAsync(string sql) => _host.InDatabaseAsync(database => database.Database.ExecuteSqlRawAsync(sql, Cancellation));

    private async Task<(int Code, string Text)> VerifyAsync(string mark = "")
    {
        await using var output = new StringWriter { NewLine = "\n" };
        var code = await AuditCommand.RunAsync(_host.Services, "--verify-audit" + mark, output);
        return (code, output.ToString());
    }
}
