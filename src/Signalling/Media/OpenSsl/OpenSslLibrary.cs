using System.Runtime.InteropServices;

namespace Telemedicine.Media.OpenSsl;

/// <summary>Finds OpenSSL 3: its versioned file first, because the plain name exists only beside its headers, or may be another version.</summary>
internal static class OpenSslLibrary
{
    /// <exception cref="DllNotFoundException">OpenSSL 3 is not installed.</exception>
    public static nint Load(string name)
    {
        string[] candidates =
            OperatingSystem.IsWindows() ? [$"{name}-3-x64.dll", $"{name}-3-arm64.dll", $"{name}.dll"]
            : OperatingSystem.IsMacOS() ? [$"{name}.3.dylib", $"{name}.dylib"]
            : [$"{name}.so.3", $"{name}.so"];
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out nint handle))
                return handle;
        }

        throw new DllNotFoundException($"OpenSSL 3 is needed, but none of {string.Join(", ", candidates)} could be loaded.");
    }
}
