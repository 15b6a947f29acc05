using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Telemedicine.Identity.Administration;
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
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.Configure<IdentityPasskeyOptions>(options => PasskeyCeremony.Configure(options, settings));
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);
        services.AddSingleton<DecoyPassword>();
        services.AddHttpContextAccessor();
        services.AddScoped<AccountHistory>();
        services.AddScoped<SignInAttempts>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<EmailLinks>();
        services.AddScoped<Registrations>();
        services.AddScoped<ForgottenPasswords>();
        services.AddScoped<AddressChanges>();
        services.AddScoped<AccountClosing>();
        services.AddScoped<Authenticators>();
        services.AddScoped<SingleUse>();
        services.AddScoped<PasskeyCeremony>();
        services.AddScoped<Passkeys>();
        services.AddScoped<SignInSteps>();
        services.AddScoped<Sessions>();
        services.AddScoped<SessionCookie>();
        services.AddAuthentication(SessionCookie.Scheme)
            .AddCookie(SessionCookie.Scheme, options => SessionCookie.Configure(options, settings))
            .AddCookie(SignInSteps.Scheme, options => SignInSteps.Configure(options, settings))
            .AddCookie(PasskeyCeremony.Scheme, options => PasskeyCeremony.Configure(options, settings));
        services.AddAuthorization(options => options.AddPolicy(
            AdministratorRequirement.Policy, policy => policy.RequireAuthenticatedUser().AddRequirements(new AdministratorRequirement())));
        services.AddScoped<IAuthorizationHandler, AdministratorHandler>();
        services.AddScoped<AuditLog>();
        services.AddScoped<AccountAdministration>();
        services.AddScoped<AccountInvitations>();

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
