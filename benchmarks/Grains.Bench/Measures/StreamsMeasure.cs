using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;

namespace Kappa.GrainsBench.Measures;

/// <summary>
/// <c>silo-streams</c>: one silo, durable state, auditors on. Streams bring every event; it ends when the auditors have proven the end of the log, so that
/// everything is written. <c>silo-repairs</c> must be a small part, or else it was not the streams that were measured.
/// </summary>
internal sealed class StreamsMeasure : IMeasure
{
    /// <summary>Receivers look once a second whether there are builds to serve; what came before they knew of one, auditors bring.</summary>
    private static readonly TimeSpan _untilServed = TimeSpan.FromSeconds(2);

    public string Name => "streams";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        using var counters = new EngineCounters();
        await using var silo = await OpenSilo.StartAsync(folder, "--Kappa:Grains:LiveDistance=1000000");
        await Task.Delay(_untilServed);
        var effort = new Effort();
        var appends = new PacedAppends(silo.Writer, () => counters.Delivered);
        await appends.RunAsync(workload);
        await silo.ReachEndAsync(workload.Count);
        return
        [
            .. effort.Samples("silo-streams", workload.Count),
            new Sample("silo-repairs", counters.Repairs, "events"),
            new Sample("silo-lost", appends.Lost, "events"),
            new Sample("silo-questions", (double)counters.Questions / counters.Audited, "per event"),
            new Sample("silo-disk", (double)Disk.Bytes(Path.Combine(folder, "grains")) / workload.Count, "bytes/event"),
        ];
    }
}
