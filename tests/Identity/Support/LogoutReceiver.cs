using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.WebUtilities;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>The applications' ends of back-channel logout: keeps what is posted to them and answers as the test says.</summary>
public sealed class LogoutReceiver : HttpMessageHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<(string Address, string Token)> _posts = Channel.CreateUnbounded<(string, string)>();

    /// <summary>Null answers with a broken connection.</summary>
    public Func<string, HttpStatusCode?> Answer { get; set; } = _ => HttpStatusCode.OK;

    public bool IsEmpty => !_posts.Reader.TryPeek(out _);

    /// <summary>The next request: its address and its logout_token.</summary>
    public async Task<(string Address, string Token)> NextAsync() =>
        await _posts.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.NotNull(request.Content);
        var form = QueryHelpers.ParseQuery(await request.Content.ReadAsStringAsync(cancellationToken));
        var address = request.RequestUri?.AbsoluteUri ?? "";
        _posts.Writer.TryWrite((address, form["logout_token"].ToString()));
        return Answer(address) is { } status ? new HttpResponseMessage(status) : throw new HttpRequestException("No connection.");
    }
}
