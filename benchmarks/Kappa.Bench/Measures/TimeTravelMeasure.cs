using System.Diagnostics;
using System.Globalization;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Shop;
using Kappa.Views;

namespace Kappa.Bench.Measures;

/// <summary>
/// The past of one customer with about 1,000 events among all, just after a start. <c>time-travel</c>: a read as of the time just
/// before its last events, which is the most to find and to fold; <c>time-travel-first</c>: the first of these, before anything of
/// the log was read; <c>explain</c>: each of its events with the state before and after. <c>explain-long</c>: the same for a month
/// of <c>monthly-sales</c>, some 100,000 events of all partitions, page by page.
/// </summary>
internal sealed class TimeTravelMeasure : IMeasure
{
    private const int Reads = 15, KeyEvents = 1_000, PageItems = 1_000;
    private const string Month = "2026-01";

    private static readonly LogOptions _logOptions = new() { Flush = FlushPolicy.Never };
    private static readonly EventTypes _types = ShippedViews.Events();
    private static readonly CloudEventReader _reader = new(_types, UnknownTypes.Accept, _logOptions.EventBytesMax, _logOptions.RequestEventsMax);

    public string Name => "time travel";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        string key;
        AsOf moment;
        await using (var log = FileLog.Open(Path.Combine(folder, "log"), _logOptions))
        {
            await Appenders.AppendAllAsync(workload.Batches(Appenders.BatchEvents), workload.Count, log, _reader);
            await using var engine = Open(log, folder);
            await CaughtUp.WaitAsync(engine, log);
            key = await KeyAsync(engine);
            // Just before its last events: nearly all of its history is to be found and folded.
            moment = AsOf.At((await engine.ReadAsync("customer-spend", key)).Envelope!.Appended!.Value.AddTicks(-1));
        }
        await using var again = FileLog.Open(Path.Combine(folder, "log"), _logOptions);
        await using var views = Open(again, folder);
        return await MeasureAsync(views, key, moment);
    }

    private static ViewEngine Open(FileLog log, string folder) =>
        ViewEngine.Open(log, _types, [new CustomerSpendView(), new MonthlySalesView()], Path.Combine(folder, "views"));

    /// <summary>The customer whose number of events is nearest to what is wanted.</summary>
    private static async Task<string> KeyAsync(ViewEngine engine)
    {
        var best = new KeyInfo("", 0, default);
        for (string? after = null; ;)
        {
            var page = await engine.KeysAsync("customer-spend", "", after, PageItems);
            foreach (var item in page.Items)
                if (Math.Abs(item.Version - KeyEvents) < Math.Abs(best.Version - KeyEvents))
                    best = item;
            if ((after = page.Next) is null)
                return best.Key;
        }
    }

    private static async Task<IReadOnlyList<Sample>> MeasureAsync(ViewEngine engine, string key, AsOf moment)
    {
        var newest = (await engine.ReadAsync("customer-spend", key)).Envelope!.Version;
        var reads = new List<double>();
        for (var read = 0; read < Reads; read++)
        {
            var clock = Stopwatch.GetTimestamp();
            var then = await engine.ReadAtAsync("customer-spend", key, moment, TimeSpan.FromMinutes(1));
            reads.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            if (then.Envelope is not { } envelope || envelope.Version == newest || envelope.Version < 0.9 * newest)
                throw new InvalidOperationException($"Customer {key} has {newest} events, but {then.Envelope?.Version} as of {moment}.");
        }
        var explains = new List<double>();
        for (var read = 0; read < Reads; read++)
        {
            var clock = Stopwatch.GetTimestamp();
            var events = await ExplainAsync(engine, "customer-spend", key);
            explains.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            if (events != newest)
                throw new InvalidOperationException($"Customer {key} has {newest} events, but {events} were explained.");
        }
        var started = Stopwatch.GetTimestamp();
        var many = await ExplainAsync(engine, "monthly-sales", Month);
        var micros = Stopwatch.GetElapsedTime(started).TotalMicroseconds / many;
        return
        [
            new Sample("time-travel", Row.Median(reads), "ms"), new Sample("time-travel-first", reads[0], "ms"), new Sample("explain", Row.Median(explains), "ms"),
            new Sample("explain-long", micros, "us/event"),
        ];
    }

    private static async Task<long> ExplainAsync(ViewEngine engine, string view, string key)
    {
        var last = 0L;
        for (string? after = "0"; after is not null;)
        {
            var page = (await engine.HistoryAsync(view, key, long.Parse(after, CultureInfo.InvariantCulture), PageItems))!;
            foreach (var item in page.Items)
                if (item.Version != ++last)
                    throw new InvalidOperationException($"Version {item.Version} of {view} {key} came instead of {last}.");
            after = page.Next;
        }
        return last;
    }
}
