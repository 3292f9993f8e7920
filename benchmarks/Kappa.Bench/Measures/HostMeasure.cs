using System.Globalization;
using Kappa.Bench.Clients;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;

namespace Kappa.Bench.Measures;

/// <summary>
/// The embedded host from outside: appends of batches by a client process; then, on the same host with all these events in
/// it, the time from append to SSE, alone and while a view is rebuilt; then the host's peak memory and what it left on disk.
/// </summary>
internal sealed class HostMeasure(bool appends, bool watches, bool rebuilds, string cache, int latencySeconds) : IMeasure
{
    public string Name => "host";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        var samples = new List<Sample>();
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            var address = server.Address.ToString();
            if (appends)
            {
                var before = server.ProcessorMicroseconds();
                var result = await ChildProcess.RunAsync("client-append", address, workload.Count.ToString(CultureInfo.InvariantCulture), cache);
                samples.Add(new Sample("http", result["eventsPerSecond"], Sample.EventsPerSecond));
                samples.Add(new Sample("http-catch-up", await server.CatchUpAsync(), "s"));
                samples.Add(new Sample("http-cpu", (server.ProcessorMicroseconds() - before) / workload.Count, "us/event"));
            }
            if (watches)
            {
                var before = server.ProcessorMicroseconds();
                var result = await ChildProcess.RunAsync("client-latency", address, latencySeconds.ToString(CultureInfo.InvariantCulture));
                var events = (latencySeconds + LatencyClient.WarmSeconds) * LatencyClient.EventsPerSecond;
                samples.Add(new Sample("sse-cpu", (server.ProcessorMicroseconds() - before) / events, "us/event"));
                samples.AddRange(result.Select(quantile => new Sample($"sse-{quantile.Key}", quantile.Value, "ms")));
            }
            if (rebuilds)
            {
                using var stop = new CancellationTokenSource();
                var rebuilding = new RebuildClient(server.Address).RunAsync(stop.Token);
                var result = await ChildProcess.RunAsync("client-latency", address, latencySeconds.ToString(CultureInfo.InvariantCulture));
                await stop.CancelAsync();
                samples.Add(new Sample("rebuilds", await rebuilding, "meanwhile"));
                samples.AddRange(result.Select(quantile => new Sample($"rebuild-sse-{quantile.Key}", quantile.Value, "ms")));
            }
            samples.Add(new Sample("memory", server.PeakMegabytes(), "MB"));
        }
        if (appends)
            samples.Add(new Sample("disk-host", (double)Disk.Bytes(folder) / workload.Count, "bytes/event"));
        return samples;
    }
}
