using Kappa.Contracts;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Grains.Tests;

/// <summary>Promotion and rollback on several silos at once, under load.</summary>
public sealed class PromotionLoadTests(ITestOutputHelper output)
{
    private const int Accounts = 6;

    [Fact]
    public async Task No_read_of_any_silo_goes_below_what_any_other_silo_has_shown_while_builds_are_built_and_switched()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        var load = new AccountLoad(host, Accounts);
        for (var round = 0; round < 20; round++)
            await load.OnceAsync(round);
        await host.RestartAsync(BuildSteps.Both());
        using var stop = new CancellationTokenSource(ViewsHost.Patience * 2);
        var isOver = false;
        var floor = new ReadFloor();
        var reading = host.Cluster.Silos.SelectMany(silo => Enumerable.Range(0, 2).Select(reader => Task.Run(async () =>
        {
            var random = new Random(reader);
            while (!Volatile.Read(ref isOver))
                await floor.ReadAsync(SiloCluster.ViewsOn(silo), AccountLoad.KeyOf(random.Next(Accounts)), stop.Token);
        }))).ToList();
        // Of each account one watcher of every version and one of the latest, on different silos.
        var watchers = Enumerable.Range(0, Accounts * 2).Select(i => (Account: i / 2, Silo: host.Cluster.Silos[i % 3],
            Watcher: new AccountWatcher(AccountLoad.KeyOf(i / 2), i % 2 == 0 ? WatchMode.Every : WatchMode.Latest))).ToList();
        var watching = watchers.Select(one => Task.Run(() => one.Watcher.UntilAsync(SiloCluster.ViewsOn(one.Silo),
            () => load.Last(one.Account), () => 2, stop.Token))).ToList();
        var running = load.RunAsync();
        try
        {
            RebuildInfo? build;
            do
                build = (await host.Rebuilds.ListBuildsAsync("account", stop.Token)).FirstOrDefault(one => one.Version == 2);
            while (build is not { State: RebuildState.Ready });
            for (var round = 0; round < 3; round++)
            {
                Assert.True((await host.Rebuilds.PromoteAsync(build.Id, null, stop.Token)).Promoted);
                await load.MoreAsync(100, running);
                await host.Rebuilds.RollbackAsync(build.Id, stop.Token);
                await load.MoreAsync(100, running);
            }
            Assert.True((await host.Rebuilds.PromoteAsync(build.Id, null, stop.Token)).Promoted);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            load.Stop();
        }
        await running;
        await Task.WhenAll(reading);
        await load.EndAsync();
        await Task.WhenAll(watching);
        Assert.All(watchers, one => Assert.Equal(load.Appended[one.Account], one.Watcher.Version));
        Assert.Equal(2, (await host.ReadAsync("a1")).Envelope!.ViewVersion);
        Assert.True((await host.Views.AuditAsync("account")).Complete);
        output.WriteLine($"{load.Total} events appended, {floor.Reads} reads, {watchers.Sum(one => one.Watcher.Delivered)} states delivered, {watchers.Sum(one => one.Watcher.Resets)} resets");
        Assert.True(floor.Reads > 500, "too few reads to mean anything");
    }
}
