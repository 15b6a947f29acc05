using Microsoft.AspNetCore.SignalR;
using Telemedicine.Media;

namespace Telemedicine.Signalling.Hubs;

/// <summary>Lets a hub call through if the table does, and tells the client of media that cannot be carried.</summary>
public sealed partial class HubMethodFilter(HubMethods methods, ILogger<HubMethodFilter> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var caller = ConsultationHub.ConnectionOf(invocationContext.Context);
        var table = invocationContext.Hub is EchoHub ? HubMethods.Echo : methods;
        var method = table.Find(invocationContext.HubMethod.Name) ?? throw HubErrors.NotAllowed("You cannot do this.");
        if (!caller.TryTakeToken(method.Rate))
            throw HubErrors.TooMany("Too many messages in a short time. Wait a moment.");
        if (!method.Roles.Contains(caller.Ticket.Role))
            throw HubErrors.NotAllowed("Your role cannot do this.");
        if (method.NeedsConsultation && caller.Ticket.Consultation is null)
            throw HubErrors.NotAllowed("You opened a clinic, not a consultation.");
        if (invocationContext.HubMethodArguments.Any(argument => argument is null))
            throw HubErrors.Invalid("Something is missing in this request.");
        try
        {
            return await next(invocationContext);
        }
        catch (MediaException refused)
        {
            throw HubErrors.Invalid(refused.Message);
        }
        catch (Exception failure) when (failure is not HubException)
        {
            LogFailed(method.Name, failure);
            throw;
        }
    }
}
