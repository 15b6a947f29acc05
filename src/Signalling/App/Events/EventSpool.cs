using System.Globalization;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Events;

/// <summary>An event that Web does not have yet, with its place in the order in which they happened.</summary>
public sealed record PendingEvent(long Number, ConsultationEvent Event);

/// <summary>
/// Keeps each event that Web does not have yet in a small file of its own, named by its number, so that a restart loses none. A file is
/// written beside its place and moved into it: a half-written one is never read. One process at a time uses a directory.
/// </summary>
public sealed partial class EventSpool : IDisposable
{
    private const string Extension = ".json";
    private const string BadExtension = ".bad";

    private readonly string _directory;
    private readonly FileStream _lock;
    private readonly ILogger<EventSpool> _logger;

    /// <exception cref="SettingsException">The directory cannot be used, or another process uses it.</exception>
    public EventSpool(SignallingSettings settings, ILogger<EventSpool> logger)
    {
        _logger = logger;
        _directory = settings.SpoolDirectory;
        try
        {
            Directory.CreateDirectory(_directory);
            _lock = new FileStream(Path.Combine(_directory, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException("Events:SpoolDirectory cannot be used: it cannot be written to, or another Signalling uses it.");
        }
    }

    /// <summary>What the process before this one left, in order. A file that cannot be read is set aside and reported.</summary>
    public IReadOnlyList<PendingEvent> Load()
    {
        var pending = new List<PendingEvent>();
        foreach (var path in Directory.EnumerateFiles(_directory, "*" + Extension).Order(StringComparer.Ordinal))
        {
            if (Read(path) is { } read)
            {
                pending.Add(read);
                continue;
            }
            File.Move(path, Path.ChangeExtension(path, BadExtension), overwrite: true);
            LogUnreadable(Path.GetFileName(path));
        }
        return pending;
    }

    /// <summary>False: the disk refused, and the event lives in memory only.</summary>
    public bool TryAdd(PendingEvent pending)
    {
        var path = PathOf(pending.Number);
        try
        {
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(pending.Event, ContractsJson.Default.ConsultationEvent));
            File.Move(path + ".new", path, overwrite: true);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNotKept(refused);
            return false;
        }
    }

    public void Remove(PendingEvent pending)
    {
        try
        {
            File.Delete(PathOf(pending.Number));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Web is told of it once more after a restart, and ignores it.
            LogNotRemoved(refused);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static PendingEvent? Read(string path)
    {
        if (!long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), ContractsJson.Default.ConsultationEvent);
            return read is null ? null : new PendingEvent(number, read);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string PathOf(long number) => Path.Combine(_directory, number.ToString("D19", CultureInfo.InvariantCulture) + Extension);
}
