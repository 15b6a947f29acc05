using Telemedicine.Clinical.Practices;

namespace Telemedicine.Web.Infrastructure;

/// <summary>
/// `--add-practice`: makes a practice and its first administrator, or adds an administrator to a practice that is there. Who signs in with the address, and has the
/// role of an administrator at the provider, may then do the rest on the pages.
/// </summary>
public static class AddPracticeCommand
{
    public const string Name = "--add-practice";

    private const string Usage = Name + " --name \"Elm Road Surgery\" --time-zone Europe/London --phone \"01632 960 000\" --given-name Ruth --family-name Fielding --email ruth@example.org";

    /// <returns>The exit code: 0 done, 1 not done.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, IConfiguration arguments, TextWriter output)
    {
        await using var scope = services.CreateAsyncScope();
        var practice = new PracticeDetails(arguments["name"] ?? "", arguments["time-zone"] ?? "", arguments["phone"] ?? "");
        var administrator = new StaffDetails("", arguments["given-name"] ?? "", arguments["family-name"] ?? "", arguments["email"] ?? "", IsAdministrator: true);
        switch (await scope.ServiceProvider.GetRequiredService<PracticeSetup>().AddAsync(practice, administrator, CancellationToken.None))
        {
            case SetupOutcome.Done done:
                await output.WriteLineAsync(done.IsNewPractice
                    ? $"{done.PracticeName} is a new practice. Its administrator signs in with the address that you gave."
                    : $"{done.PracticeName} has another administrator, who signs in with the address that you gave.");
                return 0;
            case SetupOutcome.EmailTaken:
                await output.WriteLineAsync("Somebody of a practice has this email address already. Nothing was changed.");
                return 1;
            case SetupOutcome.Incomplete incomplete:
                foreach (var problem in incomplete.Problems)
                    await output.WriteLineAsync(problem);
                await output.WriteLineAsync($"For example: {Usage}");
                return 1;
            default:
                throw new InvalidOperationException("An outcome that this command does not know.");
        }
    }
}
