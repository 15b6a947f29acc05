using System.Runtime.CompilerServices;

namespace Telemedicine.Identity.Tests.Support;

internal static class FileWatching
{
    /// <summary>
    /// Every host watches its files, and ASP.NET Core never ends that watch: hundreds of hosts in one process run into Linux's limit of 128
    /// inotify instances a user. Files that nobody changes can as well be polled.
    /// </summary>
    [ModuleInitializer]
    internal static void Poll() => Environment.SetEnvironmentVariable("DOTNET_USE_POLLING_FILE_WATCHER", "1");
}
