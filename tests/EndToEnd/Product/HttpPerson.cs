using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>One person who sends the pages' forms without a browser, for what takes hundreds of them.</summary>
public sealed class HttpPerson : IDisposable
{
    private readonly HttpClient _http;
    private string _requestToken = "";

    private HttpPerson(HttpClient http) => _http = http;

    public static async Task<HttpPerson> SignInAsync(RunningProduct product, string email)
    {
        var cookies = new CookieContainer();
        var person = new HttpPerson(new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new Uri(product.Address) });
        var (address, login) = await person.OpenAsync(new HttpRequestMessage(HttpMethod.Get, "/account/sign-in?returnUrl=%2Faccessibility"));
        var form = login.QuerySelector<IHtmlInputElement>("input[type=password]")?.Form ?? throw new InvalidOperationException($"No sign-in form at {address}.");
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[name]").ToDictionary(field => field.Name ?? "", field => field switch
        {
            { Type: "password" } => product.Password,
            { Type: "hidden" } => field.Value,
            _ => email,
        });
        var action = form.GetAttribute("action");
        var (back, page) = await person.OpenAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(address, string.IsNullOrEmpty(action) ? address.PathAndQuery : action)) { Content = new FormUrlEncodedContent(fields) });
        person._requestToken = page.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value ?? throw new InvalidOperationException($"Not signed in, at {back}.");
        return person;
    }

    /// <summary>Sends a form of a page that this person can open.</summary>
    /// <returns>The answer, not followed.</returns>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<HttpResponseMessage> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", _requestToken), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = form };
        request.Headers.Add("Origin", _http.BaseAddress?.GetLeftPart(UriPartial.Authority));
        return await _http.SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(Uri Address, IHtmlDocument Page)> OpenAsync(HttpRequestMessage request)
    {
        for (var steps = 0; steps < 10; steps++)
        {
            using var answer = await _http.SendAsync(request);
            var address = answer.RequestMessage?.RequestUri ?? throw new InvalidOperationException("No address.");
            if (answer.Headers.Location is not { } next)
                return (address, await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync()));
            request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, next));
        }

        throw new InvalidOperationException("Too many redirects.");
    }
}
