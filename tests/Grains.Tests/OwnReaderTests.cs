using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>Silos that each read the log by themselves, as on Event Hubs, where a partition's end is known only to those who follow it.</summary>
public sealed class OwnReaderTests
{
    private const int Accounts = 16, Partitions = LogOptions.PartitionsDefault;

    private readonly List<OwnReader> _readers = [];

    [Fact]
    public async Task All_auditors_of_a_partition_are_on_one_silo_and_its_end_is_followed_there_only()
    {
        await using var host = await StartAsync(BuildSteps.Both());
        Assert.True(IsSpread(await SiloOf.AuditorsAsync(host.Cluster.Silos[0]), builds: 2));
        for (var partition = 0; partition < Partitions; partition++)
            Assert.Single(_readers, reader => reader.Followed.Contains(partition));
    }

    [Fact]
    public async Task An_append_is_read_with_its_receipt_at_once_by_every_silo()
    {
        await using var host = await StartAsync(new AccountView());
        for (var account = 0; account < Accounts; account++)
        {
            var receipt = await host.AppendAsync(new Credited(AccountLoad.KeyOf(account), 1));
            foreach (var silo in host.Cluster.Silos)
                Assert.Equal(1, (await SiloCluster.ViewsOn(silo).ReadAsync("account", AccountLoad.KeyOf(account), receipt, ViewsHost.Patience)).Envelope?.Version);
        }
    }

    [Fact]
    public async Task What_is_read_as_of_now_holds_all_that_was_acknowledged()
    {
        await using var host = await StartAsync(new AccountView());
        for (var account = 0; account < Accounts; account++)
        {
            await host.AppendAsync(new Credited(AccountLoad.KeyOf(account), 1));
            var now = AsOf.At(TimeProvider.System.GetUtcNow());
            foreach (var silo in host.Cluster.Silos)
                Assert.Equal(1, (await SiloCluster.ViewsOn(silo).ReadAtAsync("account", AccountLoad.KeyOf(account), now, ViewsHost.Patience)).Envelope?.Version);
        }
    }

    [Fact]
    public async Task A_promotion_takes_along_all_that_was_shown_before_it()
    {
        await using var host = await StartAsync(BuildSteps.Both());
        var build = (await host.Rebuilds.ListBuildsAsync("account")).Single(one => one.State != RebuildState.Serving);
        for (var account = 0; account < Accounts; account++)
            await host.AppendAsync(new Credited(AccountLoad.KeyOf(account), 1));
        var acknowledged = LogCuts.EndOf(host.Reader);
        var promotion = await host.Rebuilds.PromoteAsync(build.Id, null);
        Assert.True(promotion.Promoted);
        Assert.True(promotion.Cut!.Covers(acknowledged), $"promoted at {promotion.Cut}, though {acknowledged} was acknowledged");
    }

    [Fact]
    public async Task An_audit_that_fails_half_way_reads_only_its_window_again_and_not_what_duplicates_are_looked_for_in()
    {
        const int failures = 5;
        await using var host = await StartAsync(new AccountView());
        for (var round = 0; round < 10; round++)
            await host.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => new Credited("a", 1))]);
        await host.CaughtUpAsync();
        var (read, failed) = (_readers.Sum(reader => reader.Read), 0);
        host.Cluster.Storage.Fails = name => name == "auditor" && Interlocked.Increment(ref failed) <= failures;
        Assert.Equal(1_001, (await host.ReadAsync("a", await host.AppendAsync(new Credited("a", 1)))).Envelope?.Version);
        Assert.True(failed > failures, "no audit failed");
        Assert.InRange(_readers.Sum(reader => reader.Read) - read, 2, 10 * failures);
    }

    /// <summary>Two silos, and the auditors of their builds where they belong.</summary>
    private async Task<GrainsCluster> StartAsync(params View[] views)
    {
        var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [views[0]], readerOf: log =>
        {
            var reader = new OwnReader(log);
            lock (_readers)
                _readers.Add(reader);
            return reader;
        }, silos: 2);
        await host.CaughtUpAsync();
        if (views.Length > 1)
        {
            lock (_readers)
                _readers.Clear();
            await host.RestartAsync(views);
            await BuildSteps.ReadyAsync(host);
        }
        // Those that began before the other silo was there.
        await SiloOf.MoveAuditorsAsync(host.Cluster.Silos[0]);
        using var patience = new CancellationTokenSource(ViewsHost.Patience);
        while (!IsSpread(await SiloOf.AuditorsAsync(host.Cluster.Silos[0]), views.Length))
            Assert.False(patience.IsCancellationRequested, string.Join("; ", await SiloOf.AuditorsAsync(host.Cluster.Silos[0])));
        return host;
    }

    /// <summary>True if all auditors are there, those of one partition together, and each silo follows the end of its partitions.</summary>
    private bool IsSpread(Dictionary<string, Orleans.Runtime.SiloAddress> auditors, int builds)
    {
        var silos = auditors.GroupBy(one => one.Key.Split('/')[1], one => one.Value).Select(partition => partition.Distinct().ToList()).ToList();
        return auditors.Count == builds * Partitions && silos.TrueForAll(partition => partition.Count == 1) && silos.Select(partition => partition[0]).Distinct().Count() == 2
            && _readers.Sum(reader => reader.Followed.Count) == Partitions;
    }
}
