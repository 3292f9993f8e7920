using System.Diagnostics;
using System.Text;
using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.GrainsBench.Measures;

/// <summary>
/// <c>silo-watch</c>: from just before an append to the moment at which a watch in mode <c>every</c> has the version it made, at 1,000 appends of one event a
/// second to 100 customers that are all watched. In one process, without HTTP. The first seconds warm up.
/// </summary>
internal sealed class WatchMeasure(int seconds) : IMeasure
{
    private const int EventsPerSecond = 1_000, Keys = 100, WarmSeconds = 5;

    public string Name => "watch";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        await using var silo = await OpenSilo.StartAsync(folder);
        var events = (WarmSeconds + seconds) * EventsPerSecond;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(WarmSeconds + seconds + 30));
        var (sent, taken) = (new long[events], new long[events]);
        var watching = Enumerable.Range(0, Keys).Select(key => WatchAsync(silo.Views, key, taken, stop.Token)).ToArray();
        var processor = TimeSpan.Zero;
        await SendAsync(silo.Writer, sent, () => processor = Environment.CpuUsage.TotalTime);
        await Task.WhenAll(watching);
        var used = Environment.CpuUsage.TotalTime - processor;
        var latencies = Enumerable.Range(WarmSeconds * EventsPerSecond, seconds * EventsPerSecond)
            .Select(i => Stopwatch.GetElapsedTime(sent[i], taken[i]).TotalMilliseconds).Order().ToArray();
        return
        [
            new Sample("silo-watch-p50", latencies[latencies.Length / 2], "ms"),
            new Sample("silo-watch-p99", latencies[(int)(0.99 * latencies.Length)], "ms"),
            new Sample("silo-watch-max", latencies[^1], "ms"),
            new Sample("silo-watch-cpu", used.TotalMicroseconds / latencies.Length, "us/event"),
        ];
    }

    /// <summary>Event i goes to key i modulo their number and makes its version i / their number + 1.</summary>
    private static async Task WatchAsync(IViews views, int key, long[] taken, CancellationToken cancellationToken)
    {
        var last = taken.Length / Keys;
        await foreach (var envelope in views.WatchAsync(SpendEvents.View, $"watched-{key}", null, WatchMode.Every, cancellationToken))
        {
            if (envelope.Version > 0)
                taken[(envelope.Version - 1) * Keys + key] = Stopwatch.GetTimestamp();
            if (envelope.Version == last)
                return;
        }
    }

    /// <summary>Open loop: what is due is appended, however long the appends before it take. A thread of its own, as timers are too coarse.</summary>
    private static Task SendAsync(ILogWriter log, long[] sent, Action warm)
    {
        var appends = new Task[sent.Length];
        var thread = Task.Factory.StartNew(() =>
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < appends.Length;)
            {
                var due = Math.Min(appends.Length, (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * EventsPerSecond));
                for (; i < due; i++)
                {
                    if (i == WarmSeconds * EventsPerSecond)
                        warm();
                    sent[i] = Stopwatch.GetTimestamp();
                    appends[i] = AppendAsync(log, i);
                }
                Thread.Sleep(1);
            }
        }, TaskCreationOptions.LongRunning);
        return thread.ContinueWith(_ => Task.WhenAll(appends), TaskScheduler.Default).Unwrap();
    }

    private static async Task AppendAsync(ILogWriter log, int number)
    {
        using var batch = new EventBatch();
        var key = $"watched-{number % Keys}";
        var json = $$$"""[{"specversion":"1.0","id":"w{{{number}}}","source":"/shop","type":"shop.order.placed","subject":"customer/{{{key}}}","time":"2026-01-01T00:00:00Z","data":{"orderId":"{{{number}}}","customerId":"{{{key}}}","currency":"GBP","lines":[],"total":1.25}}]""";
        var problems = new List<EventProblem>();
        if (SpendEvents.Reader.ReadBatch(Encoding.UTF8.GetBytes(json), batch, problems) != EventReadResult.Ok || (await log.AppendAsync(batch)).Status != AppendStatus.Appended)
            throw new InvalidOperationException($"An event was refused: {string.Join(", ", problems)}");
    }
}
