using System.Diagnostics;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.Capture;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Shop;

namespace Kappa.Bench.Measures;

/// <summary>
/// The log in capture files alone. <c>capture</c>: writing and reading back all of it. <c>fold-capture</c>: an engine that starts with an
/// empty store on them, with customer-spend. <c>capture-read</c>: one event by its position, anywhere.
/// </summary>
internal sealed class CaptureMeasure : IMeasure
{
    private const int Reads = 2_000;

    public string Name => "capture";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        var (types, options, settings) = (ShippedViews.Events(), new LogOptions(), new CaptureOptions());
        var samples = new List<Sample>();
        var store = new DirectoryCaptureStore(Path.Combine(folder, "capture"));
        await using (var log = FileLog.Open(Path.Combine(folder, "log"), options))
        {
            await Appenders.AppendAllAsync(workload.Batches(Appenders.BatchEvents), workload.Count, log,
                new CloudEventReader(types, UnknownTypes.Accept, options.EventBytesMax, options.RequestEventsMax));
            var effort = new Effort();
            var report = await new LogCapture(log, await CapturedLog.OpenAsync(store, log, settings), store, settings).CaptureAllAsync();
            if (report.Problems.Count > 0 || report.Events != workload.Count)
                throw new InvalidOperationException($"{report.Events} of {workload.Count} events were captured. {string.Join(' ', report.Problems)}");
            samples.AddRange(effort.Samples("capture", workload.Count));
            samples.Add(new Sample("disk-capture", (double)report.Bytes / workload.Count, "bytes/event"));
        }
        GC.Collect();
        var captured = await CapturedLog.OpenAsync(store);
        await FoldAsync(captured, types, Path.Combine(folder, "warm"), workload.Count);
        samples.AddRange(await FoldAsync(captured, types, Path.Combine(folder, "views"), workload.Count));
        samples.Add(await ReadAsync(captured));
        return samples;
    }

    private static async Task<IEnumerable<Sample>> FoldAsync(CapturedLog captured, EventTypes types, string stores, int events)
    {
        var effort = new Effort();
        await using var engine = ViewEngine.Open(captured, types, [new CustomerSpendView()], stores);
        await CaughtUp.WaitAsync(engine, captured);
        return [.. effort.Samples("fold-capture", events)];
    }

    private static async Task<Sample> ReadAsync(CapturedLog captured)
    {
        var random = new Random(5);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Reads; i++)
        {
            var partition = random.Next(captured.PartitionCount);
            using var page = await captured.ReadAsync(partition, random.NextInt64(captured.Next(partition)), 1);
            if (page.Count == 0)
                throw new InvalidOperationException("An event is missing.");
        }
        return new Sample("capture-read", clock.Elapsed.TotalMicroseconds / Reads, "µs");
    }
}
