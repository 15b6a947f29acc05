using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Telemedicine.Signalling.Tests;

/// <summary>The server answered a call with an error.</summary>
public sealed class HubCallException(string message) : Exception(message);

/// <summary>
/// A client of the hub on a raw WebSocket: SignalR's JSON protocol, records ended by 0x1E, and nothing clever. What it hears is kept, so
/// that a test can look at every message in its order.
/// </summary>
public sealed class HubConnectionFixture : IAsyncDisposable
{
    private const char RecordSeparator = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement?>> _calls = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _gate = new();
    private readonly List<JsonElement> _messages = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private int _read;
    private int _lastCall;

    private HubConnectionFixture()
    {
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Completes when the server has closed the connection, or the socket is gone.</summary>
    public Task Closed => _closed.Task.WaitAsync(Patience, Cancelled);

    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>The reason that the server gave for closing, if it gave one.</summary>
    public string? CloseError { get; private set; }

    /// <summary>How many answers came before the first message.</summary>
    public int AnswersBeforeFirstMessage { get; private set; }

    /// <summary>Every message so far.</summary>
    public IReadOnlyList<JsonElement> Messages
    {
        get
        {
            lock (_gate)
                return [.. _messages];
        }
    }

    public static async Task<HubConnectionFixture> OpenAsync(Uri address, string? origin)
    {
        var connection = new HubConnectionFixture();
        if (origin is not null)
            connection._socket.Options.SetRequestHeader("Origin", origin);
        await connection._socket.ConnectAsync(address, Cancelled);
        connection._reading = connection.ReadAsync();
        await connection.SendRawAsync("""{"protocol":"json","version":1}""");
        await connection._opened.Task.WaitAsync(Patience, Cancelled);
        return connection;
    }

    /// <exception cref="HubCallException">The server answered with an error.</exception>
    public async Task<JsonElement> InvokeAsync(string method, params object?[] arguments) =>
        await InvokeRawAsync(method, JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web)) ?? default;

    /// <summary>The same with the arguments' JSON as it is.</summary>
    public async Task<JsonElement?> InvokeRawAsync(string method, string arguments)
    {
        var id = Interlocked.Increment(ref _lastCall).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var call = _calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendRawAsync($$"""{"type":1,"invocationId":"{{id}}","target":{{JsonSerializer.Serialize(method)}},"arguments":{{arguments}}}""");
        return await call.Task.WaitAsync(Patience, Cancelled);
    }

    /// <summary>The code that the error of a call begins with, or null if the call succeeds.</summary>
    public async Task<string?> RefusalAsync(string method, params object?[] arguments)
    {
        try
        {
            await InvokeAsync(method, arguments);
            return null;
        }
        catch (HubCallException refused)
        {
            return CodeOf(refused.Message);
        }
    }

    /// <summary>SignalR puts a sentence of its own before a hub's.</summary>
    public static string CodeOf(string error)
    {
        const string Marker = "HubException: ";
        var at = error.IndexOf(Marker, StringComparison.Ordinal);
        return at < 0 ? error : error[(at + Marker.Length)..].Split(':')[0];
    }

    /// <summary>The next message of a type that this method has not passed yet.</summary>
    public async Task<JsonElement> NextAsync(string type, Func<JsonElement, bool>? where = null)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                while (_read < _messages.Count)
                {
                    var message = _messages[_read++];
                    if (message.GetProperty("type").GetString() == type && (where is null || where(message)))
                        return message;
                }
                changed = _changed.Task;
            }
            try
            {
                await changed.WaitAsync(Patience, Cancelled);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"No {type} came. These did: {string.Join(", ", Messages.Select(m => m.GetProperty("type").GetString()))}");
            }
        }
    }

    public async Task SendRawAsync(string record)
    {
        await _sending.WaitAsync(Cancelled);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(record + RecordSeparator), WebSocketMessageType.Text, true, Cancelled);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Breaks the socket without a word, as a lost network does.</summary>
    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[64 * 1024];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                text.Append(characters, 0, decoder.GetChars(buffer, 0, received.Count, characters, 0));
                var whole = text.ToString();
                var end = whole.LastIndexOf(RecordSeparator);
                if (end < 0)
                    continue;
                text.Clear().Append(whole, end + 1, whole.Length - end - 1);
                foreach (var record in whole[..end].Split(RecordSeparator))
                    Handle(JsonDocument.Parse(record).RootElement);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The socket is gone, from one side or the other.
        }
        _opened.TrySetException(new HubCallException("The connection was closed before the handshake."));
        _closed.TrySetResult();
        foreach (var call in _calls.Values)
            call.TrySetException(new HubCallException("The connection was closed before the answer."));
    }

    private void Handle(JsonElement record)
    {
        var type = record.TryGetProperty("type", out var known) ? known.GetInt32() : 0;
        switch (type)
        {
            case 0:
                _opened.TrySetResult();
                break;
            case 1:
                Assert.Equal("Receive", record.GetProperty("target").GetString());
                lock (_gate)
                {
                    _messages.Add(record.GetProperty("arguments")[0]);
                    _changed.TrySetResult();
                    _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
                break;
            case 3:
                if (Messages.Count == 0)
                    AnswersBeforeFirstMessage++;
                var call = _calls[record.GetProperty("invocationId").GetString() ?? ""];
                if (record.TryGetProperty("error", out var error))
                    call.TrySetException(new HubCallException(error.GetString() ?? ""));
                else
                    call.TrySetResult(record.TryGetProperty("result", out var result) ? result : null);
                break;
            case 6:
                break;
            case 7:
                CloseError = record.TryGetProperty("error", out var reason) ? reason.GetString() : null;
                break;
            default:
                throw new InvalidOperationException($"The server sent a record of type {type}.");
        }
    }
}
