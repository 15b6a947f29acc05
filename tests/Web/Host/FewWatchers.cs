using System.Runtime.CompilerServices;

namespace Telemedicine.Web.Tests.Host;

internal static class FewWatchers
{
    /// <summary>Each host would watch its settings and assets by inotify, of which a system gives a user few; nothing here changes files.</summary>
    [ModuleInitializer]
    public static void Set()
    {
        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
        Environment.SetEnvironmentVariable("DOTNET_USE_POLLING_FILE_WATCHER", "1");
    }
}
