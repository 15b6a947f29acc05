using System.Threading.Channels;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>
/// Tells Signalling what changed at Web. Sending happens in the background: a page never waits for it, and a Signalling that is away loses nothing that
/// matters, since every ticket says anew who may enter.
/// </summary>
public sealed partial class SignallingCommands(TimeProvider time, ILogger<SignallingCommands> logger)
{
    private const int Capacity = 1000;

    private readonly Channel<ClinicCommand> _waiting = Channel.CreateBounded<ClinicCommand>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    internal ChannelReader<ClinicCommand> Waiting => _waiting.Reader;

    /// <summary>The consultation is over: everyone is told, the room closes.</summary>
    public void Finish(ClinicId clinic, ConsultationId consultation) => Add(ClinicCommandType.Finish, clinic, consultation);

    /// <summary>The appointment was cancelled: nobody stays in its room.</summary>
    public void Cancel(ClinicId clinic, ConsultationId consultation) => Add(ClinicCommandType.Cancel, clinic, consultation);

    /// <summary>An appointment left its room, for another time or another way: nobody stays in the old one, and the boards of both clinics fetch their rows again.</summary>
    public void Left(ClinicId from, ClinicId to, ConsultationId? oldRoom)
    {
        if (oldRoom is { } room)
            Cancel(from, room);
        ClinicChanged(from);
        if (to != from)
            ClinicChanged(to);
    }

    /// <summary>This person may not be in the consultation any more, whatever ticket they still have.</summary>
    public void Remove(ClinicId clinic, ConsultationId consultation, ParticipantId participant) => Add(ClinicCommandType.Remove, clinic, consultation, participant);

    /// <summary>A file came or went: those in the call fetch the list again.</summary>
    public void FilesChanged(ClinicId clinic, ConsultationId consultation) => Add(ClinicCommandType.FilesChanged, clinic, consultation);

    /// <summary>Boards fetch their rows again.</summary>
    public void ClinicChanged(ClinicId clinic) => Add(ClinicCommandType.ClinicChanged, clinic, null);

    private void Add(ClinicCommandType type, ClinicId clinic, ConsultationId? consultation, ParticipantId? participant = null)
    {
        if (!_waiting.Writer.TryWrite(new ClinicCommand(Guid.NewGuid(), type, clinic, consultation, time.GetUtcNow(), participant)))
            LogQueueFull(logger, type, clinic, consultation);
    }

    [LoggerMessage(1201, LogLevel.Error, "Too many commands wait for Signalling: {Type} of clinic {Clinic}, consultation {Consultation} is dropped")]
    private static partial void LogQueueFull(ILogger logger, ClinicCommandType type, ClinicId clinic, ConsultationId? consultation);
}
