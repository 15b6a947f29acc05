namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>A test with a service of its own and one clinic in it.</summary>
public abstract class HostedTest : IAsyncLifetime
{
    private SignallingHost? _host;
    private ClinicWorld? _world;

    protected SignallingHost Host => _host ?? throw new InvalidOperationException("The service is not started.");

    protected ClinicWorld World => _world ?? throw new InvalidOperationException("The service is not started.");

    public async ValueTask InitializeAsync()
    {
        _host = await SignallingHost.StartAsync();
        _world = new ClinicWorld(_host);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
