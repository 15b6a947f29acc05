using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>A browser without script: keeps cookies, fills in the forms that pages hold, stops at every redirect.</summary>
public sealed class Browser(HttpClient client) : IDisposable
{
    public HttpClient Client => client;

    public Task<HttpResponseMessage> GetAsync(string url) => client.GetAsync(url, TestContext.Current.CancellationToken);

    public async Task<IHtmlDocument> OpenAsync(string url, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await GetAsync(url);
        Assert.Equal(expected, response.StatusCode);
        return await ReadAsync(response);
    }

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage response) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    /// <summary>Submits the page's form, antiforgery token and all, with these fields filled in.</summary>
    public Task<HttpResponseMessage> SubmitAsync(IHtmlDocument page, params (string Name, string Value)[] fields)
    {
        var form = page.QuerySelector<IHtmlFormElement>("form") ?? throw new InvalidOperationException("The page has no form.");
        var values = form.QuerySelectorAll<IHtmlInputElement>("input[name]")
            .Select(input => KeyValuePair.Create(input.Name ?? string.Empty, input.Value))
            .Where(value => !fields.Any(field => field.Name == value.Key))
            .Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var action = form.GetAttribute("action") ?? throw new InvalidOperationException("The form has no action.");
        return client.PostAsync(action, new FormUrlEncodedContent(values), TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> TrySignInAsync(string email, string password, string signInUrl = "/account/sign-in")
    {
        var page = await OpenAsync(signInUrl);
        return await SubmitAsync(page, ("Email", email), ("Password", password));
    }

    public async Task SignInAsync(string email)
    {
        using var response = await TrySignInAsync(email, IdentityHost.People.Password);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        await TakeSecondStepAsync(response);
    }

    /// <summary>Goes on from a right password to where the sign-in leads, with the code that the page shows if it asks for one.</summary>
    public async Task<Uri> TakeSecondStepAsync(HttpResponseMessage afterPassword)
    {
        var location = afterPassword.Headers.Location ?? throw new InvalidOperationException("The answer leads nowhere.");
        if (!location.OriginalString.StartsWith("/account/sign-in/code", StringComparison.Ordinal))
            return location;
        var page = await OpenAsync(location.OriginalString);
        var code = page.QuerySelector("[data-demonstration-code]")?.TextContent ?? throw new InvalidOperationException("The page shows no code.");
        using var response = await SubmitAsync(page, ("Code", code));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location ?? throw new InvalidOperationException("The answer leads nowhere.");
    }

    /// <summary>Follows an authorization request through the sign-in page, if it comes, to the redirect back to the application.</summary>
    public async Task<Uri> AuthorizeAsync(string authorizeUrl, string email)
    {
        var location = await RedirectOfAsync(authorizeUrl);
        if (!location.IsAbsoluteUri && location.OriginalString.StartsWith("/account/sign-in", StringComparison.Ordinal))
        {
            using var signedIn = await TrySignInAsync(email, IdentityHost.People.Password, location.OriginalString);
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
            location = await RedirectOfAsync((await TakeSecondStepAsync(signedIn)).OriginalString);
        }

        return location;
    }

    public async Task<string> GetCodeAsync(string authorizeUrl, string email) =>
        Query(await AuthorizeAsync(authorizeUrl, email))["code"].ToString();

    public async Task<Uri> RedirectOfAsync(string url)
    {
        using var response = await GetAsync(url);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.NotNull(response.Headers.Location);
        return response.Headers.Location;
    }

    public static Dictionary<string, StringValues> Query(Uri uri)
    {
        var text = uri.OriginalString;
        return QueryHelpers.ParseQuery(text[text.IndexOf('?', StringComparison.Ordinal)..]);
    }

    public void Dispose() => client.Dispose();
}
