using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>What somebody did to the stored documents while no silo ran: the audit finds it and names the key.</summary>
public sealed class TamperedStorageTests
{
    [Theory]
    [InlineData("flipped")]
    [InlineData("of another")]
    [InlineData("older")]
    [InlineData("deleted")]
    [InlineData("state")]
    [InlineData("chunk")]
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
        if (how is "flipped" or "state" or "of another")
            await Assert.ThrowsAsync<InvalidDataException>(async () => await host.Views.ReadAsync("account", "a"));
        Assert.Equal(ReadStatus.Found, (await host.Views.ReadAsync("account", "b")).Status);

        // The way out is a build of its own, from the log.
        await host.Rebuilds.StartAsync("account", 1);
        var build = await BuildSteps.ReadyAsync(host);
        Assert.True((await host.Rebuilds.PromoteAsync(build.Id, null)).Promoted);
        await NaiveAccounts.MustBeServedAsync(host);
    }

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
