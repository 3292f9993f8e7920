using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Kappa.Bench.Clients;

/// <summary>
/// A process of its own that appends 1,000 events a second, one a request, to 100 customers in turn, and watches all of
/// them by SSE with <c>mode=every</c>. Latency runs from just before an event's request is sent to the moment at which the
/// line with the version it made was received: one process, one clock. The first seconds warm up and are not counted.
/// </summary>
internal static class LatencyClient
{
    public const int EventsPerSecond = 1_000, WarmSeconds = 20;
    private const int Keys = 100;

    public static async Task<int> RunAsync(Uri host, int seconds)
    {
        // Posts and watches have pools of their own: a watch keeps its connection.
        using var posts = Client(host, connections: 64);
        using var watches = Client(host, connections: Keys);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(WarmSeconds + seconds + 60));

        var run = Guid.NewGuid().ToString("N")[..8];
        var keys = Enumerable.Range(0, Keys).Select(key => new WatchedKey($"latency-{run}-{key}", (WarmSeconds + seconds) * EventsPerSecond / Keys)).ToArray();
        var watching = keys.Select(key => key.WatchAsync(watches, stop.Token)).ToArray();
        await Task.WhenAll(keys.Select(key => key.Opened));

        var sending = SendAsync(posts, keys, run, WarmSeconds + seconds);
        await Task.WhenAll(watching.Append(sending));

        var measured = keys.SelectMany(key => key.Latencies(skip: WarmSeconds * EventsPerSecond / Keys)).Order().ToArray();
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>
        {
            ["p50"] = Quantile(measured, 0.50), ["p99"] = Quantile(measured, 0.99), ["p999"] = Quantile(measured, 0.999), ["max"] = measured[^1],
        }));
        return 0;
    }

    private static HttpClient Client(Uri host, int connections) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = connections, UseProxy = false, ActivityHeadersPropagator = null,
    }) { BaseAddress = host, Timeout = Timeout.InfiniteTimeSpan };

    // Open loop: what is due is sent, however long earlier requests take. A thread of its own, as timers are too coarse. It sleeps for a
    // whole millisecond, since .NET takes less for none: a client that spins takes one of two processors away from the host it measures.
    private static Task SendAsync(HttpClient http, WatchedKey[] keys, string run, int seconds)
    {
        var requests = new Task[seconds * EventsPerSecond];
        var thread = Task.Factory.StartNew(() =>
        {
            var start = Stopwatch.GetTimestamp();
            for (var sent = 0; sent < requests.Length;)
            {
                var due = Math.Min(requests.Length, (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * EventsPerSecond));
                for (; sent < due; sent++)
                    requests[sent] = keys[sent % Keys].PostAsync(http, $"{run}-{sent}");
                Thread.Sleep(1);
            }
        }, TaskCreationOptions.LongRunning);
        return thread.ContinueWith(_ => Task.WhenAll(requests), TaskScheduler.Default).Unwrap();
    }

    private static double Quantile(double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];
}
