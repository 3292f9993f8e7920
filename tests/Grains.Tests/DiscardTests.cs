using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>A discarded build is gone from storage, and nobody brings it back.</summary>
public sealed class DiscardTests
{
    [Fact]
    public async Task A_discarded_build_leaves_no_document_though_it_was_folding_and_is_asked_for_afterwards()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        var load = new AccountLoad(host, 8);
        for (var round = 0; round < 80; round++)
            await load.OnceAsync(round);
        var storage = host.Cluster.Storage;
        var running = load.RunAsync();
        for (var round = 2; round <= 4; round++)
        {
            await host.Rebuilds.StartAsync("account", 1);
            RebuildInfo build;
            // The first one is discarded while it is being folded.
            do
                build = (await host.Rebuilds.ListBuildsAsync("account")).Single(one => one.State != RebuildState.Serving);
            while (round > 2 && build.State != RebuildState.Ready);
            await host.Rebuilds.DiscardAsync(build.Id);
            // Somebody with an old list of builds asks its auditors how far they are.
            for (var partition = 0; partition < host.Reader.PartitionCount; partition++)
                await host.Cluster.Service<Orleans.IGrainFactory>().GetGrain<Auditing.IPartitionAuditorGrain>($"{build.Id}/{partition}").LookAfterAsync(isPaused: false);
            await load.MoreAsync(200, running);
            var left = storage.Names.Where(name => name.Contains(build.Id, StringComparison.Ordinal)
                || name.StartsWith(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"view-account-v1/{round:0000}."), StringComparison.Ordinal)).ToList();
            Assert.True(left.Count == 0, string.Join("\n", left));
        }
        load.Stop();
        await running;
        await NaiveAccounts.MustBeServedAsync(host);
    }
}
