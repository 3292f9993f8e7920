using System.Text;
using Kappa.Contracts;
using Kappa.Grains.Builds;
using Kappa.Grains.Instances;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>What table storage has room for: names of documents, and what is in them.</summary>
public sealed class DocumentSizeTests
{
    [Fact]
    public async Task An_instance_whose_lookup_values_do_not_fit_into_its_document_stops_and_nothing_else()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, new string('n', 400_000)), new Credited("b", 1), new Credited("a", 4));
        await host.CaughtUpAsync();
        var stopped = Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items);
        Assert.Equal(("a", 2L), (stopped.Key, stopped.Held));
        Assert.Contains("lookup values have 800000", stopped.Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await host.ReadAsync("a")).Envelope!.Version);
        Assert.Equal(1, (await host.ReadAsync("b")).Envelope!.Version);
        var audit = await host.Views.AuditAsync("account");
        Assert.Equal((4L, 2L, 2L), (audit.Routed, audit.Applied, audit.Held));
    }

    [Fact]
    public async Task A_fold_that_fails_with_a_long_tale_stops_its_instance_and_nothing_else()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView(note => note == "bad" ? throw new InvalidOperationException(new string('x', 2_000_000)) : false)]);
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("b", 1));
        await host.CaughtUpAsync();
        Assert.InRange(Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items).Reason.Length, 1_000, 10_000);
        Assert.Equal(1, (await host.ReadAsync("b")).Envelope!.Version);
    }

    [Fact]
    public async Task Instances_of_the_longest_keys_are_stored_each_under_a_name_of_its_own()
    {
        string[] keys = [.. Enumerable.Range(0, 20).Select(n => $"{new string('k', 500)}{n:00}"), new string('\u20AC', 170)];
        Assert.All(keys, key => Assert.Null(ViewKey.ProblemOf(key)));
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        await host.AppendAsync([.. keys.Select(key => new Credited(key, 1))]);
        await host.CaughtUpAsync();
        await host.RestartAsync();
        await host.AppendAsync([.. keys.Select(key => new Credited(key, 2))]);
        await host.CaughtUpAsync();
        foreach (var key in keys)
            Assert.Equal(2, (await host.ReadAsync(key)).Envelope!.Version);
        Assert.Equal(keys.Length, host.Cluster.Storage.Names.Count(name => name.EndsWith("|instance", StringComparison.Ordinal)));
        await NaiveAccounts.MustBeServedAsync(host);
    }

    [Fact]
    public void Names_of_documents_have_room_in_a_partition_key_beside_the_longest_name_of_a_service()
    {
        const int partitionKey = 512, service = 64;
        var build = new BuildName(new string('v', View.NameCharactersMax), int.MaxValue, int.MaxValue);
        for (var bytes = 1; bytes <= ViewKey.BytesMax; bytes++)
        {
            var key = new string('k', bytes);
            Assert.InRange($"{build.DocumentsOf(key)}".Length, 1, partitionKey - service - 1);
            Assert.Equal(Encoding.UTF8.GetByteCount(key) <= 192, build.DocumentsOf(key) == build.InstanceOf(key));
        }
    }
}
