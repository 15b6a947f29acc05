using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Accounts;

public static class AccountServices
{
    /// <summary>
    /// PBKDF2-HMAC-SHA512 rounds for a stored password. OWASP's Password Storage Cheat Sheet asks for 210,000 and, since 2025, 220,000; the
    /// framework's own default is 100,000. A hash made with fewer is renewed at the next sign-in.
    /// </summary>
    public const int PasswordIterations = 220_000;

    public static IServiceCollection AddAccounts(this IServiceCollection services, ProviderSettings settings)
    {
        services.AddIdentityCore<Account>(ConfigureIdentity)
            .AddRoles<IdentityRole<Guid>>()
            .AddPasswordValidator<GuessablePasswords>()
            .AddEntityFrameworkStores<AccountsDbContext>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);
        services.AddSingleton<DecoyPassword>();
        services.AddHttpContextAccessor();
        services.AddScoped<AccountHistory>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<Sessions>();
        services.AddScoped<SessionCookie>();
        services.AddAuthentication(SessionCookie.Scheme)
            .AddCookie(SessionCookie.Scheme, options => SessionCookie.Configure(options, settings));
        services.AddAuthorization();

        var keys = services.AddDataProtection()
            .SetApplicationName("Telemedicine.Identity")
            .PersistKeysToDbContext<AccountsDbContext>();
        if (settings.KeyCertificate is { } certificate)
            keys.ProtectKeysWithCertificate(certificate);
        return services;
    }

    internal static void ConfigureIdentity(IdentityOptions options)
    {
        // The schema with passkeys.
        options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        options.User.RequireUniqueEmail = true;

        // NIST SP 800-63B section 3.1.1.2: length, no rules of composition.
        options.Password.RequiredLength = 12;
        options.Password.RequiredUniqueChars = 1;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
    }
}
