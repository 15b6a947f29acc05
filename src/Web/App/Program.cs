using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Realtime;
using Telemedicine.Web.SignIn;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
    var web = WebOptions.From(builder.Configuration);
    var keys = SharedKeys.From(builder.Configuration);
    StartRules.Check(web, keys.All, builder.Configuration, builder.Environment);

    builder.Services.AddSingleton(web);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddClinicalData(builder.Configuration);
    builder.Services.AddSignIn(builder.Configuration, web);
    builder.Services.AddAccess();
    builder.Services.AddPages(web);
    builder.Services.AddRealtime(web, keys);
    builder.Services.AddResponseCompression();

    var app = builder.Build();
    app.UseSecurityHeaders(web);
    app.UseExceptionHandler("/error/500");
    app.UseStatusCodePagesWithReExecute("/error/{0}");
    app.UseResponseCompression();
    app.UseStaticFiles();
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapStaticAssets().AllowAnonymous();
    app.MapHealthChecks("/health").AllowAnonymous();
    app.MapRealtime();
    app.MapRazorPages().WithStaticAssets();
    await app.PrepareDatabaseAsync(web.Demonstration);
    await app.RunAsync();
    return 0;
}
catch (StartRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
