using System.Net;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Events;

/// <summary>
/// Posts quality reports to Web, signed, a batch a second at most. What Web calls wrong (400) is logged and dropped; whatever else goes
/// wrong is tried again after a pause that doubles up to a minute.
/// </summary>
public sealed partial class QualityPoster(QualityReports reports, SignedSender web, TimeProvider time, ILogger<QualityPoster> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Pause;
        while (!stoppingToken.IsCancellationRequested)
        {
            await reports.WaitAsync(stoppingToken);
            pause = await TryPostAsync(reports.Take(), stoppingToken) ? Pause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            await Task.Delay(pause, time, stoppingToken);
        }
    }

    private async Task<bool> TryPostAsync(IReadOnlyList<QualityReport> batch, CancellationToken stopping)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new QualityBatch(batch), ContractsJson.Default.QualityBatch);
        var status = await web.PostAsync(QualityBatch.Path, body, stopping);
        if (status is { } answered && (int)answered is >= 200 and < 300)
            return true;
        if (status == HttpStatusCode.BadRequest)
        {
            LogRefused(batch.Count);
            return true;
        }
        reports.PutBack(batch);
        if (!stopping.IsCancellationRequested)
            LogNotTaken(batch.Count, status);
        return false;
    }
}
