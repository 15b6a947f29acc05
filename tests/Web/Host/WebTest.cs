namespace Telemedicine.Web.Tests.Host;

/// <summary>A test with a Web of its own.</summary>
public abstract class WebTest : IAsyncLifetime
{
    private WebHost? _web;

    protected WebHost Web => _web ?? throw new InvalidOperationException("Not started.");

    protected virtual bool Demonstration => false;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _web = await WebHost.StartAsync(Demonstration);

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
