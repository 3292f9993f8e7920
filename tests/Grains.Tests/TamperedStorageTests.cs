using Kappa.Contracts;
using Kappa.Grains.Instances;
using Kappa.Views;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Kappa.Grains.Tests;

/// <summary>What somebody did to the stored documents while no silo ran: the audit finds it and names the key.</summary>
public sealed class TamperedStorageTests
{
    private static readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Theory]
    [InlineData("flipped")]
    [InlineData("of another")]
    [InlineData("older")]
    [InlineData("deleted")]
    [InlineData("state")]
    [InlineData("chunk")]
    [InlineData("emptied")]
    public async Task The_audit_finds_a_document_that_is_not_as_it_was_written(string how)
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        var (storage, older) = (host.Cluster.Storage, Array.Empty<byte>());
        for (var round = 0; round < 4; round++)
        {
            await host.AppendAsync([.. Enumerable.Range(0, 300).Select(n => new Credited(n % 10 == 0 ? "b" : "a", n, "owner"))]);
            await host.CaughtUpAsync();
            if (round == 0)
                older = storage.BytesOf(storage.InstanceOf("a"));
        }
        Assert.True((await host.Views.AuditAsync("account")).Complete);
        await host.Cluster.RestartAsync([new AccountView()], () => Tamper(storage, how, older));

        var report = await host.Views.AuditAsync("account");
        Assert.False(report.Complete);
        Assert.Contains(report.Problems, problem => problem.Key == "a");
        Assert.DoesNotContain(report.Problems, problem => problem.Key == "b");
        if (how is "flipped" or "state" or "of another" or "emptied")
            await Assert.ThrowsAsync<InvalidDataException>(async () => await host.Views.ReadAsync("account", "a"));
        Assert.Equal(ReadStatus.Found, (await host.Views.ReadAsync("account", "b")).Status);

        // The way out is a build of its own, from the log.
        await host.Rebuilds.StartAsync("account", 1);
        var build = await BuildSteps.ReadyAsync(host);
        Assert.True((await host.Rebuilds.PromoteAsync(build.Id, null)).Promoted);
        await NaiveAccounts.MustBeServedAsync(host);
    }

    [Fact]
    public async Task A_discarded_build_is_deleted_though_a_document_of_it_was_damaged()
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        await host.AppendAsync(new Credited("a", 1), new Credited("b", 1));
        await host.CaughtUpAsync();
        var build = await host.Rebuilds.StartAsync("account", 1);
        await BuildSteps.ReadyAsync(host);
        var storage = host.Cluster.Storage;
        var prefix = PrefixOf(build);
        await host.Cluster.RestartAsync([new AccountView()], () =>
        {
            // A record that ends within its key.
            storage.Put(storage.Names.Single(name => name == $"{prefix}{KeyText.Encode("a")}|instance"), _serializer.SerializeToArray(new InstanceDocument { Record = [1, 200] }));
        });
        await host.Rebuilds.DiscardAsync(build.Id);
        Assert.DoesNotContain(storage.Names, name => name.StartsWith(prefix, StringComparison.Ordinal) || name.Contains(build.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_holds_up_the_deletion_of_nothing_else()
    {
        const int keys = 40;
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()]);
        await host.AppendAsync([.. Enumerable.Range(0, keys).Select(n => new Credited($"k{n}", 1))]);
        await host.CaughtUpAsync();
        var storage = host.Cluster.Storage;
        var damaged = await host.Rebuilds.StartAsync("account", 1);
        await BuildSteps.ReadyAsync(host);
        var unreadable = $"{PrefixOf(damaged)}{KeyText.Encode("k7")}|instance";
        await host.Cluster.RestartAsync([new AccountView()], () => storage.Put(unreadable, [255, 255, 255]));
        await host.Rebuilds.DiscardAsync(damaged.Id);
        Assert.Equal(unreadable, Assert.Single(storage.Names, name => name.StartsWith(PrefixOf(damaged), StringComparison.Ordinal)));
        // Where it is looked for next time.
        Assert.Single(storage.Names.Where(name => name.Contains(damaged.Id, StringComparison.Ordinal)).Select(name => name[..name.IndexOf('|', StringComparison.Ordinal)]).Distinct());

        var whole = await host.Rebuilds.StartAsync("account", 1);
        await BuildSteps.ReadyAsync(host);
        await host.Rebuilds.DiscardAsync(whole.Id);
        Assert.DoesNotContain(storage.Names, name => name.StartsWith(PrefixOf(whole), StringComparison.Ordinal) || name.Contains(whole.Id, StringComparison.Ordinal));
    }

    private static string PrefixOf(RebuildInfo build) => $"view-account-v1/{build.Id[^4..]}.";

    private static void Tamper(SharedStorage storage, string how, byte[] older)
    {
        var name = storage.InstanceOf("a");
        var bytes = storage.BytesOf(name).ToArray();
        switch (how)
        {
            case "flipped":
                bytes[bytes.Length / 2] ^= 1;
                storage.Put(name, bytes);
                break;
            case "state":
                var balance = bytes.AsSpan().IndexOf("\"balance\":"u8);
                Assert.True(balance > 0);
                bytes[balance + 10] ^= 1;
                storage.Put(name, bytes);
                break;
            case "emptied":
                storage.Put(name, _serializer.SerializeToArray(new InstanceDocument()));
                break;
            case "of another":
                storage.Put(name, storage.BytesOf(storage.InstanceOf("b")));
                break;
            case "older":
                storage.Put(name, older);
                break;
            case "chunk":
                storage.Remove(storage.Names.First(one => one.StartsWith(name[..name.LastIndexOf('|')], StringComparison.Ordinal) && one.Contains("|positions", StringComparison.Ordinal)));
                break;
            default:
                storage.Remove(name);
                break;
        }
    }
}
