using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>Two activations of one grain, as after a network was parted: whoever writes second notices, ends, and nothing is lost or doubled.</summary>
public sealed class ActivationTests
{
    [Fact]
    public async Task An_activation_whose_document_was_written_by_another_ends_and_loses_nothing()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()], options => options.IndexShards = 2);
        var load = new AccountLoad(host, 8);
        var storage = host.Cluster.Storage;
        for (var round = 0; round < 24; round++)
        {
            await load.OnceAsync(round);
            // The same content under another tag: all that was read before is out of date.
            foreach (var name in storage.Names.Where((_, i) => i % 4 == round % 4))
                storage.Put(name, storage.BytesOf(name));
        }
        await NaiveAccounts.MustBeServedAsync(host);
        await host.RestartAsync();
        await NaiveAccounts.MustBeServedAsync(host);
    }

    [Fact]
    public async Task A_late_write_does_not_bring_an_older_state_back()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        await host.AppendAsync(new Credited("a", 1));
        await host.CaughtUpAsync();
        var storage = host.Cluster.Storage;
        var name = storage.InstanceOf("a");
        var first = storage.BytesOf(name);
        await host.AppendAsync(new Credited("a", 2), new Credited("a", 4));
        await host.CaughtUpAsync();
        var newest = storage.BytesOf(name);
        Assert.NotEqual(first, newest);
        // What the grain has in memory goes on from the newest; the write that it tries must not go through over another one.
        storage.Put(name, newest);
        var receipt = await host.AppendAsync(new Credited("a", 8));
        Assert.Contains("\"balance\":15", await host.StateAsync("a", receipt), StringComparison.Ordinal);
        await NaiveAccounts.MustBeServedAsync(host);
    }
}
