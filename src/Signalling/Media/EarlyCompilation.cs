using System.Reflection;
using System.Runtime.CompilerServices;

namespace Telemedicine.Media;

/// <summary>
/// Compiles an assembly's methods before it serves anyone. Otherwise the first call pays for it in its join, and the first lost packet of a process holds all
/// media up while the code that repairs it is compiled.
/// </summary>
public static class EarlyCompilation
{
    private const BindingFlags Every = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Takes about a second for some thousand methods; none of them runs. Generic ones wait for their first call.</summary>
    public static void Run(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes())
        {
            if (type.ContainsGenericParameters)
                continue;
            foreach (var method in type.GetMethods(Every).Concat<MethodBase>(type.GetConstructors(Every)))
            {
                if (!method.IsAbstract && !method.ContainsGenericParameters && (method.Attributes & MethodAttributes.PinvokeImpl) == 0
                    && (method.MethodImplementationFlags & (MethodImplAttributes.InternalCall | MethodImplAttributes.Runtime)) == 0)
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }
}
