namespace Telemedicine.EndToEnd.Tests.Product;

internal static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>Where a failed test leaves its screenshots and logs.</summary>
    public static string Artifacts => Path.Combine(Root, "tests/EndToEnd/artifacts");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Telemedicine.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("These tests run from a checkout.");
    }
}
