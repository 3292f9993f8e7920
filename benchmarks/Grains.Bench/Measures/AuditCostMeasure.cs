using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;

namespace Kappa.GrainsBench.Measures;

/// <summary>
/// What the auditors cost. <c>silo-unaudited</c>: as <c>silo-streams</c>, while no auditor asks; it ends when all is written. Then they ask for all of it
/// at once, and find it: <c>audit</c> is that alone, in windows as large as they may be.
/// </summary>
internal sealed class AuditCostMeasure : IMeasure
{
    public string Name => "audit";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        using var counters = new EngineCounters();
        await using var silo = await OpenSilo.StartAsync(folder, "--Kappa:Grains:LiveDistance=1000000", "--Kappa:Grains:AuditEvery=00:01:00");
        var effort = new Effort();
        var appends = new PacedAppends(silo.Writer, () => counters.Delivered);
        await appends.RunAsync(workload);
        await WrittenAsync(silo, workload.Count - appends.Lost);
        var streams = effort.Samples("silo-unaudited", workload.Count).ToArray();
        effort = new Effort();
        await silo.ReachEndAsync(workload.Count);
        return [.. streams, .. effort.Samples("audit", workload.Count), new Sample("audit-questions", (double)counters.Questions / counters.Audited, "per event")];
    }

    /// <summary>Waits until every change is written and the index knows of it.</summary>
    private static async Task WrittenAsync(OpenSilo silo, long events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await silo.Views.ListAsync(patience.Token)).Single().Applied < events)
            await Task.Delay(20, patience.Token);
    }
}
