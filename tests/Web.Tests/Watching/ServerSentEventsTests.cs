using System.Net;
using System.Text.Json;
using Kappa.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kappa.Tests.Watching;

public sealed class ServerSentEventsTests
{
    [Fact]
    public async Task A_watch_of_an_absent_key_starts_at_version_0_and_sees_the_first_state()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        await using var watch = await Watch.StartAsync(host.Client, "/views/customer-spend/c");
        var absent = (await watch.NextAsync())!.Value.State;
        Assert.Equal((0L, JsonValueKind.Null), (absent.GetProperty("version").GetInt64(), absent.GetProperty("state").ValueKind));
        var receipt = await host.Client.OrdersAsync(Post.Order("o1", "c", 4));
        var (token, pushed) = (await watch.NextAsync())!.Value;
        var read = await host.Client.ReadAsync($"/views/customer-spend/c?receipt={receipt}");
        Assert.Equal(read.GetRawText(), pushed.GetRawText());
        Assert.Equal(token, pushed.GetProperty("token").GetString());
    }

    [Fact]
    public async Task A_watch_resumes_from_its_last_token_over_a_restart_without_gap_or_repeat()
    {
        using var data = new TempDirectory();
        var versions = new List<long>();
        string? token;
        await using (var host = await RunningHost.StartAsync(data.Path))
        {
            await host.Client.OrdersAsync(Orders(1, 5));
            await using var watch = await Watch.StartAsync(host.Client, "/views/customer-spend/c?mode=every");
            (token, var state) = (await watch.NextAsync())!.Value;
            versions.Add(state.GetProperty("version").GetInt64());
            var receipt = await host.Client.OrdersAsync(Orders(6, 10));
            await host.Client.ReadAsync($"/views/customer-spend/c?receipt={receipt}");
        }
        await using (var host = await RunningHost.StartAsync(data.Path))
        {
            await host.Client.OrdersAsync(Orders(11, 20));
            await using var watch = await Watch.StartAsync(host.Client, "/views/customer-spend/c?mode=every", token);
            versions.AddRange(await watch.VersionsUntilAsync(20));
        }
        // The snapshot may be of any version so far; from there on nothing is missing and nothing comes twice.
        Assert.Equal(Enumerable.Range((int)versions[0], 20 - (int)versions[0] + 1).Select(version => (long)version), versions);
    }

    [Fact]
    public async Task Mode_every_gives_a_slow_reader_each_version_and_mode_latest_always_the_last()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        await using var every = await Watch.StartAsync(host.Client, "/views/customer-spend/c?mode=every");
        await using var latest = await Watch.StartAsync(host.Client, "/views/customer-spend/c");
        Assert.Equal([0], await every.VersionsUntilAsync(0));
        Assert.Equal([0], await latest.VersionsUntilAsync(0));
        for (var first = 1; first < 2000; first += 100)
            await host.Client.OrdersAsync(Orders(first, first + 99));
        Assert.Equal(Enumerable.Range(1, 2000).Select(version => (long)version), await every.VersionsUntilAsync(2000));
        var seen = await latest.VersionsUntilAsync(2000);
        Assert.Equal(seen.Distinct().Order(), seen);
    }

    [Fact]
    public async Task Beyond_the_replay_bound_a_resumed_watch_gets_one_snapshot_marked_reset()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path, "--Kappa:Watch:ReplayMax=10");
        var receipt = await host.Client.OrdersAsync(Orders(1, 1));
        var token = (await host.Client.ReadAsync($"/views/customer-spend/c?receipt={receipt}")).GetProperty("token").GetString();
        receipt = await host.Client.OrdersAsync(Orders(2, 50));
        await host.Client.ReadAsync($"/views/customer-spend/c?receipt={receipt}");
        await using var watch = await Watch.StartAsync(host.Client, $"/views/customer-spend/c?mode=every&token={token}");
        var state = (await watch.NextAsync())!.Value.State;
        Assert.Equal(50, state.GetProperty("version").GetInt64());
        Assert.True(state.GetProperty("reset").GetBoolean());
    }

    [Fact]
    public async Task A_stopping_host_ends_its_watches_cleanly_and_does_not_wait_for_them()
    {
        using var data = new TempDirectory();
        var host = await RunningHost.StartAsync(data.Path);
        using var client = new HttpClient { BaseAddress = host.Address };
        await using var watch = await Watch.StartAsync(client, "/views/customer-spend/c");
        Assert.NotNull(await watch.NextAsync());
        var ended = watch.NextAsync();
        await host.DisposeAsync().AsTask().WaitAsync(Post.Patience);
        Assert.Null(await ended);
    }

    [Fact]
    public async Task More_watches_than_allowed_get_429_and_one_that_ends_makes_room()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path, "--Kappa:Watch:WatchersMax=1");
        await using (var watch = await Watch.StartAsync(host.Client, "/views/customer-spend/c"))
        {
            Assert.NotNull(await watch.NextAsync());
            using var refused = await AskAsync(host.Client);
            await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-watches");
        }
        // The server learns on its own time that the watcher has gone; until then the next one is told to come back.
        using var patience = new CancellationTokenSource(Post.Patience);
        HttpStatusCode status;
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            using var answer = await AskAsync(host.Client);
            status = answer.StatusCode;
        }
        while (status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, status);

        static async Task<HttpResponseMessage> AskAsync(HttpClient client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/views/customer-spend/c");
            request.Headers.Accept.ParseAdd("text/event-stream");
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
    }

    [Fact]
    public async Task A_quiet_watch_gets_comments()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path, ShippedViews.Events(), ShippedViews.All(),
            builder => builder.Services.AddSingleton(new WebLimits { CommentEvery = TimeSpan.FromMilliseconds(20) }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/views/customer-spend/c");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var comments = 0;
        while (comments < 3)
            if (await lines.ReadLineAsync().WaitAsync(Post.Patience) == ":")
                comments++;
    }

    private static IEnumerable<string> Orders(int first, int last) => Enumerable.Range(first, last - first + 1).Select(i => Post.Order($"o{i}", "c"));
}
