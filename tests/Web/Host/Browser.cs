using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http;

namespace Telemedicine.Web.Tests.Host;

/// <summary>One person's browser: cookies of its own, follows redirects between Web and the provider, submits the forms that stand on a page.</summary>
public sealed class Browser(HttpMessageHandler web, HttpMessageHandler provider) : IDisposable
{
    public static readonly Uri Web = new(WebHost.Origin);

    private const string AccountHeader = "Test-Account";
    private const int MaxRedirects = 10;

    private readonly HttpMessageInvoker _web = new(web);
    private readonly HttpMessageInvoker _provider = new(provider);

    public CookieContainer Cookies { get; } = new();

    /// <summary>Who signs in when the provider asks; null declines.</summary>
    public Account? Account { get; set; }

    public static Account? AccountOf(HttpRequest request) =>
        request.Headers.TryGetValue(AccountHeader, out var json) ? JsonSerializer.Deserialize<Account>(Uri.UnescapeDataString(json.ToString())) : null;

    public Task<Page> GetAsync(string address, bool follow = true) => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Web, address)), follow);

    /// <summary>Opens what leads into a waiting room and says, where it is asked for, what is said before it: that it is them, that they agree, where they are.</summary>
    public async Task<Page> ArriveAsync(string address)
    {
        var page = await GetAsync(address);
        while (page.Path.Contains("/arriving/", StringComparison.Ordinal))
        {
            page = page.Path.Split('/')[^1] switch
            {
                "who" => await SubmitAsync(page, "Continue"),
                "consent" => await SubmitAsync(page, "Continue", ("Form.Agree", "true")),
                _ => await SubmitAsync(page, "Continue", ("Form.Place", "12 Mill Lane, Hexham"), ("Form.Phone", "07700 900123")),
            };
            if (page.Errors.Count > 0)
                throw new InvalidOperationException(page.Main);
        }
        return page;
    }

    public Task<Page> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> form, bool follow = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Web, address)) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("Origin", WebHost.Origin);
        return SendAsync(request, follow);
    }

    /// <summary>Submits the form that holds the button of this text, with its fields as they stand and these changes by field name.</summary>
    public Task<Page> SubmitAsync(Page page, string button, params (string Name, string Value)[] changes)
    {
        var pressed = page.Document.QuerySelectorAll<IHtmlButtonElement>("button").SingleOrDefault(b => b.TextContent.Trim() == button)
            ?? throw new InvalidOperationException($"No single button «{button}» at {page.Address}:\n{page.Document.QuerySelector("main")?.TextContent}");
        var form = pressed.Form ?? throw new InvalidOperationException("The button is in no form.");
        var fields = Fields(form);
        if (pressed.Name is { Length: > 0 } name)
            fields.Add(KeyValuePair.Create(name, pressed.Value));
        foreach (var (changed, value) in changes)
        {
            if (form.QuerySelector($"[name='{changed}']") is null)
                throw new InvalidOperationException($"No field {changed} in the form of «{button}».");
            fields.RemoveAll(f => f.Key == changed);
            fields.Add(KeyValuePair.Create(changed, value));
        }
        var action = pressed.GetAttribute("formaction") ?? form.GetAttribute("action");
        var target = new Uri(page.Address, string.IsNullOrEmpty(action) ? page.Address.PathAndQuery : action);
        return PostAsync(target.ToString(), fields);
    }

    /// <summary>What a page's script does for a ticket.</summary>
    public Task<Page> PostFromScriptAsync(string address, string? requestToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Web, address));
        request.Headers.Accept.ParseAdd("application/json");
        if (requestToken is not null)
            request.Headers.Add("RequestVerificationToken", requestToken);
        return SendAsync(request, follow: false);
    }

    public async Task<Page> SendAsync(HttpRequestMessage request, bool follow = true)
    {
        for (var redirects = 0; ; redirects++)
        {
            var address = request.RequestUri ?? throw new InvalidOperationException("No address.");
            if (Cookies.GetCookieHeader(address) is { Length: > 0 } cookies)
                request.Headers.Add("Cookie", cookies);
            var atWeb = address.Host == Web.Host;
            if (!atWeb && Account is not null)
                request.Headers.Add(AccountHeader, Uri.EscapeDataString(JsonSerializer.Serialize(Account)));
            var response = await (atWeb ? _web : _provider).SendAsync(request, CancellationToken.None);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (var cookie in set)
                    Cookies.SetCookies(address, Known(cookie));
            }
            if (follow && response.Headers.Location is { } location && redirects < MaxRedirects)
            {
                request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, location));
                continue;
            }
            var text = await response.Content.ReadAsStringAsync();
            var page = new Page(response, text, await new HtmlParser().ParseDocumentAsync(text), address);
            page.RequireSummaryInPageOrder();
            return page;
        }
    }

    public void Dispose()
    {
        _web.Dispose();
        _provider.Dispose();
    }

    /// <summary>Without what the container does not know (SameSite), or would judge by the machine's clock (an expiry, unless it deletes).</summary>
    private static string Known(string cookie) => string.Join(';', cookie.Split(';').Where(part =>
        !part.TrimStart().StartsWith("samesite=", StringComparison.Ordinal)
        && (!part.TrimStart().StartsWith("expires=", StringComparison.Ordinal) || part.Contains("1970", StringComparison.Ordinal))));

    private static List<KeyValuePair<string, string>> Fields(IHtmlFormElement form) =>
    [
        .. form.QuerySelectorAll<IHtmlInputElement>("input[name]")
            .Where(i => i.Type is not ("radio" or "checkbox") || i.IsChecked)
            .Select(i => KeyValuePair.Create(i.Name ?? "", i.Value)),
        .. form.QuerySelectorAll<IHtmlSelectElement>("select[name]").Select(s => KeyValuePair.Create(s.Name ?? "", s.Value ?? "")),
        .. form.QuerySelectorAll<IHtmlTextAreaElement>("textarea[name]").Select(t => KeyValuePair.Create(t.Name ?? "", t.Value)),
    ];
}

/// <summary>An answer, read as a page.</summary>
public sealed record Page(HttpResponseMessage Response, string Text, IHtmlDocument Document, Uri Address)
{
    public HttpStatusCode Status => Response.StatusCode;

    public string Path => Address.AbsolutePath;

    public string Heading => Document.QuerySelector("h1")?.TextContent.Trim() ?? "";

    public string Main => Document.QuerySelector("main")?.TextContent ?? "";

    /// <summary>The error summary's lines: text and what each links to.</summary>
    public IReadOnlyList<(string Text, string Field)> Errors =>
        [.. Document.QuerySelectorAll(".nhsuk-error-summary__list a").Select(a => (a.TextContent.Trim(), a.GetAttribute("href") ?? ""))];

    /// <summary>Whoever reads the summary goes down the page with it.</summary>
    internal void RequireSummaryInPageOrder()
    {
        var ids = Document.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        List<int> places = [.. Errors.Select(error => ids.IndexOf(error.Field[1..]))];
        if (!places.Order().SequenceEqual(places))
            throw new InvalidOperationException($"The error summary of {Address} is not in the order of the page: {string.Join(", ", Errors.Select(error => error.Field))}");
        if (places.Contains(-1))
            throw new InvalidOperationException($"The error summary of {Address} leads nowhere: {string.Join(", ", Errors.Select(error => error.Field))}");
    }

    public string? RequestToken => Document.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value;

    public string Link(string text) =>
        Document.QuerySelectorAll("main a").Concat(Document.QuerySelectorAll("a")).FirstOrDefault(a => a.TextContent.Trim() == text)?.GetAttribute("href")
        ?? throw new InvalidOperationException($"No link «{text}» at {Address}.");

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;
}
