using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.Engine;
using Kappa.Log;
using Kappa.Shop;

namespace Kappa.GrainsBench.Measures;

/// <summary><c>embedded</c>: log and embedded engine in this process, from the first append until customer-spend, alone, has everything.</summary>
internal sealed class EmbeddedSpendMeasure : IMeasure
{
    public string Name => "embedded";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        await using var log = FileLog.Open(Path.Combine(folder, "log"), new LogOptions());
        await using var engine = ViewEngine.Open(log, SpendEvents.Types, [new CustomerSpendView()], Path.Combine(folder, "views"));
        var batches = workload.Batches(Appenders.BatchEvents);
        var effort = new Effort();
        await Appenders.AppendAllAsync(batches, workload.Count, log, SpendEvents.Reader);
        await CaughtUp.WaitAsync(engine, log);
        return [.. effort.Samples("embedded", workload.Count)];
    }
}
