using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Asks whether an application may learn what it asks for (OpenID Connect Core section 3.1.2.4). It comes from an authorization request and goes back to it.</summary>
public sealed class ConsentModel(Consents consents, ClientRegistry clients, ProviderSettings settings) : AccountPage
{
    /// <summary>The authorization request, at this service.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public string Application { get; private set; } = string.Empty;

    public string Person => $"{Account.GivenName} {Account.FamilyName}";

    public IReadOnlyList<string> Shared { get; private set; } = [];

    public IActionResult OnGet() => Read() is null ? RedirectToPage("/Index") : Page();

    public async Task<IActionResult> OnPostAgreeAsync()
    {
        if (Read() is not { } request || ReturnUrl is null)
            return RedirectToPage("/Index");
        await consents.GiveAsync(Account.Id, request.Client.Id, request.Scope);
        return LocalRedirect(ReturnUrl);
    }

    /// <summary>RFC 6749 section 4.1.2.1.</summary>
    public IActionResult OnPostDecline() => Read() is { } request
        ? Redirect(AuthorizeEndpoint.ResponseUri(settings, request.RedirectUri, ("error", OAuthErrors.AccessDenied), ("state", request.State)))
        : RedirectToPage("/Index");

    /// <summary>What a scope tells, in words.</summary>
    public static IEnumerable<string> Describe(string scope) => Scopes.Split(scope).Select(one => one switch
    {
        Scopes.OpenId => "that it is you, and what you are to the practice, such as a patient",
        Scopes.Profile => "your name",
        Scopes.Email => "your email address",
        Scopes.OfflineAccess => "to stay connected while you are signed in here, also when you do not use it",
        _ => one,
    });

    /// <summary>The request in the address: anybody can write one, so it is checked as at the endpoint.</summary>
    private AuthorizeRequest? Read()
    {
        if (!Url.IsLocalUrl(ReturnUrl) || !ReturnUrl.StartsWith(AuthorizeEndpoint.Path + "?", StringComparison.Ordinal))
            return null;
        var parameters = new ProtocolParameters(QueryHelpers.ParseQuery(ReturnUrl[AuthorizeEndpoint.Path.Length..]));
        if (AuthorizeRequest.Check(parameters, clients) is not AuthorizeOutcome.Accepted { Request: var request })
            return null;
        (Application, Shared) = (request.Client.Name, [.. Describe(request.Scope)]);
        return request;
    }
}
