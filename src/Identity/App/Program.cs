using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Demonstration;
using Telemedicine.Identity.Emails;
using Telemedicine.Identity.Federation;
using Telemedicine.Identity.Hosting;

const string MigrateCommand = "--migrate";
var isMigrateCommand = args.Contains(MigrateCommand);
var isInviteCommand = args.Contains(InviteAdministratorCommand.Name);
var builder = WebApplication.CreateBuilder([.. args.Where(argument => argument is not (MigrateCommand or InviteAdministratorCommand.Name) && !AuditCommand.IsIt(argument))]);
if (!ProviderSettings.TryRead(builder.Configuration, builder.Environment, out var settings, out var problems))
{
    foreach (var problem in problems)
        await Console.Error.WriteLineAsync(problem);
    return 1;
}

builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
builder.Logging.KeepRequestsPrivate();
builder.Services.AddSingleton(settings);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddAccountsDatabase(settings);
builder.Services.AddAccounts(settings);
builder.Services.AddFederation(settings);
builder.Services.AddEmails(settings);
builder.Services.AddConnect(settings);
builder.Services.AddDemonstration(settings);
builder.Services.AddRateLimits(settings);
builder.Services.AddFileCompression();
builder.Services.AddRazorPages(options =>
{
    // A page needs a signed-in person unless it is named here.
    options.Conventions.AuthorizeFolder("/");
    options.Conventions.AuthorizeFolder("/Administration", AdministratorRequirement.Policy);
    options.Conventions.AllowAnonymousToPage("/Index");
    options.Conventions.AllowAnonymousToPage("/Error");
    options.Conventions.AllowAnonymousToFolder("/Open");
    options.Conventions.AllowAnonymousToPage("/Account/SignIn");
    options.Conventions.AllowAnonymousToPage("/Account/SignInCode");
    options.Conventions.AllowAnonymousToPage("/Account/SignInRecovery");
    options.Conventions.AllowAnonymousToPage("/Account/SignInWith");
    options.Conventions.AllowAnonymousToPage("/Account/SignInContinue");
    options.Conventions.AllowAnonymousToPage("/Account/SignInPasskey");
    options.Conventions.AllowAnonymousToPage("/Account/AuthenticatorSetUp");
    options.Conventions.AllowAnonymousToPage("/Account/SignOut");
    options.Conventions.AllowAnonymousToPage("/Account/SignedOut");
});
builder.Services.AddAntiforgery(options =>
{
    options.Cookie.Name = "telemedicine-identity-antiforgery";
    options.Cookie.SameSite = SameSiteMode.Lax;
    options.Cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
});

builder.Services.Configure<CookieTempDataProviderOptions>(options =>
{
    options.Cookie.Name = "telemedicine-identity-notice";
    options.Cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
});

var app = builder.Build();
var mayMigrate = isMigrateCommand || app.Environment.IsDevelopment() || app.Environment.IsEnvironment("Demonstration");
if (await app.PrepareAsync(settings, mayMigrate) is { } refusal)
{
    await Console.Error.WriteLineAsync(refusal);
    return 1;
}

if (isMigrateCommand)
    return 0;
if (args.FirstOrDefault(AuditCommand.IsIt) is { } verify)
    return await AuditCommand.RunAsync(app.Services, verify, Console.Out);
if (isInviteCommand)
    return await InviteAdministratorCommand.RunAsync(app.Services, app.Configuration, Console.Out);

app.UseTrustedProxies(settings);
app.UseSecurityHeaders();
if (settings.IsHttps)
    app.UseHsts();
app.UseExceptionHandler("/error/500");
app.UseStatusCodePagesWithReExecute("/error/{0}");
app.UseResponseCompression();
app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = SecurityHeaders.AllowCaching });
app.UseRouting();
app.UseRateLimiter();
app.UseAuthentication();
app.UseAuthorization();
app.MapHealthChecks("/health").AllowAnonymous();
app.MapConnect();
app.MapRazorPages();
await app.RunAsync();
return 0;
