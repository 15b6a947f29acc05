using Telemedicine.Web.Files;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Messages;
using Telemedicine.Web.Realtime;
using Telemedicine.Web.Retention;
using Telemedicine.Web.SignIn;
using Telemedicine.Web.WaitingList;

try
{
    var migrateOnly = args.Contains(ClinicalData.MigrateCommand);
    var addPractice = args.Contains(AddPracticeCommand.Name);
    var builder = WebApplication.CreateBuilder([.. args.Where(a => a is not (ClinicalData.MigrateCommand or AddPracticeCommand.Name))]);
    builder.Logging.KeepRequestsPrivate();
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
    var web = WebOptions.From(builder.Configuration);
    var keys = SharedKeys.From(builder.Configuration);
    StartRules.Check(web, keys.All, builder.Configuration, builder.Environment);

    builder.Services.AddSingleton(web);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddClinicalData(builder.Configuration, builder.Environment);
    builder.Services.AddSignIn(builder.Configuration, web);
    builder.Services.AddAccess();
    builder.Services.AddGuests(web);
    builder.Services.AddPages(web);
    builder.Services.AddRealtime(web, keys);
    builder.Services.AddFiles(builder.Configuration);
    builder.Services.AddMessages(builder.Configuration, builder.Environment, web);
    builder.Services.AddWaitingList();
    builder.Services.AddRetention();
    builder.Services.AddAssetCompression();

    var app = builder.Build();
    await app.PrepareDatabaseAsync(web.Demonstration, mayMigrate: migrateOnly || !app.Environment.IsProduction());
    if (migrateOnly)
        return 0;
    if (addPractice)
        return await AddPracticeCommand.RunAsync(app.Services, builder.Configuration, Console.Out);

    app.UseTrustedProxies(app.Configuration);
    app.UseSecurityHeaders(web);
    app.UseExceptionHandler("/error/500");
    app.UseStatusCodePagesWithReExecute("/error/{0}");
    app.UseResponseCompression();
    app.UseStaticFiles(new StaticFileOptions { ContentTypeProvider = StaticAssets.Types, OnPrepareResponse = StaticAssets.AllowCaching });
    app.UseActingFor();
    app.UseRouting();
    app.UseAuthentication();
    app.UseCarerAccess();
    app.UseAuthorization();
    app.MapHealthChecks("/health").AllowAnonymous();
    BackChannelLogout.Map(app);
    app.MapRealtime();
    FileEndpoints.Map(app);
    app.MapRazorPages();
    // An address that does not exist is not found, rather than a reason to sign in.
    app.MapFallback("{**path}", () => Results.NotFound()).AllowAnonymous();
    await app.RunAsync();
    return 0;
}
catch (StartRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
