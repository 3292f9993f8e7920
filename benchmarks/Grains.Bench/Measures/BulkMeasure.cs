using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.Log;

namespace Kappa.GrainsBench.Measures;

/// <summary><c>silo-bulk</c>: one silo that starts on a log that is there already; its auditors bring the events in batches, and prove them.</summary>
internal sealed class BulkMeasure : IMeasure
{
    public string Name => "bulk";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        await using (var log = FileLog.Open(Path.Combine(folder, "log"), new LogOptions()))
            await Appenders.AppendAllAsync(workload.Batches(Appenders.BatchEvents), workload.Count, log, SpendEvents.Reader);
        using var counters = new EngineCounters();
        await using var silo = await OpenSilo.StartAsync(folder, "--Kappa:Grains:LiveDistance=1");
        var effort = new Effort();
        await silo.ReachEndAsync(workload.Count);
        return [.. effort.Samples("silo-bulk", workload.Count), new Sample("silo-bulk-questions", (double)counters.Questions / counters.Audited, "per event")];
    }
}
