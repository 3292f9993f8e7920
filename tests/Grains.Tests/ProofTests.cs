using Kappa.Contracts;
using Kappa.Grains.Auditing;
using Kappa.Log;
using Kappa.Views;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Kappa.Grains.Tests;

/// <summary>What the proof says of events that could not be routed.</summary>
public sealed class ProofTests
{
    private static readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public async Task An_event_that_cannot_be_routed_and_is_not_held_either_is_found()
    {
        var (host, position) = await WithOneHeldAsync(new Fault("lost"));
        await using var _ = host;
        var storage = host.Cluster.Storage;
        await host.Cluster.RestartAsync(host.Cluster.ViewsNow, () =>
        {
            foreach (var name in storage.Names.Where(name => name.EndsWith("|auditor", StringComparison.Ordinal)))
            {
                var document = _serializer.Deserialize<AuditorDocument>(storage.BytesOf(name))!;
                document.Held.Clear();
                storage.Put(name, _serializer.SerializeToArray(document));
            }
        });
        var report = await host.Views.AuditAsync("account");
        Assert.False(report.Complete);
        var problem = Assert.Single(report.Problems);
        Assert.Null(problem.Key);
        Assert.Contains($"{position} cannot be routed", problem.Reason, StringComparison.Ordinal);
        Assert.Contains("not recorded as held", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_is_held_and_could_be_routed_by_now_counts_once_and_against_no_instance()
    {
        var fault = new Fault("lost");
        var (host, position) = await WithOneHeldAsync(fault);
        await using var _ = host;
        fault.Mend();
        var report = await host.Views.AuditAsync("account");
        Assert.Equal((false, 3L, 2L, 1L), (report.Complete, report.Routed, report.Applied, report.Held));
        var problem = Assert.Single(report.Problems);
        Assert.Null(problem.Key);
        Assert.Contains($"{position} is held at the view", problem.Reason, StringComparison.Ordinal);
        Assert.Equal(RetryStatus.Released, (await host.Views.RetryAsync("account", position)).Status);
        Assert.True((await host.Views.AuditAsync("account")).Complete);
    }

    private static async Task<(GrainsCluster Host, Position Held)> WithOneHeldAsync(Fault fault)
    {
        var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView(key: fault.Key)]);
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "lost"), new Credited("a", 4));
        await host.CaughtUpAsync();
        return (host, Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items).Position);
    }
}
