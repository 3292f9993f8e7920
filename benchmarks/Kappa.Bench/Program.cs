using System.Globalization;
using Kappa.Bench;
using Kappa.Bench.Clients;

// The host is measured from processes of their own; these are started by the one that a person starts.
switch (args)
{
    case ["client-append", var host, var events, var cache]:
        return await AppendClient.RunAsync(new Uri(host), int.Parse(events, CultureInfo.InvariantCulture), cache);
    case ["client-latency", var host, var seconds]:
        return await LatencyClient.RunAsync(new Uri(host), int.Parse(seconds, CultureInfo.InvariantCulture));
    case ["-h" or "--help"]:
        Console.WriteLine(BenchOptions.Usage);
        return 0;
}

if (BenchOptions.Parse(args, out var problem) is not { } options)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}
return await BenchRun.RunAsync(options);
