using System.Diagnostics;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Shop;
using Kappa.Views;

namespace Kappa.Bench.Measures;

/// <summary>
/// Version 2 of customer-spend beside version 1, which serves. <c>rebuild</c>: from the first event until it is ready. <c>diff</c>: comparing
/// all instances of both at one cut, each of which differs; seconds for 100,000 of them. <c>promote</c>: until the other build serves.
/// </summary>
internal sealed class RebuildMeasure : IMeasure
{
    private const double DiffInstances = 100_000;

    public string Name => "rebuild";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        var (types, options) = (ShippedViews.Events(), new LogOptions());
        await using var log = FileLog.Open(Path.Combine(folder, "log"), options);
        await Appenders.AppendAllAsync(workload.Batches(Appenders.BatchEvents), workload.Count, log,
            new CloudEventReader(types, UnknownTypes.Accept, options.EventBytesMax, options.RequestEventsMax));
        var views = Path.Combine(folder, "views");
        await using (var first = ViewEngine.Open(log, types, [new CustomerSpendView()], views))
            await CaughtUp.WaitAsync(first, log);
        await using var engine = ViewEngine.Open(log, types, [new CustomerSpendView(), new AverageSpendView()], views);
        // The first one, made at the start, warms up: a host that was up for a while has folded before.
        await engine.Rebuilds.DiscardAsync((await ReadyAsync(engine.Rebuilds)).Id);
        GC.Collect();
        var effort = new Effort();
        await engine.Rebuilds.StartAsync("customer-spend", 2);
        var build = await ReadyAsync(engine.Rebuilds);
        var samples = effort.Samples("rebuild", workload.Count).ToList();
        await engine.Rebuilds.DiffAsync(build.Id, null, 100);
        var clock = Stopwatch.StartNew();
        var diff = await engine.Rebuilds.DiffAsync(build.Id, null, 100);
        if (diff.Summary is not { Same: 0, OnlyOld: 0, OnlyNew: 0, Fields: [{ Path: "/averageOrder" }] })
            throw new InvalidOperationException($"The two versions differ in another way than they should: {diff.Summary}");
        samples.Add(new Sample("diff", clock.Elapsed.TotalSeconds * DiffInstances / diff.Summary.Changed, "s"));
        clock.Restart();
        await engine.Rebuilds.PromoteAsync(build.Id, null);
        samples.Add(new Sample("promote", clock.Elapsed.TotalMilliseconds, "ms"));
        return samples;
    }

    private static async Task<RebuildInfo> ReadyAsync(IRebuilds rebuilds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            if ((await rebuilds.ListBuildsAsync(null, patience.Token)).FirstOrDefault(build => build is { State: RebuildState.Ready, Percent: 100 }) is { } ready)
                return ready;
            await Task.Delay(2, patience.Token);
        }
    }
}
