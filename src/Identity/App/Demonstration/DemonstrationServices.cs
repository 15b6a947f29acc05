using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Demonstration;

public static class DemonstrationServices
{
    /// <summary>Registers nothing outside demonstration mode: pages find no <see cref="DemonstrationPeople"/> to show.</summary>
    public static IServiceCollection AddDemonstration(this IServiceCollection services, ProviderSettings settings) =>
        settings.DemonstrationPeopleFile is { } file
            ? services.AddSingleton(DemonstrationPeople.Load(file)).AddScoped<DemonstrationAccounts>().AddScoped<DemonstrationCodes>()
            : services;
}
