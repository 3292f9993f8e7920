using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Promotion and rollback, for those who read.</summary>
public abstract class PromotionContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task No_read_goes_below_what_was_read_before_while_builds_are_switched_under_load()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        using var stop = new CancellationTokenSource(ViewsHost.Patience);
        var isDone = false;
        var appending = Task.Run(async () =>
        {
            // Reads what it wrote before it writes on, or it would outrun every view.
            while (!Volatile.Read(ref isDone))
                await host.ReadAsync("a1", await host.AppendAsync(new Credited("a1", 1), new Credited("a2", 1)));
        });
        var reading = Task.Run(async () =>
        {
            for (long seen = 0; !Volatile.Read(ref isDone);)
            {
                var now = (await host.ReadAsync("a1")).Envelope!.Version;
                Assert.True(now >= seen, $"version {now} was read after {seen}");
                seen = now;
            }
        });
        try
        {
            for (var i = 0; i < 5; i++)
            {
                await host.Rebuilds.PromoteAsync(build.Id, null, stop.Token);
                await host.Rebuilds.RollbackAsync(build.Id, stop.Token);
            }
        }
        finally
        {
            Volatile.Write(ref isDone, true);
        }
        await appending;
        await reading;
        await host.CaughtUpAsync();
        Assert.True((await host.Views.AuditAsync("account")).Complete);
    }

    [Fact]
    public async Task A_promotion_can_be_rolled_back_while_the_old_build_is_kept()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        await host.Rebuilds.PromoteAsync(build.Id, null);
        var receipt = await host.AppendAsync(new Credited("a1", 7));
        var back = await host.Rebuilds.RollbackAsync(build.Id);
        Assert.Equal((1, RebuildState.Serving), (back.Version, back.State));
        Assert.DoesNotContain("average", await host.StateAsync("a1", receipt), StringComparison.Ordinal);
        Assert.Contains("nothing to roll back", (await Assert.ThrowsAsync<RebuildStateException>(async () => await host.Rebuilds.RollbackAsync(build.Id))).Message, StringComparison.Ordinal);
        Assert.True((await host.Rebuilds.PromoteAsync(build.Id, null)).Promoted);
        var previous = (await host.Rebuilds.ListBuildsAsync("account")).Single(one => one.State == RebuildState.Previous);
        await host.Rebuilds.DiscardAsync(previous.Id);
        await Assert.ThrowsAsync<RebuildStateException>(async () => await host.Rebuilds.RollbackAsync(build.Id));
        await Assert.ThrowsAsync<RebuildStateException>(async () => await host.Rebuilds.DiscardAsync(build.Id));
        await Assert.ThrowsAsync<UnknownRebuildException>(async () => await host.Rebuilds.GetBuildAsync(previous.Id));
    }
}
