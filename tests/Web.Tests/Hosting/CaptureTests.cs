using System.Net;
using System.Text.Json;

namespace Kappa.Tests.Hosting;

/// <summary>A host that captures its log and lets local segments go.</summary>
public sealed class CaptureTests
{
    private static readonly string[] _settings =
        ["--Kappa:Log:Partitions=2", "--Kappa:Log:DuplicateWindow=0", "--Kappa:Log:SegmentBytesMax=65536", "--Kappa:Log:Retention=00:00:01", "--Kappa:Capture:Every=00:00:01"];

    [Fact]
    public async Task Segments_go_while_the_host_runs_and_everything_is_read_and_folded_as_before()
    {
        using var data = new TempDirectory();
        string totals;
        await using (var host = await RunningHost.StartAsync(data.Path, _settings))
        {
            for (var i = 0; i < 30; i++)
                await host.Client.OrdersAsync([.. Enumerable.Range(0, 20).Select(k => Post.Order($"o{i}-{k}", $"c{k % 7}"))]);
            await GoneAsync(data.Path);
            Assert.Equal(600, await EventsAsync(host));
            totals = await TotalsAsync(host);
            Assert.True((await host.Client.ReadAsync("/audit/customer-spend")).GetProperty("complete").GetBoolean());
            var history = await host.Client.ReadAsync("/views/customer-spend/c3/history?take=3");
            Assert.Equal(3, history.GetProperty("items").GetArrayLength());
        }
        // All views are folded anew, from the capture alone, by a host that does not capture any more.
        Directory.Delete(Path.Combine(data.Path, "views"), recursive: true);
        await using var again = await RunningHost.StartAsync(data.Path);
        Assert.Equal(600, await EventsAsync(again));
        Assert.Equal(totals, await TotalsAsync(again));
        var ready = await again.Client.ReadAsync("/health/ready");
        Assert.Equal(0, ready.GetProperty("capture").GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task A_capture_that_cannot_be_written_shows_and_the_host_goes_on()
    {
        using var data = new TempDirectory();
        // Where the files should go lies a file.
        await File.WriteAllTextAsync(Path.Combine(data.Path, "taken"), "");
        await using var host = await RunningHost.StartAsync(data.Path, [.. _settings, $"--Kappa:Capture:Directory={Path.Combine(data.Path, "taken", "capture")}"]);
        await host.Client.OrdersAsync(Post.Order("o1", "c1"));
        JsonElement problems;
        using var patience = new CancellationTokenSource(Post.Patience);
        using var between = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            await between.WaitForNextTickAsync(patience.Token);
            var answer = await host.Client.GetAsync("/health/ready", patience.Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            problems = (await host.Client.ReadAsync("/health/ready")).GetProperty("capture").GetProperty("problems");
        }
        while (problems.GetArrayLength() == 0);
        Assert.Contains("is not captured", problems[0].GetString(), StringComparison.Ordinal);
        await host.Client.OrdersAsync(Post.Order("o2", "c1"));
    }

    /// <summary>Until nothing but an empty segment is left of each partition.</summary>
    private static async Task GoneAsync(string data)
    {
        using var patience = new CancellationTokenSource(Post.Patience);
        using var between = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Directory.EnumerateFiles(Path.Combine(data, "log"), "*.log", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) > 0)
            await between.WaitForNextTickAsync(patience.Token);
    }

    private static async Task<int> EventsAsync(RunningHost host)
    {
        var events = 0;
        for (var partition = 0; partition < 2; partition++)
            for (var from = 0L; ;)
            {
                var page = await host.Client.ReadAsync($"/log/{partition}?from={from}&take=100");
                events += page.GetProperty("items").GetArrayLength();
                if (page.GetProperty("next").GetInt64() == from)
                    break;
                from = page.GetProperty("next").GetInt64();
            }
        return events;
    }

    private static async Task<string> TotalsAsync(RunningHost host)
    {
        var log = await host.Client.ReadAsync("/log");
        var cut = new Kappa.Log.Cut([.. log.GetProperty("partitions").EnumerateArray().Select(partition => partition.GetProperty("next").GetInt64())]);
        var text = "";
        for (var i = 0; i < 7; i++)
            text += (await host.Client.ReadAsync($"/views/customer-spend/c{i}?receipt={new Kappa.Log.Receipt(cut)}&wait=30s")).GetProperty("state").GetRawText();
        return text;
    }
}
