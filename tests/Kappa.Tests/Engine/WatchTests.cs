using System.Text;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class WatchTests
{
    [Fact]
    public async Task A_watch_starts_with_a_snapshot_and_sees_changes()
    {
        await using var harness = new EngineHarness();
        await using var watch = Watch(harness, "a", null, WatchMode.Latest);
        var absent = await NextAsync(watch);
        Assert.Equal((0, true), (absent.Version, absent.State.IsEmpty));
        await harness.AppendAsync(new Credited("a", 1));
        Assert.Equal(1, (await NextAsync(watch)).Version);
        await harness.AppendAsync(new Closed("a"));
        var deleted = await NextAsync(watch);
        Assert.Equal((2, true), (deleted.Version, deleted.State.IsEmpty));
    }

    [Fact]
    public async Task A_slow_watcher_of_the_latest_gets_fewer_and_always_the_last()
    {
        await using var harness = new EngineHarness();
        await using var watch = Watch(harness, "a", null, WatchMode.Latest);
        await NextAsync(watch);
        for (var i = 0; i < 50; i++)
            await harness.AppendAsync(new Credited("a", 1));
        await harness.CaughtUpAsync();
        var last = 0L;
        while (last < 50)
        {
            var envelope = await NextAsync(watch);
            Assert.True(envelope.Version > last);
            last = envelope.Version;
        }
        Assert.Equal(50, last);
    }

    [Fact]
    public async Task Mode_every_gives_each_version_in_order_however_far_the_watcher_fell_behind()
    {
        await using var harness = new EngineHarness();
        await using var watch = Watch(harness, "a", null, WatchMode.Every);
        await NextAsync(watch);
        for (var i = 0; i < 30; i++)
            await harness.AppendAsync([.. Enumerable.Range(0, 10).Select(_ => new Credited("a", 1))]);
        for (var version = 1; version <= 300; version++)
        {
            var envelope = await NextAsync(watch);
            Assert.Equal(version, envelope.Version);
            Assert.Contains($"\"balance\":{version},", Encoding.UTF8.GetString(envelope.State.Span), StringComparison.Ordinal);
            Assert.DoesNotContain("secret", Encoding.UTF8.GetString(envelope.State.Span), StringComparison.Ordinal);
            Assert.False(envelope.Reset);
        }
    }

    [Theory]
    [InlineData(WatchMode.Every)]
    [InlineData(WatchMode.Latest)]
    public async Task A_watch_resumes_from_its_token_after_a_restart_without_gap_or_repeat(WatchMode mode)
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 1), new Credited("a", 1));
        await harness.CaughtUpAsync();
        WatchToken token;
        await using (var before = Watch(harness, "a", null, mode))
            token = (await NextAsync(before)).Token;
        await harness.AppendAsync(new Credited("a", 1), new Credited("a", 1));
        await harness.CaughtUpAsync();
        await harness.RestartAsync();
        await using var after = Watch(harness, "a", token, mode);
        if (mode == WatchMode.Every)
            Assert.Equal(3, (await NextAsync(after)).Version);
        var four = await NextAsync(after);
        Assert.Equal((4, false), (four.Version, four.Reset));
        // At the newest already: nothing is repeated, the next change comes.
        await using var again = Watch(harness, "a", four.Token, mode);
        var next = NextAsync(again);
        await harness.AppendAsync(new Credited("a", 1));
        Assert.Equal(5, (await next).Version);
    }

    [Fact]
    public async Task A_token_of_another_generation_gets_one_snapshot_marked_as_reset()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 1));
        await harness.CaughtUpAsync();
        await using var watch = Watch(harness, "a", new WatchToken(42, 1), WatchMode.Every);
        var snapshot = await NextAsync(watch);
        Assert.Equal((1, true), (snapshot.Version, snapshot.Reset));
        await harness.AppendAsync(new Credited("a", 1));
        var next = await NextAsync(watch);
        Assert.Equal((2, false), (next.Version, next.Reset));
    }

    [Fact]
    public async Task More_versions_than_may_be_replayed_are_one_snapshot_marked_as_reset()
    {
        await using var harness = new EngineHarness();
        harness.Options.WatchReplayMax = 5;
        await harness.RestartAsync();
        await harness.AppendAsync(new Credited("a", 1));
        await harness.CaughtUpAsync();
        var token = (await harness.ReadAsync("a")).Envelope!.Token;
        await harness.AppendAsync([.. Enumerable.Range(0, 6).Select(_ => new Credited("a", 1))]);
        await harness.CaughtUpAsync();
        await using var watch = Watch(harness, "a", token, WatchMode.Every);
        var snapshot = await NextAsync(watch);
        Assert.Equal((7, true), (snapshot.Version, snapshot.Reset));
    }

    [Fact]
    public async Task Watches_that_come_while_commits_run_miss_nothing()
    {
        await using var harness = new EngineHarness();
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
                await harness.AppendAsync(new Credited("a", 1));
        });
        while (!appending.IsCompleted)
        {
            await using var watch = Watch(harness, "a", null, WatchMode.Every);
            var first = (await NextAsync(watch)).Version;
            for (var i = 1; i <= 3 && first + i <= 300; i++)
                Assert.Equal(first + i, (await NextAsync(watch)).Version);
        }
        await appending;
    }

    [Fact]
    public async Task The_top_of_a_rank_is_watched()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 5), new Credited("b", 3));
        await harness.CaughtUpAsync();
        await using var watch = harness.Engine.WatchTopAsync("account", "balance", 1).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(EngineHarness.Patience));
        Assert.Equal("a", watch.Current.Single().Key);
        await harness.AppendAsync(new Credited("b", 3));
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(EngineHarness.Patience));
        Assert.Equal("b", watch.Current.Single().Key);
    }

    [Fact]
    public async Task The_engine_ends_watches_when_it_stops_and_refuses_more_than_its_bound()
    {
        await using var harness = new EngineHarness();
        harness.Options.WatchersMax = 1;
        await harness.RestartAsync();
        await using var watch = Watch(harness, "a", null, WatchMode.Latest);
        await NextAsync(watch);
        await using var second = Watch(harness, "b", null, WatchMode.Latest);
        await Assert.ThrowsAsync<TooManyWatchersException>(() => NextAsync(second));
        var next = NextAsync(watch);
        await harness.Engine.DisposeAsync();
        await Assert.ThrowsAsync<EngineStoppedException>(() => next);
    }

    private static IAsyncEnumerator<ViewEnvelope> Watch(EngineHarness harness, string key, WatchToken? token, WatchMode mode) =>
        harness.Engine.WatchAsync("account", key, token, mode).GetAsyncEnumerator();

    private static async Task<ViewEnvelope> NextAsync(IAsyncEnumerator<ViewEnvelope> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(EngineHarness.Patience));
        return watch.Current;
    }
}
