using System.Runtime.InteropServices;

namespace Telemedicine.Signalling.MediaNode;

/// <summary>
/// Ends the service. SIGTERM drains it first: no consultation begins, those under way go on until they end, at most for the set time;
/// what is left then moves, as after any lost connection. A second SIGTERM, or Ctrl-C, stops at once.
/// </summary>
public sealed partial class DrainingLifetime(
    MediaHost media, SignallingSettings settings, IHostApplicationLifetime application, TimeProvider time, ILogger<DrainingLifetime> logger) : IHostLifetime, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ILogger<DrainingLifetime> _logger = logger;
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _signals = [];
    private ITimer? _timer;
    private long _drainingSince;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, Drain)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, Stop)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => Handle(context, Stop)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Drain()
    {
        lock (_gate)
        {
            if (_timer is not null || settings.DrainTime == TimeSpan.Zero || !application.ApplicationStarted.IsCancellationRequested)
            {
                Stop();
                return;
            }

            media.Drain();
            LogDraining(media.Load.Rooms, (int)settings.DrainTime.TotalSeconds);
            _drainingSince = time.GetTimestamp();
            _timer = time.CreateTimer(_ => StopWhenDone(), null, TimeSpan.Zero, Interval);
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _timer?.Dispose();
    }

    private void StopWhenDone()
    {
        if (media.Load.Rooms == 0 || time.GetElapsedTime(_drainingSince) >= settings.DrainTime)
            Stop();
    }

    private void Stop()
    {
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!application.ApplicationStopping.IsCancellationRequested)
            application.StopApplication();
    }

    private static void Handle(PosixSignalContext context, Action act)
    {
        context.Cancel = true;
        act();
    }
}
