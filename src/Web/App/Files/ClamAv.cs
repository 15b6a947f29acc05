using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Telemedicine.Web.Files;

public enum MalwareVerdict
{
    Clean,
    Infected,

    /// <summary>There is no scanner.</summary>
    NoScanner,

    /// <summary>There should be one, and it does not answer as it should.</summary>
    Unavailable,
}

/// <summary>Asks a ClamAV daemon whether something is malware, by its INSTREAM command (clamd(8)).</summary>
public sealed partial class ClamAv(FileSettings settings, ILogger<ClamAv> logger)
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private const int ChunkBytes = 64 * 1024;
    private const int MaxReply = 1024;

    public async Task<MalwareVerdict> ScanAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (settings.ClamAv is not { } address)
            return MalwareVerdict.NoScanner;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Timeout);
        try
        {
            using var socket = address is UnixDomainSocketEndPoint ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, patience.Token);
            await using var stream = new NetworkStream(socket);
            return VerdictOf(await AskAsync(stream, content, patience.Token));
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogNotReached(e.GetType().Name);
            return MalwareVerdict.Unavailable;
        }
    }

    /// <summary>Each chunk has its length before it, four bytes, the highest first; a length of nothing ends them. The answer ends with a zero.</summary>
    private static async Task<string> AskAsync(NetworkStream stream, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), cancellationToken);
        var length = new byte[4];
        for (var sent = 0; sent < content.Length; sent += ChunkBytes)
        {
            var chunk = content.Slice(sent, Math.Min(ChunkBytes, content.Length - sent));
            BinaryPrimitives.WriteInt32BigEndian(length, chunk.Length);
            await stream.WriteAsync(length, cancellationToken);
            await stream.WriteAsync(chunk, cancellationToken);
        }
        BinaryPrimitives.WriteInt32BigEndian(length, 0);
        await stream.WriteAsync(length, cancellationToken);

        var reply = new byte[MaxReply];
        var read = 0;
        while (read < reply.Length && await stream.ReadAsync(reply.AsMemory(read), cancellationToken) is var more and > 0)
        {
            read += more;
            if (reply.AsSpan(0, read).Contains((byte)0))
                break;
        }
        return Encoding.ASCII.GetString(reply, 0, read).TrimEnd('\0', '\n');
    }

    /// <summary>Nothing but the two answers that clamd(8) gives counts: whatever else is said, the file was not scanned.</summary>
    private MalwareVerdict VerdictOf(string reply)
    {
        if (reply == "stream: OK")
            return MalwareVerdict.Clean;
        if (reply.StartsWith("stream: ", StringComparison.Ordinal) && reply.EndsWith(" FOUND", StringComparison.Ordinal))
        {
            LogFound(reply["stream: ".Length..^" FOUND".Length]);
            return MalwareVerdict.Infected;
        }
        LogNoVerdict();
        return MalwareVerdict.Unavailable;
    }

    [LoggerMessage(1601, LogLevel.Warning, "A file was refused: the scanner found {Signature}")]
    private partial void LogFound(string signature);

    [LoggerMessage(1602, LogLevel.Error, "Files cannot be taken: the scanner that is set is not reached ({Problem})")]
    private partial void LogNotReached(string problem);

    [LoggerMessage(1603, LogLevel.Error, "Files cannot be taken: the scanner gives no verdict. Is its StreamMaxLength less than a file may have?")]
    private partial void LogNoVerdict();
}
