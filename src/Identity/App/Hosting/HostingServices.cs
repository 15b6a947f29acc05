using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.AspNetCore.HttpOverrides;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Demonstration;

namespace Telemedicine.Identity.Hosting;

public static class HostingServices
{
    /// <summary>
    /// Keeps request addresses out of the logs whatever the log settings say: they carry codes, states, login hints and ID tokens.
    /// </summary>
    public static ILoggingBuilder KeepRequestsPrivate(this ILoggingBuilder logging) => logging
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Mvc", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Http", LogLevel.Warning)

        // It logs other providers' answers, which are anybody's text; FederationEvents says what there is to know.
        .AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.None)
        .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);

    /// <summary>
    /// Compresses styles and scripts only. A page holds an antiforgery token beside what an address can put there (login_hint), and
    /// compressing the two together over TLS would give the token away bit by bit (BREACH).
    /// </summary>
    public static IServiceCollection AddFileCompression(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        options.MimeTypes = ["text/css", "text/javascript", "image/svg+xml"];
    });

    /// <summary>Believes X-Forwarded-For and -Proto from the named proxies only. With no proxy named nothing is believed.</summary>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app, ProviderSettings settings)
    {
        // The middleware takes an empty list to mean everyone, so it must not run at all then.
        if (settings.TrustedProxies.Count == 0)
            return app;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in settings.TrustedProxies)
            options.KnownProxies.Add(proxy);
        return app.UseForwardedHeaders(options);
    }

    /// <summary>Makes the database, the signing key and, in demonstration mode, the accounts ready before the first request.</summary>
    /// <param name="migrate">Whether the schema may be changed; else an old schema is a reason not to start.</param>
    /// <returns>Null, or one plain sentence: why the service cannot start.</returns>
    public static async Task<string?> PrepareAsync(this WebApplication app, ProviderSettings settings, bool migrate)
    {
        try
        {
            if (migrate)
                await AccountsDatabase.MigrateAsync(app.Services, settings);
            else if (!await AccountsDatabase.IsUpToDateAsync(app.Services))
                return "The database does not have this version's tables: run the service once with --migrate, then start it.";
        }
        catch (DbException failure)
        {
            return $"The database cannot be opened: {failure.Message}";
        }

        try
        {
            var keys = app.Services.GetRequiredService<SigningKeys>();
            await keys.RotateAsync();
            await keys.CurrentAsync(SigningKeys.Algorithms[0], CancellationToken.None);
            await app.Services.GetRequiredService<Subjects>().PrepareAsync();
        }
        catch (CryptographicException)
        {
            return "A key in the database cannot be decrypted: start with the certificate that it was stored under.";
        }

        if (settings.DemonstrationPeopleFile is not null)
        {
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DemonstrationAccounts>().SeedAsync();
        }

        return null;
    }
}
