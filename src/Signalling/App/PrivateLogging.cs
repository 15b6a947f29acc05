namespace Telemedicine.Signalling;

/// <summary>
/// Keeps the framework's own lines below Warning out of every log, whatever the configuration says: they hold request addresses with
/// the ticket in the query, and hub arguments with names and messages.
/// </summary>
public static class PrivateLogging
{
    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "System.Net.Http"];

    /// <summary>Calls every refusal of a hub method an error. Real ones are logged by <see cref="Hubs.HubMethodFilter"/>.</summary>
    private const string HubDispatcher = "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher";

    public static IServiceCollection AddPrivateLogging(this IServiceCollection services) =>
        services.PostConfigure<LoggerFilterOptions>(options =>
        {
            // One rule decides for each provider and category, so every rule there is carries the limit with it.
            var rules = options.Rules.Append(new LoggerFilterRule(null, null, options.MinLevel, null)).ToList();
            options.Rules.Clear();
            foreach (var rule in rules)
            {
                options.Rules.Add(new LoggerFilterRule(rule.ProviderName, rule.CategoryName, rule.LogLevel,
                    (provider, category, level) => IsAllowed(category, level) && (rule.Filter?.Invoke(provider, category, level) ?? true)));
            }
        });

    private static bool IsAllowed(string? category, LogLevel level)
    {
        if (category is null)
            return true;
        if (category.StartsWith(HubDispatcher, StringComparison.Ordinal))
            return level >= LogLevel.Critical;
        return level >= LogLevel.Warning || !Array.Exists(Talkative, name => category.StartsWith(name, StringComparison.Ordinal));
    }
}
