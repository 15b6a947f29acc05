namespace Telemedicine.Identity.Connect;

public sealed partial class Upkeep
{
    [LoggerMessage(EventId = 2401, Level = LogLevel.Information, Message = "The newest entry of the audit log is {Mark}")]
    private partial void AuditNoted(string mark);
}
