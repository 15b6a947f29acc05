namespace Telemedicine.Identity.Demonstration;

public sealed partial class DemonstrationAccounts
{
    [LoggerMessage(EventId = 1201, Level = LogLevel.Information, Message = "Made {Count} demonstration accounts")]
    private partial void Seeded(int count);
}
