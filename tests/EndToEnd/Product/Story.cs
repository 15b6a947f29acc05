using Xunit;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>A test told as the story of some people, each with a browser. When it fails, what they saw and the services' logs are kept.</summary>
public abstract class Story(ProductFixture fixture) : IAsyncLifetime
{
    private readonly List<Person> _people = [];

    protected virtual RunningProduct Product => fixture.Product;

    protected async Task<Person> PersonAsync(string name, Clip? clip = null, int width = 1280, int height = 800)
    {
        var person = await Person.WithBrowserAsync(fixture.Playwright, Product.Address, name, clip, width, height, BrowserArguments);
        _people.Add(person);
        await PrepareAsync(person);
        return person;
    }

    /// <summary>What this story's browsers are started with besides.</summary>
    protected virtual IReadOnlyList<string> BrowserArguments => [];

    /// <summary>Called with each new person, before the first page is opened.</summary>
    protected virtual Task PrepareAsync(Person person) => Task.CompletedTask;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
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
