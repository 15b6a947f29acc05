namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>One service for a class of tests that each have a clinic of their own.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    private SignallingHost? _host;

    public SignallingHost Host => _host ?? throw new InvalidOperationException("The service is not started.");

    /// <summary>With room for the consultations of all tests of a class: on a clock that stands still nobody's place is given up.</summary>
    public async ValueTask InitializeAsync() => _host = await SignallingHost.StartAsync(null, ("Media:MaximumConsultations", "5000"), ("Media:MaximumParticipants", "20000"));

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}

/// <summary>A test on its class's service, with a clinic of its own. The clock only goes forward, so tests may move it.</summary>
public abstract class SharedHostTest(SharedHost shared) : IClassFixture<SharedHost>
{
    protected SignallingHost Host => shared.Host;

    protected ClinicWorld World { get; } = new(shared.Host);
}

/// <summary>A test with a service of its own: for what is said of everything that the service sends or logs.</summary>
public abstract class OwnHostTest : IAsyncLifetime
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
        await Host.DisposeAsync();
    }
}
