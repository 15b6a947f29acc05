using Telemedicine.Media.Benchmarks;

// dotnet run --project tests/Media.Benchmarks -c Release [-- engine|sockets|cores]
string[] parts = args is [] ? ["engine", "sockets", "cores"] : args;
foreach (var part in parts)
{
    switch (part)
    {
        case "engine": Measurements.Engine(); break;
        case "sockets": Measurements.Sockets(); break;
        case "cores": Measurements.Cores(); break;
        default: Console.Error.WriteLine("Usage: dotnet run --project tests/Media.Benchmarks -c Release [-- engine|sockets|cores]"); return 2;
    }
}

return 0;
