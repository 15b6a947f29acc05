namespace Telemedicine.Identity.Administration;

/// <summary>`--verify-audit`, or `--verify-audit=12:hash` with a mark that was noted before: says whether the log is as it was written.</summary>
public static class AuditCommand
{
    private const string Name = "--verify-audit";

    public static bool IsIt(string argument) => argument == Name || argument.StartsWith(Name + '=', StringComparison.Ordinal);

    /// <returns>The exit code: 0 whole, 1 broken, 2 not understood.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, string argument, TextWriter output)
    {
        AuditMark? known = null;
        if (argument.Length > Name.Length && (known = AuditMark.Parse(argument[(Name.Length + 1)..])) is null)
        {
            await output.WriteLineAsync($"{Name} takes the number and hash of an entry, as it printed them before: {Name}=12:<64 hexadecimal digits>.");
            return 2;
        }

        await using var scope = services.CreateAsyncScope();
        switch (await scope.ServiceProvider.GetRequiredService<AuditLog>().CheckAsync(known, CancellationToken.None))
        {
            case AuditCheck.Broken broken:
                await output.WriteLineAsync($"The audit log has been changed at entry {broken.Number}: {broken.Why}.");
                return 1;
            case AuditCheck.Whole { Last: { } last }:
                await output.WriteLineAsync($"The audit log is as it was written: {last.Number} entries. Keep this elsewhere: {last}");
                return 0;
            default:
                await output.WriteLineAsync("The audit log is empty.");
                return 0;
        }
    }
}
