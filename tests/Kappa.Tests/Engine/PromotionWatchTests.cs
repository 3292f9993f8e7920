using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class PromotionWatchTests
{
    private static readonly View[] _both = [new AccountView(), new AveragedAccountView()];

    [Fact]
    public async Task A_watcher_sees_every_version_of_the_old_build_and_then_one_snapshot_of_the_new_marked_as_reset()
    {
        await using var harness = new EngineHarness(new AccountView());
        await RebuildTests.SeedAsync(harness);
        await harness.RestartAsync(_both);
        var build = await RebuildTests.ReadyAsync(harness);
        using var stop = new CancellationTokenSource(EngineHarness.Patience);
        await using var watch = harness.Engine.WatchAsync("account", "a1", null, WatchMode.Every, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await watch.MoveNextAsync());
        var version = watch.Current.Version;
        for (var i = 0; i < 3; i++)
        {
            await harness.AppendAsync(new Credited("a1", 1));
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal((++version, 1, false), (watch.Current.Version, watch.Current.ViewVersion, watch.Current.Reset));
        }
        var last = watch.Current.Token;
        await harness.Engine.Rebuilds.PromoteAsync(build.Id, null, stop.Token);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal((version, 2, true), (watch.Current.Version, watch.Current.ViewVersion, watch.Current.Reset));
        Assert.NotEqual(last.Generation, watch.Current.Token.Generation);
        await harness.AppendAsync(new Credited("a1", 1));
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal((version + 1, 2, false), (watch.Current.Version, watch.Current.ViewVersion, watch.Current.Reset));

        // Who comes back with a token of before is told that it does not follow on.
        await using var late = harness.Engine.WatchAsync("account", "a1", last, WatchMode.Every, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await late.MoveNextAsync());
        Assert.Equal((version + 1, 2, true), (late.Current.Version, late.Current.ViewVersion, late.Current.Reset));
    }

    [Fact]
    public async Task A_slow_watcher_goes_on_though_the_build_it_stood_on_was_discarded_meanwhile()
    {
        await using var harness = new EngineHarness(new AccountView());
        await RebuildTests.SeedAsync(harness);
        await harness.RestartAsync(_both);
        var build = await RebuildTests.ReadyAsync(harness);
        using var stop = new CancellationTokenSource(EngineHarness.Patience);
        await using var watch = harness.Engine.WatchAsync("account", "a1", null, WatchMode.Every, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await watch.MoveNextAsync());
        // It falls behind, and while it does not look the history that it would be given is gone with its build.
        await harness.AppendAsync(new Credited("a1", 1));
        await harness.AppendAsync(new Credited("a1", 2));
        await harness.CaughtUpAsync();
        await harness.Engine.Rebuilds.PromoteAsync(build.Id, null, stop.Token);
        await harness.Engine.Rebuilds.DiscardAsync("account-v1-0001", stop.Token);
        do
            Assert.True(await watch.MoveNextAsync());
        while (!watch.Current.Reset);
        Assert.Equal((2, 5), (watch.Current.ViewVersion, watch.Current.Version));
    }
}
