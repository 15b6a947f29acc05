using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages;

/// <summary>
/// A page that changes how a person proves who they are: it wants a proof that is minutes old and as strong as the account allows, so
/// that a device left open, or a stolen cookie, does not take the account over.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FreshSignInAttribute : Attribute, IAsyncPageFilter
{
    /// <summary>To open the page.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    /// <summary>To send its form: who opened it in time has as long again to fill it in.</summary>
    public static readonly TimeSpan ToSend = 2 * Within;

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;

        // Without a session the page is one of those that a sign-in in progress may open; it looks for itself.
        if (Sessions.Current(http) is not { } session)
        {
            await next();
            return;
        }

        var steps = http.RequestServices.GetRequiredService<SignInSteps>();
        var returnUrl = http.Request.Path + http.Request.QueryString;
        if (!steps.IsFresh(session, HttpMethods.IsPost(http.Request.Method) ? ToSend : Within))
            context.Result = new RedirectToPageResult("/Account/SignIn", new { returnUrl });
        else if (!await steps.IsAsStrongAsItCanBeAsync(session, http.RequestAborted))
            context.Result = new RedirectToPageResult("/Account/SignInCode", new { returnUrl });
        else
            await next();
    }
}
