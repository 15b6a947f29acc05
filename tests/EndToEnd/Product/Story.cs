using Xunit;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>A test told as the story of some people, each with a browser. When it fails, what they saw and the services' logs are kept.</summary>
public abstract class Story(ProductFixture fixture) : IAsyncLifetime
{
    private readonly List<Person> _people = [];

    protected RunningProduct Product => fixture.Product;

    protected async Task<Person> PersonAsync(string name, Clip? clip = null, int width = 1280, int height = 800)
    {
        var person = await Person.WithBrowserAsync(fixture, name, clip, width, height);
        _people.Add(person);
        return person;
    }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        var folder = Path.Combine(Checkout.Artifacts, TestContext.Current.TestMethod?.MethodName ?? "unknown");
        foreach (var person in _people)
        {
            if (failed)
                await person.KeepAsync(folder);
            await person.CloseAsync();
        }
        if (failed)
        {
            foreach (var log in Directory.EnumerateFiles(Path.Combine(Product.Data, "logs")))
                File.Copy(log, Path.Combine(folder, Path.GetFileName(log)), overwrite: true);
        }
    }
}
