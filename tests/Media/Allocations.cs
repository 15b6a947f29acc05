namespace Telemedicine.Media.Tests;

internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// The bytes that an action allocates on this thread, once warm: the least of some rounds, because a garbage collection that another test causes writes off
    /// the unused rest of this thread's allocation buffer as if it had been used. Give an action that does its work many times over.
    /// </summary>
    public static long Of(Action action)
    {
        action();
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = long.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
