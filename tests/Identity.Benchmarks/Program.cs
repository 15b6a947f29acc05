using Telemedicine.Identity.Benchmarks;

// Not a test: docs/performance.md has the commands and the figures.
switch (args)
{
    case ["sign-in", var web, var identity, var password, var email]:
        await SignIns.MeasureAsync(new Uri(web), new Uri(identity), email, password);
        return 0;
    case ["exchanges", var assembly, var people]:
        await Exchanges.MeasureAsync(assembly, people);
        return 0;
    default:
        await Console.Error.WriteLineAsync("sign-in WEB-ADDRESS IDENTITY-ADDRESS PASSWORD EMAIL | exchanges Telemedicine.Identity.dll people.json");
        return 1;
}
