using System.Net;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect.Logout;

/// <summary>
/// Tells applications that a session ended, by POST to their address (OpenID Connect Back-Channel Logout 1.0 section 2.5), until they take it
/// or their own session must be over too. Any number of instances may run it.
/// </summary>
public sealed partial class LogoutSender(
    IServiceScopeFactory scopes,
    IHttpClientFactory http,
    ClientRegistry clients,
    LogoutTokens tokens,
    LogoutSignal signal,
    TimeProvider clock,
    ILogger<LogoutSender> logger) : BackgroundService
{
    public const string HttpClientName = "back-channel logout";

    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    /// <summary>Longer than an attempt lasts; an instance that dies in one leaves the notice to others after this.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private const int AtOnce = 8;

    /// <summary>Tries every notice that is due, once.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<LogoutNotice> due;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
            due = await database.LogoutNotices.AsNoTracking().Where(notice => notice.DueAt <= now).OrderBy(notice => notice.DueAt).Take(500).ToListAsync(cancellationToken);
        }

        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, TryAsync);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SendDueAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The database may be away for a while; the notices are in it.
                RoundFailed(failure.GetType().Name);
            }

            await signal.WaitAsync(Round, clock, stoppingToken);
        }
    }

    private async ValueTask TryAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        var row = database.LogoutNotices.Where(other => other.Id == notice.Id);
        if (clients.Find(notice.ClientId)?.BackChannelLogoutUri is not { } address)
        {
            await row.ExecuteDeleteAsync(CancellationToken.None);
            return;
        }

        if (now - notice.EndedAt > Session.AbsoluteLifetime)
        {
            await row.ExecuteDeleteAsync(CancellationToken.None);
            GivenUp(notice.ClientId, notice.Attempts);
            return;
        }

        var wait = TimeSpan.FromSeconds(Math.Min(FirstWait.TotalSeconds * Math.Pow(2, Math.Min(notice.Attempts, 16)), LongestWait.TotalSeconds));
        var claimed = await row.Where(other => other.DueAt == notice.DueAt).ExecuteUpdateAsync(
            change => change.SetProperty(other => other.DueAt, now + wait).SetProperty(other => other.Attempts, notice.Attempts + 1), CancellationToken.None);
        if (claimed == 0)
            return;

        var token = await tokens.CreateAsync(notice, cancellationToken);
        switch (await PostAsync(address, token, cancellationToken))
        {
            case HttpStatusCode.OK or HttpStatusCode.NoContent:
                await row.ExecuteDeleteAsync(CancellationToken.None);
                Told(notice.ClientId);
                break;

            // Section 2.8: the application says that the token is not valid, which another try would not make it.
            case HttpStatusCode.BadRequest:
                await row.ExecuteDeleteAsync(CancellationToken.None);
                Refused(notice.ClientId);
                break;

            case var status:
                Failed(notice.ClientId, (int?)status, notice.Attempts + 1);
                break;
        }
    }

    /// <returns>Null when there was no answer.</returns>
    private async Task<HttpStatusCode?> PostAsync(Uri address, string token, CancellationToken cancellationToken)
    {
        using var client = http.CreateClient(HttpClientName);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        try
        {
            using var response = await client.PostAsync(address, form, cancellationToken);
            return response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 2131, Level = LogLevel.Information, Message = "Application {Client} was told that a session ended")]
    private partial void Told(string client);

    [LoggerMessage(EventId = 2132, Level = LogLevel.Error, Message = "Application {Client} does not accept the logout token")]
    private partial void Refused(string client);

    [LoggerMessage(EventId = 2133, Level = LogLevel.Warning, Message = "Application {Client} did not take a logout token (status {Status}, attempt {Attempt})")]
    private partial void Failed(string client, int? status, int attempt);

    [LoggerMessage(EventId = 2134, Level = LogLevel.Error, Message = "Application {Client} could not be told that a session ended; given up after {Attempts} attempts")]
    private partial void GivenUp(string client, int attempts);

    [LoggerMessage(EventId = 2135, Level = LogLevel.Error, Message = "Logout tokens could not be sent: {Reason}")]
    private partial void RoundFailed(string reason);
}
