using Telemedicine.Clinical;
using Telemedicine.Clinical.Messages;

namespace Telemedicine.Web.Messages;

public sealed partial class MessageSender
{
    [LoggerMessage(1301, LogLevel.Warning, "Message {Id} ({Channel}) could not be sent at attempt {Attempt} and is tried again later")]
    private partial void LogTryLater(MessageId id, MessageChannel channel, int attempt);

    [LoggerMessage(1302, LogLevel.Error, "Message {Id} ({Channel}) failed at attempt {Attempt}: practice staff see why")]
    private partial void LogFailed(MessageId id, MessageChannel channel, int attempt);

    [LoggerMessage(1303, LogLevel.Error, "Message {Id} could not be written: {Error}")]
    private partial void LogNotWritten(MessageId id, string error);

    [LoggerMessage(1304, LogLevel.Warning, "Message {Id} was sent after its lease: another instance may have sent it too")]
    private partial void LogLeaseLost(MessageId id);

    [LoggerMessage(1305, LogLevel.Error, "The outbox cannot be read: {Error}")]
    private partial void LogNoDatabase(string error);
}
