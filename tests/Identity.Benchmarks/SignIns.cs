using System.Diagnostics;
using System.Security.Cryptography;

namespace Telemedicine.Identity.Benchmarks;

/// <summary>
/// Whole sign-ins of a patient to the running product, one after the other: what each request takes on loopback, and what is left of all of
/// them without the deliberate cost of the password hash. The callback's time has the code's redemption in it.
/// </summary>
internal static class SignIns
{
    private const int Warm = 30;
    private const int Turns = 150;

    /// <summary>As the service hashes: the same algorithm, rounds and lengths.</summary>
    private const int Rounds = 220_000;

    public static async Task MeasureAsync(Uri web, Uri identity, string email, string password)
    {
        var steps = new[] { "Web: begin", "Identity: authorize", "Identity: page", "Identity: password", "Identity: code", "Web: callback" };
        var times = steps.Select(_ => new List<double>()).ToList();
        var hashes = new List<double>();
        for (var turn = -Warm; turn < Turns; turn++)
        {
            var taken = await SignInAsync(web, identity, email, password);
            var hash = Hash(password);
            if (turn < 0)
                continue;
            foreach (var (list, one) in times.Zip(taken))
                list.Add(one);
            hashes.Add(hash);
        }

        foreach (var (step, list) in steps.Zip(times))
            Console.WriteLine($"{step,-22} median {At(list, 0.5),6:0.0} ms, 95 % {At(list, 0.95),6:0.0} ms");
        var totals = Enumerable.Range(0, Turns).Select(turn => times.Sum(list => list[turn])).ToList();
        var rest = totals.Zip(hashes, (total, hash) => total - hash).ToList();
        Console.WriteLine($"{"all",-22} median {At(totals, 0.5),6:0.0} ms, 95 % {At(totals, 0.95),6:0.0} ms");
        Console.WriteLine($"{"one password hash",-22} median {At(hashes, 0.5),6:0.0} ms, 95 % {At(hashes, 0.95),6:0.0} ms");
        Console.WriteLine($"{"all without the hash",-22} median {At(rest, 0.5),6:0.0} ms, 95 % {At(rest, 0.95),6:0.0} ms");
    }

    private static async Task<double[]> SignInAsync(Uri web, Uri identity, string email, string password)
    {
        using var browser = new Browser();
        var begun = await browser.GetAsync(new Uri(web, "/account/sign-in"));
        var asked = await browser.GetAsync(begun.Next);
        var page = await browser.GetAsync(asked.Next);
        var sent = await browser.SubmitAsync(page.Address, page.Text, ("Email", email), ("Password", password));
        var code = await browser.GetAsync(sent.Next);
        if (code.Next.Host != web.Host || code.Next.Port != web.Port || sent.Next.Port != identity.Port)
            throw new InvalidOperationException($"The sign-in led to {code.Next}.");
        var signedIn = await browser.GetAsync(code.Next);
        _ = signedIn.Next;
        return [begun.Milliseconds, asked.Milliseconds, page.Milliseconds, sent.Milliseconds, code.Milliseconds, signedIn.Milliseconds];
    }

    private static double Hash(string password)
    {
        var start = Stopwatch.GetTimestamp();
        Rfc2898DeriveBytes.Pbkdf2(password, RandomNumberGenerator.GetBytes(16), Rounds, HashAlgorithmName.SHA512, 32);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double At(List<double> values, double part) => values.Order().ElementAt((int)(values.Count * part));
}
