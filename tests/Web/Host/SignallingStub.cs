using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Tests.Host;

/// <summary>The other end of Web's commands: keeps what came, answers what it is told to.</summary>
public sealed class SignallingStub : HttpMessageHandler
{
    private readonly SemaphoreSlim _arrived = new(0);

    public ConcurrentQueue<(ClinicCommand Command, string Path, string? Signature, byte[] Body)> Received { get; } = new();

    /// <summary>What to answer, in order; afterwards 202. Null is a broken connection.</summary>
    public ConcurrentQueue<HttpStatusCode?> Answers { get; } = new();

    /// <summary>Waits until one more request has come, whatever it was answered.</summary>
    public async Task NextAsync(CancellationToken cancellationToken) =>
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken), "No command came.");

    /// <summary>A real Signalling that the commands go on to; null: there is only this stub.</summary>
    public HttpClient? Forward { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var command = JsonSerializer.Deserialize(body, ContractsJson.Default.ClinicCommand) ?? throw new InvalidOperationException("No command in the body.");
        Received.Enqueue((command, request.RequestUri?.AbsolutePath ?? "", request.Headers.TryGetValues(MessageSignature.Header, out var header) ? header.Single() : null, body));
        if (Forward is { } real)
        {
            using var copy = new HttpRequestMessage(HttpMethod.Post, new Uri(real.BaseAddress ?? throw new InvalidOperationException("No address."), request.RequestUri?.AbsolutePath)) { Content = new ByteArrayContent(body) };
            copy.Headers.Add(MessageSignature.Header, request.Headers.GetValues(MessageSignature.Header));
            return await real.SendAsync(copy, cancellationToken);
        }
        var answer = Answers.TryDequeue(out var given) ? given : HttpStatusCode.Accepted;
        _arrived.Release();
        return answer is { } status ? new HttpResponseMessage(status) : throw new HttpRequestException("Connection refused");
    }
}
