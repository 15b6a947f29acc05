using System.Runtime.InteropServices;

namespace Telemedicine.Media.Benchmarks;

/// <summary>Processor time of the calling thread: what other processes do on the machine hardly shows in it. Linux only.</summary>
internal static unsafe partial class ThreadTime
{
    private const int ThreadCpuTimeId = 3; // CLOCK_THREAD_CPUTIME_ID
    private const int RusageThread = 1;

    /// <summary>Nanoseconds.</summary>
    public static long Now
    {
        get
        {
            long* time = stackalloc long[2];
            ClockGetTime(ThreadCpuTimeId, time);
            return time[0] * 1_000_000_000 + time[1];
        }
    }

    /// <summary>Microseconds in user code and in the kernel.</summary>
    public static (long User, long Kernel) Split
    {
        get
        {
            long* usage = stackalloc long[18];
            GetRusage(RusageThread, usage);
            return (usage[0] * 1_000_000 + usage[1], usage[2] * 1_000_000 + usage[3]);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, long* time);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetRusage(int who, long* usage);
}
