using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Telemedicine.Identity.Benchmarks;

/// <summary>One person's browser: keeps cookies, stops at each redirect, takes the time of each request.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });

    public Task<Answer> GetAsync(Uri address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Sends the page's first form with these fields.</summary>
    public Task<Answer> SubmitAsync(Uri address, string page, params (string Name, string Value)[] fields)
    {
        var token = RequestToken().Match(page) is { Success: true } found ? found.Groups[1].Value : throw new InvalidOperationException($"{address} has no form:\n{page}");
        var form = fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) });
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex RequestToken();

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var address = request.RequestUri ?? throw new InvalidOperationException("No address.");
            var start = Stopwatch.GetTimestamp();
            using var response = await _client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var taken = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Found or HttpStatusCode.SeeOther))
                throw new InvalidOperationException($"{address} answered {(int)response.StatusCode}:\n{text}");
            return new Answer(address, response.Headers.Location is { } to ? new Uri(address, to) : null, text, taken);
        }
    }
}

/// <param name="Milliseconds">From the first byte sent to the last read, on this machine.</param>
internal sealed record Answer(Uri Address, Uri? Location, string Text, double Milliseconds)
{
    public Uri Next => Location ?? throw new InvalidOperationException($"{Address} leads nowhere:\n{Text}");
}
