using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Demonstration;

namespace Telemedicine.Web.Infrastructure;

internal static class ClinicalData
{
    /// <summary>The clinical database and services; it also keeps the keys that protect cookies, so that any instance reads what another wrote.</summary>
    public static IServiceCollection AddClinicalData(this IServiceCollection services, IConfiguration configuration)
    {
        try
        {
            services.AddClinical(configuration);
        }
        catch (InvalidOperationException e)
        {
            throw new StartRefusedException(e.Message);
        }
        services.AddDataProtection().SetApplicationName("telemedicine-web").PersistKeysToDbContext<ClinicalDbContext>();
        services.AddHealthChecks().AddDbContextCheck<ClinicalDbContext>();
        services.AddHttpContextAccessor();
        services.AddScoped<CurrentPerson>();
        return services;
    }

    /// <summary>Brings the database up to date, and fills it in demonstration mode, before anyone is served.</summary>
    public static async Task PrepareDatabaseAsync(this WebApplication app, DemonstrationOptions demonstration)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ClinicalDbContext>().Database.MigrateAsync(app.Lifetime.ApplicationStopping);
        if (demonstration is { Enabled: true, PeopleFile: { } people })
            await scope.ServiceProvider.GetRequiredService<DemonstrationSeeder>().SeedAsync(people, app.Lifetime.ApplicationStopping);
    }
}
