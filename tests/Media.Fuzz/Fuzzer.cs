using System.Diagnostics;
using System.Security.Cryptography;

namespace Telemedicine.Media.Fuzz;

/// <summary>One target's loop: an input that reaches something new is kept, and later ones are made of those kept.</summary>
internal sealed class Fuzzer(Target target, int seed)
{
    /// <summary>No input may take longer: a packet that keeps the loop busy is an attack.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly Random _random = new(seed);
    private readonly List<byte[]> _kept = [];

    public long Runs { get; private set; }

    public int Kept => _kept.Count;

    /// <summary>The inputs that broke something.</summary>
    public List<Finding> Findings { get; } = [];

    public static string SeedFolder => Path.Combine(AppContext.BaseDirectory, "Seeds");

    /// <summary>What is kept in the target's folder, and what broke once.</summary>
    public void RunSeeds()
    {
        var folder = Path.Combine(SeedFolder, target.Name);
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
                Try(File.ReadAllBytes(path));
        }

        foreach (var input in target.Seeds)
            Try(input);
        if (_kept.Count == 0)
            _kept.Add([]);
    }

    public void RunFor(TimeSpan time)
    {
        var mutator = new Mutator(_random);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time && Findings.Count == 0;)
        {
            for (var i = 0; i < 64; i++)
                Try(mutator.Mutate(_kept[_random.Next(_kept.Count)], _kept));
        }
    }

    private void Try(byte[] input)
    {
        Runs++;
        Coverage.Begin();
        var started = Stopwatch.GetTimestamp();
        try
        {
            target.Run(input);
        }
        catch (Exception thrown) when (!target.Expects(thrown))
        {
            Findings.Add(new Finding(input, thrown.ToString()));
        }
        catch (Exception expected) when (target.Expects(expected))
        {
            // A refusal in plain words is what bad parameters are to get.
        }

        if (Stopwatch.GetElapsedTime(started) > Longest)
            Findings.Add(new Finding(input, $"It took {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s."));
        if (Coverage.TakeNew())
            _kept.Add(input);
    }
}

/// <summary>An input and what it did.</summary>
internal sealed record Finding(byte[] Input, string What)
{
    public string FileName => $"found-{Convert.ToHexStringLower(SHA256.HashData(Input).AsSpan(0, 6))}";
}
