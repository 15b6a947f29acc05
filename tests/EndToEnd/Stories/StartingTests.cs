using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>./run as a person meets it.</summary>
public class StartingTests(ProductFixture fixture)
{
    [Fact]
    public void The_ready_block_says_where_to_go_and_who_can_sign_in()
    {
        var output = fixture.Product.Output;

        Assert.Contains(fixture.Product.Address, output, StringComparison.Ordinal);
        Assert.Contains(fixture.Product.Password, output, StringComparison.Ordinal);
        Assert.Contains("amara.okafor@example.com", output, StringComparison.Ordinal);
        Assert.Contains("margaret.hughes@example.com", output, StringComparison.Ordinal);
        Assert.Contains("helen.brooks@example.com", output, StringComparison.Ordinal);
        Assert.Contains("ruth.fielding@example.com", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_one_plain_sentence()
    {
        var port = RunningProduct.FreePorts();
        using var occupied = RunningProduct.Occupy(port + 1);

        var (exitCode, output) = await RunningProduct.RunToEndAsync("--no-build", "--port", $"{port}", "--data", Path.Combine(fixture.Product.Data, "never"));

        Assert.NotEqual(0, exitCode);
        Assert.Equal($"Port {port + 1} is already in use, so Identity cannot start. Stop the program that uses it, or choose other ports with ./run --port 6080.", output.Trim());
    }

    [Fact]
    public async Task A_second_start_keeps_data_and_secrets_and_reset_makes_new_ones()
    {
        var data = Directory.CreateTempSubdirectory("telemedicine-").FullName;
        var secrets = Path.Combine(data, "secrets.json");
        var kept = Path.Combine(data, "not-ours.txt");

        var first = await RunningProduct.StartAsync(data, arguments: "--no-build");
        Assert.Equal(0, await first.StopAsync());
        var made = await File.ReadAllTextAsync(secrets, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(kept, "mine", TestContext.Current.CancellationToken);

        var second = await RunningProduct.StartAsync(data, arguments: "--no-build");
        Assert.Equal(0, await second.StopAsync());
        Assert.Equal(made, await File.ReadAllTextAsync(secrets, TestContext.Current.CancellationToken));

        await using var third = await RunningProduct.StartAsync(data, port: null, "--no-build", "--reset");
        Assert.NotEqual(made, await File.ReadAllTextAsync(secrets, TestContext.Current.CancellationToken));
        Assert.True(File.Exists(kept));
    }

    [Fact]
    public async Task A_service_that_dies_is_named_and_stops_the_rest()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the service's process in /proc");
        await using var product = await RunningProduct.StartAsync(arguments: "--no-build");

        product.Service("Telemedicine.Signalling").Kill();
        var exitCode = await product.EndedAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("Signalling stopped unexpectedly (SIGKILL).", product.Output, StringComparison.Ordinal);
        Assert.All(product.ServicePorts, port => RunningProduct.Occupy(port).Dispose());
    }
}
