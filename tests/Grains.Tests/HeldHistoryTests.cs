using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>A quarantined instance that holds more than travels with its document.</summary>
public sealed class HeldHistoryTests
{
    [Fact]
    public async Task What_is_held_in_chunks_outlives_retries_that_fail_in_the_fold_in_storage_and_with_their_silo()
    {
        var (bad, worse) = (new Fault("bad"), new Fault("worse"));
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView(note => bad.IsIn(note) || worse.IsIn(note))]);
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"));
        for (var i = 0; i < 12; i++)
        {
            await host.AppendAsync([.. Enumerable.Range(0, 100).Select(n => new Credited("a", n, i == 6 && n == 50 ? "worse" : null))]);
            await host.CaughtUpAsync();
        }
        var storage = host.Cluster.Storage;
        Assert.Contains(storage.Names, name => name.Contains("positions-", StringComparison.Ordinal));
        Assert.Equal((RetryStatus.StillQuarantined, 1201L), await RetryAsync(host));

        // Chunks are written before the document that refers to them; then storage fails.
        bad.Mend();
        storage.Fails = name => name == "instance";
        await Assert.ThrowsAsync<IOException>(async () => await host.Views.RetryAsync("account", "a"));
        storage.Fails = null;
        await host.CaughtUpAsync();
        Assert.Equal(1201, Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items).Held);
        Assert.Equal((RetryStatus.StillQuarantined, 550L), await RetryAsync(host));

        worse.Mend();
        await host.RestartAsync();
        Assert.Equal((RetryStatus.Released, 0L), await RetryAsync(host));
        await NaiveAccounts.MustBeServedAsync(host);
        await host.AppendAsync(new Credited("a", 1));
        await host.CaughtUpAsync();
        // Nothing is left of what was held in chunks.
        await host.Rebuilds.StartAsync("account", 1);
        var build = await BuildSteps.ReadyAsync(host);
        Assert.True((await host.Rebuilds.PromoteAsync(build.Id, null)).Promoted);
        await host.Rebuilds.DiscardAsync((await host.Rebuilds.ListBuildsAsync("account")).Single(one => one.State == RebuildState.Previous).Id);
        Assert.DoesNotContain(storage.Names, name => name.StartsWith("view-account-v1/0001.", StringComparison.Ordinal) && name.Contains("instance", StringComparison.Ordinal));
    }

    private static async Task<(RetryStatus Status, long Held)> RetryAsync(GrainsCluster host)
    {
        var retry = await host.Views.RetryAsync("account", "a");
        return (retry.Status, retry.Held);
    }
}
