using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;
using Orleans;
using Orleans.Runtime;
using Orleans.TestingHost;
using Xunit.Abstractions;

namespace Kappa.Grains.Tests;

/// <summary>New silos come with a second version of a view, and the old ones, which know only the first, stop one by one.</summary>
public sealed class RollingUpgradeTests(ITestOutputHelper output)
{
    private const int OldSilos = 2, Accounts = 6;

    [Fact]
    public async Task A_new_version_is_built_on_new_silos_only_while_the_old_one_serves_and_is_promoted_afterwards()
    {
        var isNew = false;
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()],
            viewsOf: _ => Volatile.Read(ref isNew) ? BuildSteps.Both() : [new AccountView()]);
        var cluster = host.Cluster;
        var load = new AccountLoad(host, Accounts, () => SiloCluster.ViewsOn(cluster.Silos[^1]));
        await load.OnceAsync(0);
        var watcher = new AccountWatcher(AccountLoad.KeyOf(1), WatchMode.Every);
        var old = cluster.Silos.Select(silo => silo.SiloAddress).ToHashSet();
        Assert.Equal(3, old.Count);
        // One old silo stops before the new version can be anywhere: there are two left that must not get it.
        await cluster.StopAsync(cluster.Silos[^1]);
        var running = load.RunAsync();
        var isOver = false;
        var floor = new ReadFloor();
        Volatile.Write(ref isNew, true);
        var added = await cluster.AddAsync();
        using var stop = new CancellationTokenSource(ViewsHost.Patience * 2);
        var isPromoted = false;
        var reading = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
                if (await floor.ReadAsync(SiloCluster.ViewsOn(added), AccountLoad.KeyOf(2), stop.Token) is { } shown)
                    Assert.True(shown.ViewVersion == 1 || Volatile.Read(ref isPromoted), "the new version served before it was promoted");
        });
        var watching = Task.Run(() => watcher.UntilAsync(SiloCluster.ViewsOn(added), () => load.Last(1), () => 2, stop.Token));

        var build = await ReadyAsync(added);
        Assert.Equal(2, build.Version);
        await load.MoreAsync(200, running);
        Assert.Equal(OldSilos, cluster.Silos.Count(silo => old.Contains(silo.SiloAddress)));
        await NothingOfTheNewVersionIsOnAsync(added, old);

        while (cluster.Silos.FirstOrDefault(silo => old.Contains(silo.SiloAddress)) is { } leaving)
        {
            await cluster.AddAsync();
            await NothingOfTheNewVersionIsOnAsync(added, old);
            await cluster.StopAsync(leaving);
            await load.MoreAsync(100, running);
        }
        await ReadyAsync(added);
        Volatile.Write(ref isPromoted, true);
        Assert.True((await RebuildsOn(added).PromoteAsync(build.Id, new PromotionGate(null, ["/average"]), stop.Token)).Promoted);
        await load.MoreAsync(100, running);
        load.Stop();
        await running;
        Volatile.Write(ref isOver, true);
        await load.EndAsync();
        await Task.WhenAll(reading, watching);
        Assert.Equal((2, load.Appended[1]), (watcher.ViewVersion, watcher.Version));
        Assert.Equal(2, (await host.ReadAsync(AccountLoad.KeyOf(1))).Envelope!.ViewVersion);
        Assert.True((await host.Views.AuditAsync("account")).Complete);
        output.WriteLine($"{load.Total} events, {floor.Reads} reads, {watcher.Delivered} states delivered, {watcher.Resets} resets");
    }

    private static IRebuilds RebuildsOn(InProcessSiloHandle silo) => (IRebuilds)silo.ServiceProvider.GetService(typeof(IRebuilds))!;

    private static async Task<RebuildInfo> ReadyAsync(InProcessSiloHandle silo)
    {
        using var patience = new CancellationTokenSource(ViewsHost.Patience);
        while (true)
        {
            var builds = await RebuildsOn(silo).ListBuildsAsync("account");
            if (builds.FirstOrDefault(one => one.Version == 2) is { State: RebuildState.Ready } build)
                return build;
            Assert.False(patience.IsCancellationRequested, string.Join("\n", builds));
        }
    }

    private static async Task NothingOfTheNewVersionIsOnAsync(InProcessSiloHandle silo, HashSet<SiloAddress> old)
    {
        var grains = await ((IGrainFactory)silo.ServiceProvider.GetService(typeof(IGrainFactory))!).GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        var newOnes = grains.Where(grain => grain.GrainId.ToString().Contains("account-v2", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(newOnes);
        Assert.DoesNotContain(newOnes, grain => old.Contains(grain.SiloAddress));
    }
}
