using System.Diagnostics;
using System.Globalization;
using Telemedicine.EndToEnd.Tests.Media;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>Signalling is killed, without warning, in the middle of a call, and the product is started again: the call goes on by itself, with nobody pressing anything.</summary>
public class KilledSignallingTests(ProductFixture fixture) : CallStory(fixture)
{
    private RunningProduct? _product;

    protected override RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

    public override async ValueTask InitializeAsync() => _product = await RunningProduct.StartAsync(arguments: "--no-build");

    [Fact]
    public async Task Killed_in_the_middle_of_a_call_it_comes_back_and_so_does_the_call()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the service's process in /proc");
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.MargaretHughes, Journeys.DrOkafor);
        await AdmitAsync(patient, clinician, appointment);
        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 1);

        var killed = Product;
        killed.Service("Telemedicine.Signalling").Kill();
        Assert.Equal(1, await killed.EndedAsync());
        _product = await RunningProduct.StartAsync(killed.Data, killed.Port, "--no-build");
        var ready = Stopwatch.GetTimestamp();
        await Task.WhenAll(new[] { patient, clinician }.Select(person => person.Page.Locator("[data-module=call][data-phase=inCall][data-connection=connected][data-media=connected]").WaitForAsync()));
        // A picture that stands still is none.
        await Task.WhenAll(patient.Page.KeepsWatchingAsync(1), clinician.Page.KeepsWatchingAsync(1));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Both pictures had moved for a second {Stopwatch.GetElapsedTime(ready).TotalSeconds:0.0} s after ./run said that it was ready."));

        await Task.WhenAll(patient.Page.HearsAsync(Clip.Clinician), clinician.Page.HearsAsync(Clip.Patient));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_product is not null)
            await _product.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
