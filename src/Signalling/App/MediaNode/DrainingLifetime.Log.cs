namespace Telemedicine.Signalling.MediaNode;

public sealed partial class DrainingLifetime
{
    [LoggerMessage(1401, LogLevel.Information, "Told to stop: {Rooms} consultations may go on for {Seconds} s at most, none begins.")]
    private partial void LogDraining(int rooms, int seconds);
}
