using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;

namespace Kappa.GrainsBench.Measures;

/// <summary>
/// <c>silo-live</c>: one silo as it comes, durable state, auditors on, under all that its log takes: from the first append until the auditors have proven the
/// end of the log. Streams bring what they can, auditors the rest; <c>silo-live-streamed</c> tells how much was which.
/// </summary>
internal sealed class LiveMeasure : IMeasure
{
    public string Name => "live";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        using var counters = new EngineCounters();
        await using var silo = await OpenSilo.StartAsync(folder);
        var effort = new Effort();
        await Appenders.AppendAllAsync(workload.Batches(Appenders.BatchEvents), workload.Count, silo.Writer, SpendEvents.Reader);
        await silo.ReachEndAsync(workload.Count);
        return
        [
            .. effort.Samples("silo-live", workload.Count),
            new Sample("silo-live-streamed", (double)counters.Delivered / workload.Count, "of all"),
            new Sample("silo-live-questions", (double)counters.Questions / counters.Audited, "per event"),
        ];
    }
}
