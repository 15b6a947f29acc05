namespace Telemedicine.Web.WaitingList;

internal static class WaitingListExtensions
{
    /// <summary>Offers go round in the background.</summary>
    public static IServiceCollection AddWaitingList(this IServiceCollection services) => services
        .AddSingleton<WaitingListWorker>()
        .AddHostedService(provider => provider.GetRequiredService<WaitingListWorker>());
}
