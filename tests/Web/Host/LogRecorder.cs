using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Telemedicine.Web.Tests.Host;

/// <summary>Keeps everything that was logged, as a log collector would see it: category, message, values, exception.</summary>
public sealed class LogRecorder : ILoggerProvider
{
    public ConcurrentQueue<LogEntry> Entries { get; } = new();

    /// <summary>What the service would have written, a line an entry.</summary>
    public string Written => string.Join('\n', Entries.Where(e => e.IsWritten).Select(e => $"{e.Level} {e.Category} {e.Message} {e.Exception}"));

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Recorder(LogRecorder owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Entries.Enqueue(new LogEntry(category, logLevel, eventId.Id, formatter(state, exception), state?.ToString(), exception?.ToString()));
    }
}

public sealed record LogEntry(string Category, LogLevel Level, int EventId, string Message, string? State, string? Exception)
{
    /// <summary>Whether the settings that Web ships with write it.</summary>
    public bool IsWritten => Level >= (Category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        || Category.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
        || Category.StartsWith("System.Net.Http.HttpClient", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Information);
}
