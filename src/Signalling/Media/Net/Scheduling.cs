using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Telemedicine.Media.Net;

/// <summary>
/// Lets the calling thread run as soon as it has something to do. Otherwise a datagram waits until the other threads of the process have had their turns of some
/// milliseconds each: when many calls are reported on at once, long enough for the socket to overflow.
/// </summary>
internal static unsafe class Scheduling
{
    private const int Nice = -10;

    // Short turns, which the kernel (6.12 and later) grants sooner. Microseconds of work at a time are all that a media thread has.
    private const ulong TurnNanoseconds = 100_000;

    /// <summary>On Linux, with what the system allows: a higher priority takes CAP_SYS_NICE or a limit (RLIMIT_NICE), short turns take nothing. Does nothing elsewhere.</summary>
    public static void Prefer()
    {
        var call = RuntimeInformation.ProcessArchitecture switch
        {
            _ when !OperatingSystem.IsLinux() => 0,
            Architecture.X64 => 314, // __NR_sched_setattr
            Architecture.Arm64 => 274,
            _ => 0,
        };
        if (call != 0 && !TrySet(call, Nice))
            TrySet(call, 0);
    }

    private static bool TrySet(int call, int nice)
    {
        Attributes attributes = new() { Size = (uint)sizeof(Attributes), Nice = nice, Runtime = TurnNanoseconds };
        return LibC.SystemCall(call, 0, (nint)Unsafe.AsPointer(ref attributes), 0) == 0;
    }

    /// <summary>struct sched_attr, of the policy SCHED_OTHER (0).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
