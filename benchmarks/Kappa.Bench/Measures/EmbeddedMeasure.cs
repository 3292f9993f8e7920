using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Shop;
using Kappa.Views;

namespace Kappa.Bench.Measures;

/// <summary>
/// Log and engine in this process, as the host sets them up. <c>append</c>: from JSON to acknowledged, flushed, validated and
/// checked for duplicates. <c>live</c>: the same, until all views that ship have everything. <c>fold-one</c>, <c>fold-all</c>: an engine
/// that starts with an empty store on that log, with customer-spend alone and with all views.
/// </summary>
internal sealed class EmbeddedMeasure(bool appends, bool lives, bool folds) : IMeasure
{
    private const int WarmEvents = 200_000;

    private static readonly LogOptions _logOptions = new();

    private static readonly EventTypes _types = ShippedViews.Events();
    private static readonly CloudEventReader _reader =
        new(_types, UnknownTypes.Accept, _logOptions.EventBytesMax, _logOptions.RequestEventsMax);

    public string Name => "embedded";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        var samples = new List<Sample>();
        var batches = workload.Batches(Appenders.BatchEvents);
        // Code gets its final form while it runs, as in a host that has been up for a while.
        var warm = Math.Min(batches.Length, WarmEvents / Appenders.BatchEvents);
        await LiveAsync(batches[..warm], Math.Min(workload.Count, warm * Appenders.BatchEvents), folder);
        if (appends || folds)
            samples.AddRange((await AppendAsync(batches, workload.Count, folder)).Where(_ => appends));
        if (folds)
        {
            samples.AddRange(await FoldAsync("fold-one", [new CustomerSpendView()], workload.Count, folder));
            samples.AddRange(await FoldAsync("fold-all", ShippedViews.All(), workload.Count, folder));
        }
        if (lives)
            samples.AddRange(await LiveAsync(batches, workload.Count, folder));
        return samples;
    }

    private static async Task<IEnumerable<Sample>> AppendAsync(byte[][] batches, int events, string folder)
    {
        Disk.Clear(folder);
        await using var log = FileLog.Open(Path.Combine(folder, "log"), _logOptions);
        var effort = new Effort();
        await Appenders.AppendAllAsync(batches, events, log, _reader);
        return [.. effort.Samples("append", events), new Sample("disk-log", (double)Disk.Bytes(folder) / events, "bytes/event")];
    }

    private static async Task<IEnumerable<Sample>> LiveAsync(byte[][] batches, int events, string folder)
    {
        Disk.Clear(folder);
        Effort effort;
        await using (var log = FileLog.Open(Path.Combine(folder, "log"), _logOptions))
        await using (var engine = ViewEngine.Open(log, _types, ShippedViews.All(), Path.Combine(folder, "views")))
        {
            effort = new Effort();
            await Appenders.AppendAllAsync(batches, events, log, _reader);
            await CaughtUp.WaitAsync(engine, log);
            return [.. effort.Samples("live", events), new Sample("disk-live", (double)Disk.Bytes(folder) / events, "bytes/event")];
        }
    }

    private static async Task<IEnumerable<Sample>> FoldAsync(string name, IReadOnlyList<View> views, int events, string folder)
    {
        GC.Collect();
        var stores = Path.Combine(folder, name);
        await using var log = FileLog.Open(Path.Combine(folder, "log"), _logOptions);
        var effort = new Effort();
        await using var engine = ViewEngine.Open(log, _types, views, stores);
        await CaughtUp.WaitAsync(engine, log);
        var samples = effort.Samples(name, events).ToArray();
        var spend = (await engine.ListAsync()).Single(view => view.View == "customer-spend");
        if (spend.Applied != events)
            throw new InvalidOperationException($"customer-spend applied {spend.Applied} of {events} events.");
        return [.. samples, new Sample($"disk-{name}", (double)Disk.Bytes(stores) / events, "bytes/event")];
    }
}
