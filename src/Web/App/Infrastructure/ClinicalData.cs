using System.Data.Common;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Demonstration;

namespace Telemedicine.Web.Infrastructure;

internal static class ClinicalData
{
    /// <summary>Brings the database up to date and ends. In production a start does not change it.</summary>
    public const string MigrateCommand = "--migrate";

    /// <summary>The clinical database and services; it also keeps the keys that protect cookies, so that any instance reads what another wrote.</summary>
    public static IServiceCollection AddClinicalData(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        try
        {
            services.AddClinical(configuration);
        }
        catch (InvalidOperationException e)
        {
            throw new StartRefusedException(e.Message);
        }
        var keys = services.AddDataProtection().SetApplicationName("telemedicine-web").PersistKeysToDbContext<ClinicalDbContext>();
        if (ReadCertificate(configuration, environment) is { } certificate)
            keys.ProtectKeysWithCertificate(certificate);
        services.AddHealthChecks().AddDbContextCheck<ClinicalDbContext>();
        services.AddHttpContextAccessor();
        services.AddScoped<CurrentPerson>();
        return services;
    }

    /// <summary>Makes the database ready, and fills it in demonstration mode, before anyone is served.</summary>
    public static async Task PrepareDatabaseAsync(this WebApplication app, DemonstrationOptions demonstration, bool mayMigrate)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ClinicalDbContext>().Database;
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            if (mayMigrate)
                await database.MigrateAsync(stopping);
            else if ((await database.GetPendingMigrationsAsync(stopping)).Any())
                throw new StartRefusedException($"The database lacks this version's tables: run the service once with {MigrateCommand}, then start it.");
            if (demonstration is { Enabled: true, PeopleFile: { } people })
                await scope.ServiceProvider.GetRequiredService<DemonstrationSeeder>().SeedAsync(people, stopping);
        }
        catch (DbException e)
        {
            throw new StartRefusedException($"The database cannot be used: {e.Message}");
        }
        catch (InvalidDataException e)
        {
            throw new StartRefusedException(e.Message);
        }
    }

    private static X509Certificate2? ReadCertificate(IConfiguration configuration, IHostEnvironment environment)
    {
        const string Key = "DataProtection:CertificateFile";
        if (configuration[Key] is not { Length: > 0 } file)
        {
            return environment.IsProduction()
                ? throw new StartRefusedException($"{Key} must be set: the keys in the database are encrypted with this certificate (a PKCS #12 file).")
                : null;
        }
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, configuration["DataProtection:CertificatePassword"]);
            return certificate.HasPrivateKey ? certificate : throw new StartRefusedException($"{Key} names a certificate without its private key.");
        }
        catch (Exception e) when (e is CryptographicException or IOException)
        {
            throw new StartRefusedException($"{Key} cannot be opened: it must be a PKCS #12 file, and DataProtection:CertificatePassword its password.");
        }
    }
}
