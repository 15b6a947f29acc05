using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Pages.Account;

namespace Telemedicine.Identity.Pages.Administration;

/// <summary>A page about one account of another person. An id that is no account's is not found; one's own leads to one's own page.</summary>
public abstract class PersonPage(AccountAdministration accounts) : AccountPage
{
    private ManagedAccount? _person;

    [FromRoute(Name = "id")]
    public Guid Id { get; set; }

    protected AccountAdministration Administrator => accounts;

    public ManagedAccount Person => _person ?? throw new InvalidOperationException("The handler ran without its account.");

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        _person = await accounts.FindAsync(Id, Cancelled);
        if (_person is null)
            context.Result = NotFound();
        else if (_person.Id == Account.Id)
            context.Result = Done("That is your own account. Another administrator can change it.", "/Index");
        else
            await next();
    }
}
