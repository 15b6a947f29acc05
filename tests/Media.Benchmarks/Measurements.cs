using System.Globalization;

namespace Telemedicine.Media.Benchmarks;

/// <summary>What forwarding costs. Times are processor time of the forwarding thread; each figure is the median of many short rounds, so that disturbed ones do not count.</summary>
internal static class Measurements
{
    private const int Burst = 8;
    private const int Bursts = 50;
    private const int Rounds = 25;

    /// <summary>Rounds before the first that counts: rings grow to what is under way.</summary>
    private const int WarmUp = 5;

    private static readonly int[] FanOuts = [1, 2, 5, 10, 20];

    /// <summary>The engine alone: parse, decrypt, rewrite, encrypt; no system call.</summary>
    public static void Engine()
    {
        Console.WriteLine("\nEngine alone, 1,100-byte video packets, AEAD_AES_128_GCM");
        Console.WriteLine("fan-out  us/incoming  us/forwarded  bytes allocated/packet");
        foreach (var fanOut in FanOuts)
        {
            using var room = new Room(fanOut);
            room.Output.Discards = true;
            var times = new List<double>();
            long allocated = 0;
            for (var round = -WarmUp; round < Rounds; round++)
            {
                var (from, datagrams) = room.Prepare(Burst * Bursts);
                var bytes = GC.GetAllocatedBytesForCurrentThread();
                var began = ThreadTime.Now;
                foreach (var datagram in datagrams)
                    room.Handle(from, datagram);
                var took = ThreadTime.Now - began;
                if (round < 0)
                    continue;
                allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
                times.Add(took / 1000.0 / datagrams.Length);
            }

            var median = Median(times);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{fanOut,7}  {median,11:0.00}  {median / fanOut,12:0.00}  {(double)allocated / (Rounds * Burst * Bursts),10:0.00}"));
        }
    }

    /// <summary>With sockets on loopback, in bursts, beside a bare echo that only decrypts and encrypts.</summary>
    public static void Sockets()
    {
        Console.WriteLine($"\nSockets (recvmmsg, sendmmsg, UDP_SEGMENT) on loopback, bursts of {Burst}");
        Console.WriteLine("fan-out  us/forwarded  kernel share  bare echo us/forwarded  times the echo");
        foreach (var fanOut in FanOuts)
        {
            using var room = new Room(fanOut);
            using var echo = new Echo(fanOut);
            var ours = new List<double>();
            var bare = new List<double>();
            long user = 0, kernel = 0;
            for (var round = -WarmUp; round < Rounds; round++)
            {
                var forwarded = PerForwarded(fanOut, room.Send, room.Pump, room.Drain, ref user, ref kernel, round >= 0);
                var echoed = PerForwarded(fanOut, echo.Send, echo.Pump, echo.Drain, ref user, ref kernel, false);
                room.KeepAlive();
                if (round < 0)
                    continue;
                ours.Add(forwarded);
                bare.Add(echoed);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{fanOut,7}  {Median(ours),12:0.00}  {100.0 * kernel / Math.Max(1, user + kernel),10:0} %  {Median(bare),22:0.00}  {Median(ours) / Median(bare),14:0.00}"));
        }
    }

    /// <summary>One loop, then one on each of two cores at once.</summary>
    public static void Cores()
    {
        const int FanOut = 5;
        Console.WriteLine($"\nLoops at once, each with a socket, an engine and a room of {FanOut + 1}");
        Console.WriteLine("loops  us/forwarded of each");
        foreach (var loops in new[] { 1, 2 })
        {
            var results = new double[loops];
            var threads = Enumerable.Range(0, loops).Select(i => new Thread(() => results[i] = OneLoop(FanOut))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Console.WriteLine($"{loops,5}  {string.Join("  ", results.Select(result => result.ToString("0.00", CultureInfo.InvariantCulture)))}");
        }
    }

    private static double OneLoop(int fanOut)
    {
        using var room = new Room(fanOut);
        var times = new List<double>();
        long user = 0, kernel = 0;
        for (var round = 0; round < Rounds; round++)
        {
            times.Add(PerForwarded(fanOut, room.Send, room.Pump, room.Drain, ref user, ref kernel, false));
            room.KeepAlive();
        }

        return Median(times);
    }

    /// <summary>Microseconds a packet forwarded: only the pump's time counts, not the publisher's and the receivers'.</summary>
    private static double PerForwarded(int fanOut, Action<int> send, Func<int> pump, Action<int> drain, ref long user, ref long kernel, bool split)
    {
        long spent = 0;
        for (var i = 0; i < Bursts; i++)
        {
            send(Burst);
            var (userBefore, kernelBefore) = ThreadTime.Split;
            var began = ThreadTime.Now;
            for (var received = 0; received < Burst;)
                received += pump();
            spent += ThreadTime.Now - began;
            if (split)
            {
                var (userAfter, kernelAfter) = ThreadTime.Split;
                user += userAfter - userBefore;
                kernel += kernelAfter - kernelBefore;
            }

            drain(Burst);
        }

        return spent / 1000.0 / (Bursts * Burst * fanOut);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
