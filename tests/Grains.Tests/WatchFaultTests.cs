using Kappa.Contracts;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Grains.Tests;

/// <summary>Watches through the loss of the silos that hold what is watched.</summary>
public sealed class WatchFaultTests(ITestOutputHelper output)
{
    private const int Accounts = 12, Kills = 4;

    [Fact]
    public async Task Watchers_see_no_gap_and_no_repeat_within_a_generation_while_silos_are_killed_under_load()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        var load = new AccountLoad(host, Accounts);
        await load.OnceAsync(0);
        using var stop = new CancellationTokenSource(ViewsHost.Patience * 2);
        var watchers = Enumerable.Range(0, Accounts).SelectMany(account => new[]
        {
            (Account: account, Watcher: new AccountWatcher(AccountLoad.KeyOf(account), WatchMode.Every)),
            (Account: account, Watcher: new AccountWatcher(AccountLoad.KeyOf(account), WatchMode.Latest)),
        }).ToList();
        // On the first silo, which is not killed.
        var watching = watchers.Select(one => Task.Run(() => one.Watcher.UntilAsync(host.Views,
            () => load.Last(one.Account), () => 1, stop.Token))).ToList();
        var running = load.RunAsync();
        var random = new Random(7);
        for (var kill = 0; kill < Kills; kill++)
        {
            await load.MoreAsync(400, running);
            await host.Cluster.KillAsync(host.Cluster.Silos[1 + random.Next(host.Cluster.Silos.Count - 1)]);
            await host.Cluster.AddAsync();
        }
        await load.MoreAsync(400, running);
        load.Stop();
        await running;
        await load.EndAsync();
        await Task.WhenAll(watching);
        output.WriteLine($"{load.Total} events, {watchers.Sum(one => one.Watcher.Delivered)} states delivered, {watchers.Sum(one => one.Watcher.Resets)} resets");
        Assert.All(watchers, one => Assert.Equal(load.Appended[one.Account], one.Watcher.Version));
        Assert.True((await host.Views.AuditAsync("account")).Complete);
    }

    [Fact]
    public async Task The_top_of_a_rank_is_watched_through_the_loss_of_silos()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        await host.AppendAsync(new Credited("a", 1), new Credited("b", 2));
        await host.CaughtUpAsync();
        using var stop = new CancellationTokenSource(ViewsHost.Patience);
        await using var watch = host.Views.WatchTopAsync("account", "balance", 2, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(["b", "a"], watch.Current.Select(one => one.Key));
        for (var silo = 1; silo <= 2; silo++)
        {
            await host.Cluster.KillAsync(host.Cluster.Silos[1]);
            await host.Cluster.AddAsync();
            await host.AppendAsync(new Credited(silo == 1 ? "a" : "b", 10));
            do
                Assert.True(await watch.MoveNextAsync());
            while (watch.Current[0].Key != (silo == 1 ? "a" : "b"));
        }
    }
}
