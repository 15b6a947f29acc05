using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

[assembly: AssemblyFixture(typeof(ProductFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>One running product and one Playwright for all tests.</summary>
public sealed class ProductFixture : IAsyncLifetime
{
    /// <summary>Milliseconds to wait for what must come: long, because browsers, encoders and all services may share two slow cores.</summary>
    public const float Patience = 60_000;

    private RunningProduct? _product;
    private IPlaywright? _playwright;

    public RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

    public IPlaywright Playwright => _playwright ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        _product = await RunningProduct.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_product is not null)
            await _product.DisposeAsync();
        _playwright?.Dispose();
    }
}
