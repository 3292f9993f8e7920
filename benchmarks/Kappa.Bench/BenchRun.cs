using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;

namespace Kappa.Bench;

/// <summary>One run: the fold limit before and after, the measures in rounds between them, and the report.</summary>
internal static class BenchRun
{
    private const int FoldLimitPasses = 5;
    private const double QuietShare = 0.95;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var workload = SpendWorkload.Load(options.Events, BenchOptions.Cache);
        var measures = Measures(options);
        var samples = new List<Sample>();

        var before = FoldLimitOf(workload);
        for (var round = 0; round < options.Rounds; round++)
            foreach (var measure in measures)
            {
                Disk.Clear(options.Data);
                GC.Collect();
                Console.Error.Write($"round {round + 1} of {options.Rounds}: {measure.Name} ");
                var found = await measure.RunAsync(workload, options.Data);
                Console.Error.WriteLine(string.Join(", ", found.Select(sample => FormattableString.Invariant($"{sample.Name} {sample.Value:#,0.##} {sample.Unit}"))));
                samples.AddRange(found);
            }
        Disk.Clear(options.Data);
        var after = FoldLimitOf(workload);

        var limit = (before + after) / 2;
        var report = new Report(DateTime.UtcNow, options.Events, options.Rounds, limit, before, after,
            Row.From(samples, limit, Budget.Read(Checkout.Budgets)).ToArray());
        report.Print(Console.Out);
        report.Write(options.Json);
        Console.Out.WriteLine($"Written to {Path.GetRelativePath(Environment.CurrentDirectory, options.Json)}");
        return options.Check && report.Rows.Any(row => row.MissesFloor) ? 1 : 0;
    }

    private static double FoldLimitOf(SpendWorkload workload)
    {
        FoldLimit.Measure(workload); // code gets its final form while it runs
        var passes = Enumerable.Range(0, FoldLimitPasses).Select(_ => FoldLimit.Measure(workload)).ToArray();
        var median = Row.Median(passes.Select(pass => pass.EventsPerSecond).ToArray());
        var share = Row.Median(passes.Select(pass => pass.ProcessorShare).ToArray());
        Console.Error.WriteLine(FormattableString.Invariant($"fold limit {median:#,0} events/s"));
        if (share < QuietShare)
            Console.Error.WriteLine(FormattableString.Invariant(
                $"  (its one thread got {share:P0} of a processor: this machine is busy with other things, and ratios mean little)"));
        return median;
    }

    private static List<IMeasure> Measures(BenchOptions options)
    {
        var all = options.Only.Length == 0;
        bool Wants(string name) => all || options.Only.Contains(name);
        var measures = new List<IMeasure>();
        if (Wants("append") || Wants("live") || Wants("fold"))
            measures.Add(new EmbeddedMeasure(Wants("append"), Wants("live"), Wants("fold")));
        if (Wants("time-travel"))
            measures.Add(new TimeTravelMeasure());
        if (Wants("capture"))
            measures.Add(new CaptureMeasure());
        if (Wants("rebuild"))
            measures.Add(new RebuildMeasure());
        if (Wants("sse"))
            measures.Add(new DiskFlushMeasure(options.Quick ? 3 : 10));
        if (Wants("http") || Wants("sse") || Wants("rebuild-sse"))
            measures.Add(new HostMeasure(Wants("http"), Wants("sse"), Wants("rebuild-sse"), BenchOptions.Cache, latencySeconds: options.Quick ? 5 : 15));
        return measures;
    }
}
