using System.Globalization;
using Telemedicine.Media.Fuzz;

InstrumentedMedia.Install();
return FuzzCommand.Run(args);

namespace Telemedicine.Media.Fuzz
{
    /// <summary>Runs the seeds of every target, then mutates for the time asked for. Prints its seed, with which a run can be repeated.</summary>
    internal static class FuzzCommand
    {
        private const string Usage = "Usage: dotnet run --project tests/Media.Fuzz -- [--seconds N | --minutes N] [--seed N] [--target NAME]";

        public static int Run(string[] arguments)
        {
            var time = TimeSpan.FromSeconds(10);
            var seed = 20261126;
            string? only = null;
            for (var i = 0; i + 1 < arguments.Length; i += 2)
            {
                var number = int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
                switch (arguments[i])
                {
                    case "--seconds": time = TimeSpan.FromSeconds(number); break;
                    case "--minutes": time = TimeSpan.FromMinutes(number); break;
                    case "--seed": seed = number; break;
                    case "--target": only = arguments[i + 1]; break;
                    default: Console.Error.WriteLine(Usage); return 2;
                }
            }

            var targets = Targets.All().Where(target => only is null || target.Name == only).ToList();
            if (targets.Count == 0 || arguments.Length % 2 != 0)
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }

            Console.WriteLine($"Fuzzing with seed {seed} for {time.TotalSeconds:0} s.");
            var broken = targets.Count(target => !Passes(target, seed, time / targets.Count));
            Console.WriteLine($"Of the media library's {Coverage.Blocks} blocks of code {Coverage.BlocksSeen} ran.");
            return broken == 0 ? 0 : 1;
        }

        private static bool Passes(Target target, int seed, TimeSpan time)
        {
            using var owned = target;
            var fuzzer = new Fuzzer(target, seed);
            fuzzer.RunSeeds();
            fuzzer.RunFor(time);
            Console.WriteLine($"{target.Name,-10} {fuzzer.Runs,9} inputs, {fuzzer.Kept,5} kept, {fuzzer.Findings.Count} findings");
            foreach (var finding in fuzzer.Findings)
            {
                var path = Path.GetFullPath(Path.Combine("fuzz-findings", target.Name, finding.FileName));
                Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
                File.WriteAllBytes(path, finding.Input);
                Console.Error.WriteLine($"{target.Name}: {finding.What}\nKept in fuzz-findings/{target.Name}/{finding.FileName}; once mended, move it to tests/Media.Fuzz/Seeds/{target.Name}.");
            }

            return fuzzer.Findings.Count == 0;
        }
    }
}
