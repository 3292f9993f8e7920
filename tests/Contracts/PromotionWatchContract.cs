using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Promotion, for those who watch.</summary>
public abstract class PromotionWatchContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task A_watcher_sees_every_version_of_the_old_build_and_then_one_snapshot_of_the_new_marked_as_reset()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        using var stop = new CancellationTokenSource(ViewsHost.Patience);
        await using var watch = host.Views.WatchAsync("account", "a1", null, WatchMode.Every, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await watch.MoveNextAsync());
        var version = watch.Current.Version;
        for (var i = 0; i < 3; i++)
        {
            await host.AppendAsync(new Credited("a1", 1));
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal((++version, 1, false), (watch.Current.Version, watch.Current.ViewVersion, watch.Current.Reset));
        }
        var last = watch.Current.Token;
        await host.Rebuilds.PromoteAsync(build.Id, null, stop.Token);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal((version, 2, true), (watch.Current.Version, watch.Current.ViewVersion, watch.Current.Reset));
        Assert.NotEqual(last.Generation, watch.Current.Token.Generation);
        await host.AppendAsync(new Credited("a1", 1));
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal((version + 1, 2, false), (watch.Current.Version, watch.Current.ViewVersion, watch.Current.Reset));

        // Who comes back with a token of before is told that it does not follow on.
        await using var late = host.Views.WatchAsync("account", "a1", last, WatchMode.Every, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await late.MoveNextAsync());
        Assert.Equal((version + 1, 2, true), (late.Current.Version, late.Current.ViewVersion, late.Current.Reset));
    }

    [Fact]
    public async Task A_slow_watcher_goes_on_though_the_build_it_stood_on_was_discarded_meanwhile()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        using var stop = new CancellationTokenSource(ViewsHost.Patience);
        await using var watch = host.Views.WatchAsync("account", "a1", null, WatchMode.Every, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await watch.MoveNextAsync());
        // It falls behind, and while it does not look the history that it would be given is gone with its build.
        await host.AppendAsync(new Credited("a1", 1));
        await host.AppendAsync(new Credited("a1", 2));
        await host.CaughtUpAsync();
        await host.Rebuilds.PromoteAsync(build.Id, null, stop.Token);
        await host.Rebuilds.DiscardAsync((await host.Rebuilds.ListBuildsAsync("account")).Single(one => one.State == RebuildState.Previous).Id, stop.Token);
        do
            Assert.True(await watch.MoveNextAsync());
        while (!watch.Current.Reset);
        Assert.Equal((2, 5), (watch.Current.ViewVersion, watch.Current.Version));
    }

    [Fact]
    public async Task A_repaired_build_of_the_same_version_resets_its_watchers_too_and_so_does_its_rollback()
    {
        var host = await OpenAsync();
        await BuildSteps.SeedAsync(host);
        await using var watch = Watch(host, "a1", null, WatchMode.Every);
        var seen = await NextAsync(watch);
        await host.Rebuilds.StartAsync("account", 1);
        var build = await BuildSteps.ReadyAsync(host);
        await host.Rebuilds.PromoteAsync(build.Id, null);
        var promoted = await NextAsync(watch);
        Assert.Equal((seen.Version, true), (promoted.Version, promoted.Reset));
        await host.Rebuilds.RollbackAsync(build.Id);
        var back = await NextAsync(watch);
        Assert.Equal((seen.Version, true), (back.Version, back.Reset));
        Assert.Equal(3, new[] { seen, promoted, back }.Select(one => one.Token.Generation).Distinct().Count());
        await host.AppendAsync(new Credited("a1", 1));
        var next = await NextAsync(watch);
        Assert.Equal((seen.Version + 1, false), (next.Version, next.Reset));
    }
}
