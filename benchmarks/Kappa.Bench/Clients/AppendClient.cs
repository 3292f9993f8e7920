using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Kappa.Bench.Workloads;

namespace Kappa.Bench.Clients;

/// <summary>
/// A process of its own that appends the workload over HTTP: CloudEvents batches of 500 on 16 connections, each sending its
/// next batch once the one before was acknowledged. The first quarter warms up and is not counted: the runtime
/// compiles hot code in the background, first to count and then to be fast, which takes seconds.
/// </summary>
internal static class AppendClient
{
    public const int BatchEvents = 500, Connections = 16;

    public static async Task<int> RunAsync(Uri host, int events, string cache)
    {
        var workload = SpendWorkload.Load(events, cache);
        var batches = workload.Batches(BatchEvents);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections, UseProxy = false }) { BaseAddress = host };

        var warm = batches.Length / 4;
        await AppendAsync(http, batches[..warm]);
        var clock = Stopwatch.StartNew();
        var appended = await AppendAsync(http, batches[warm..]);
        var seconds = clock.Elapsed.TotalSeconds;

        var expected = events - Math.Min(events, warm * BatchEvents);
        if (appended != expected)
            throw new InvalidOperationException($"The host says that it appended {appended} events, but {expected} were sent.");
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double> { ["eventsPerSecond"] = appended / seconds }));
        return 0;
    }

    private static async Task<long> AppendAsync(HttpClient http, byte[][] batches)
    {
        var next = -1;
        var appended = 0L;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < batches.Length;)
                Interlocked.Add(ref appended, await PostAsync(http, batches[i]));
        })));
        return appended;
    }

    private static async Task<long> PostAsync(HttpClient http, byte[] batch)
    {
        while (true)
        {
            using var content = new ByteArrayContent(batch);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents-batch+json");
            using var response = await http.PostAsync("/events", content);
            var body = await response.Content.ReadAsByteArrayAsync();
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                await Task.Delay(5);
                continue;
            }
            if (response.StatusCode != HttpStatusCode.OK)
                throw new InvalidOperationException($"{(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("appended").GetInt64();
        }
    }
}
