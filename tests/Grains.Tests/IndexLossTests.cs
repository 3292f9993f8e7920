using System.Globalization;
using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>Index shards whose silo is lost again and again: keys, lookups and ranks are complete afterwards.</summary>
public sealed class IndexLossTests
{
    private const int Accounts = 40;

    [Fact]
    public async Task Keys_lookups_and_ranks_are_complete_after_the_silo_of_their_shard_was_lost_at_any_moment()
    {
        // One shard and many small writes: the journal is compacted several times, and every kill may be in the middle of it.
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()], options => options.IndexShards = 1);
        var load = new AccountLoad(host, Accounts);
        var running = load.RunAsync();
        for (var kill = 0; kill < 3; kill++)
        {
            await load.MoreAsync(2_000, running);
            // The one that has the shard, unless it is the one that the test reads from.
            var silos = host.Cluster.Silos;
            var holder = await SiloOf.GrainAsync(silos[0], "account-v1-0001/0") is { } address ? silos.FirstOrDefault(silo => silo.SiloAddress.Equals(address)) : null;
            await host.Cluster.KillAsync(holder is null || holder == silos[0] ? silos[^1] : holder);
            await host.Cluster.AddAsync();
        }
        load.Stop();
        await running;
        await host.CaughtUpAsync();
        await NaiveAccounts.MustBeServedAsync(host);
        var top = await host.Views.TopAsync("account", "balance", 1_000);
        Assert.Equal(load.Appended.Select((count, account) => (Balance: count, Key: AccountLoad.KeyOf(account))).OrderByDescending(one => one.Balance)
            .ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Key), top.Select(one => one.Key));
        for (var account = 0; account < Accounts; account++)
            Assert.Equal(AccountLoad.KeyOf(account), Assert.Single((await host.Views.LookupAsync("account", "owner", $"owner{account}", null, 10)).Items).Key);
        Assert.True(host.Cluster.Storage.Names.Any(name => name.Contains("page-", StringComparison.Ordinal)), string.Create(CultureInfo.InvariantCulture, $"nothing was compacted in {load.Total} events"));
    }
}
