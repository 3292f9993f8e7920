using Kappa.Bench;
using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.GrainsBench.Measures;

namespace Kappa.GrainsBench;

/// <summary>One run: the fold limit before and after, the measures in rounds between them, and the report.</summary>
internal static class GrainsBenchRun
{
    private const int WarmEvents = 100_000;

    public static async Task RunAsync(GrainsBenchOptions options)
    {
        var workload = SpendWorkload.Load(options.Events, GrainsBenchOptions.Cache);
        var measures = Measures(options);
        // Code gets its final form while it runs.
        var warm = SpendWorkload.Load(WarmEvents, GrainsBenchOptions.Cache);
        foreach (var measure in measures.Where(measure => measure is not WatchMeasure))
            await RunAsync(measure, warm, options.Data);

        var before = FoldLimitOf(workload);
        var samples = new List<Sample>();
        for (var round = 0; round < options.Rounds; round++)
            foreach (var measure in measures)
            {
                Console.Error.Write($"round {round + 1} of {options.Rounds}: {measure.Name} ");
                var found = await RunAsync(measure, workload, options.Data);
                Console.Error.WriteLine(string.Join(", ", found.Select(sample => FormattableString.Invariant($"{sample.Name} {sample.Value:#,0.##} {sample.Unit}"))));
                samples.AddRange(found);
            }
        var after = FoldLimitOf(workload);
        var limit = (before + after) / 2;
        var report = new Report(DateTime.UtcNow, options.Events, options.Rounds, limit, before, after, Row.From(samples, limit, Budget.Read(Checkout.Budgets)).ToArray());
        report.Print(Console.Out);
        report.Write(options.Json);
        Console.Out.WriteLine($"Written to {Path.GetRelativePath(Environment.CurrentDirectory, options.Json)}");
    }

    private static async Task<IReadOnlyList<Sample>> RunAsync(IMeasure measure, SpendWorkload workload, string folder)
    {
        Disk.Clear(folder);
        GC.Collect();
        var found = await measure.RunAsync(workload, folder);
        Disk.Clear(folder);
        return found;
    }

    private static double FoldLimitOf(SpendWorkload workload)
    {
        FoldLimit.Measure(workload);
        return Row.Median([.. Enumerable.Range(0, 5).Select(_ => FoldLimit.Measure(workload).EventsPerSecond)]);
    }

    private static List<IMeasure> Measures(GrainsBenchOptions options)
    {
        var measures = new List<IMeasure>();
        if (options.Wants("embedded"))
            measures.Add(new EmbeddedSpendMeasure());
        if (options.Wants("bare"))
            measures.Add(new BareStreamsMeasure());
        if (options.Wants("streams"))
            measures.Add(new StreamsMeasure());
        if (options.Wants("audit"))
            measures.Add(new AuditCostMeasure());
        if (options.Wants("live"))
            measures.Add(new LiveMeasure());
        if (options.Wants("bulk"))
            measures.Add(new BulkMeasure());
        if (options.Wants("watch"))
            measures.Add(new WatchMeasure(options.Seconds));
        return measures;
    }
}
