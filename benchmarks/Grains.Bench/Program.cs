using Kappa.GrainsBench;

if (args is ["-h" or "--help"])
{
    Console.WriteLine(GrainsBenchOptions.Usage);
    return 0;
}
if (GrainsBenchOptions.Parse(args, out var problem) is not { } options)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(GrainsBenchOptions.Usage);
    return 2;
}
await GrainsBenchRun.RunAsync(options);
return 0;
