using System.Text;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Watches: a snapshot, then changes without gap or repeat.</summary>
public abstract class WatchContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task A_watch_starts_with_a_snapshot_and_sees_changes()
    {
        var host = await OpenAsync();
        await using var watch = Watch(host, "a", null, WatchMode.Latest);
        var absent = await NextAsync(watch);
        Assert.Equal((0, true), (absent.Version, absent.State.IsEmpty));
        await host.AppendAsync(new Credited("a", 1));
        Assert.Equal(1, (await NextAsync(watch)).Version);
        await host.AppendAsync(new Closed("a"));
        var deleted = await NextAsync(watch);
        Assert.Equal((2, true), (deleted.Version, deleted.State.IsEmpty));
    }

    [Fact]
    public async Task A_slow_watcher_of_the_latest_gets_fewer_and_always_the_last()
    {
        var host = await OpenAsync();
        await using var watch = Watch(host, "a", null, WatchMode.Latest);
        await NextAsync(watch);
        for (var i = 0; i < 50; i++)
            await host.AppendAsync(new Credited("a", 1));
        await host.CaughtUpAsync();
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
        var host = await OpenAsync();
        await using var watch = Watch(host, "a", null, WatchMode.Every);
        await NextAsync(watch);
        for (var i = 0; i < 30; i++)
            await host.AppendAsync([.. Enumerable.Range(0, 10).Select(_ => new Credited("a", 1))]);
        for (var version = 1; version <= 300; version++)
        {
            var envelope = await NextAsync(watch);
            Assert.Equal(version, envelope.Version);
            Assert.Contains($"\"balance\":{version},", Encoding.UTF8.GetString(envelope.State.Span), StringComparison.Ordinal);
            Assert.DoesNotContain("secret", Encoding.UTF8.GetString(envelope.State.Span), StringComparison.Ordinal);
            Assert.False(envelope.Reset);
        }
    }

    [Fact]
    public async Task Watches_that_come_while_commits_run_miss_nothing()
    {
        var host = await OpenAsync();
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
                await host.AppendAsync(new Credited("a", 1));
        });
        while (!appending.IsCompleted)
        {
            await using var watch = Watch(host, "a", null, WatchMode.Every);
            var first = (await NextAsync(watch)).Version;
            for (var i = 1; i <= 3 && first + i <= 300; i++)
                Assert.Equal(first + i, (await NextAsync(watch)).Version);
        }
        await appending;
    }

    [Fact]
    public async Task An_engine_that_stops_ends_its_watches()
    {
        var host = await OpenAsync();
        await using var watch = Watch(host, "a", null, WatchMode.Latest);
        await NextAsync(watch);
        var next = NextAsync(watch);
        await host.DisposeAsync();
        await Assert.ThrowsAsync<EngineStoppedException>(() => next);
    }

    [Fact]
    public async Task More_watches_than_its_bound_are_refused_and_taken_again_when_some_have_ended()
    {
        var host = await OpenAsync(new ViewsHostSettings { WatchersMax = 1 });
        await using (var watch = Watch(host, "a", null, WatchMode.Latest))
        {
            await NextAsync(watch);
            await using var second = Watch(host, "b", null, WatchMode.Latest);
            await Assert.ThrowsAsync<TooManyWatchersException>(() => NextAsync(second));
        }
        await using var third = Watch(host, "b", null, WatchMode.Latest);
        await NextAsync(third);
    }
}
