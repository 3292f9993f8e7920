using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class PromotionTests
{
    private static readonly View[] _both = [new AccountView(), new AveragedAccountView()];

    [Fact]
    public async Task No_read_goes_below_what_was_read_before_while_builds_are_switched_under_load()
    {
        await using var harness = new EngineHarness(new AccountView());
        await RebuildTests.SeedAsync(harness);
        await harness.RestartAsync(_both);
        var build = await RebuildTests.ReadyAsync(harness);
        using var stop = new CancellationTokenSource(EngineHarness.Patience);
        var isDone = false;
        var appending = Task.Run(async () =>
        {
            // Reads what it wrote before it writes on, or it would outrun every view.
            while (!Volatile.Read(ref isDone))
                await harness.ReadAsync("a1", await harness.AppendAsync(new Credited("a1", 1), new Credited("a2", 1)));
        });
        var reading = Task.Run(async () =>
        {
            for (long seen = 0; !Volatile.Read(ref isDone);)
            {
                var now = (await harness.ReadAsync("a1")).Envelope!.Version;
                Assert.True(now >= seen, $"version {now} was read after {seen}");
                seen = now;
            }
        });
        try
        {
            for (var i = 0; i < 5; i++)
            {
                await harness.Engine.Rebuilds.PromoteAsync(build.Id, null, stop.Token);
                await harness.Engine.Rebuilds.RollbackAsync(build.Id, stop.Token);
            }
        }
        finally
        {
            Volatile.Write(ref isDone, true);
        }
        await appending;
        await reading;
        await harness.CaughtUpAsync();
        Assert.True((await harness.Engine.AuditAsync("account")).Complete);
    }

    [Fact]
    public async Task A_promotion_can_be_rolled_back_while_the_old_build_is_kept()
    {
        await using var harness = new EngineHarness(new AccountView());
        await RebuildTests.SeedAsync(harness);
        await harness.RestartAsync(_both);
        var build = await RebuildTests.ReadyAsync(harness);
        await harness.Engine.Rebuilds.PromoteAsync(build.Id, null);
        var receipt = await harness.AppendAsync(new Credited("a1", 7));
        var back = await harness.Engine.Rebuilds.RollbackAsync(build.Id);
        Assert.Equal((1, RebuildState.Serving), (back.Version, back.State));
        Assert.DoesNotContain("average", await harness.StateAsync("a1", receipt), StringComparison.Ordinal);
        Assert.Contains("nothing to roll back", (await Assert.ThrowsAsync<RebuildStateException>(async () => await harness.Engine.Rebuilds.RollbackAsync(build.Id))).Message, StringComparison.Ordinal);
        Assert.True((await harness.Engine.Rebuilds.PromoteAsync(build.Id, null)).Promoted);
        var previous = (await harness.Engine.Rebuilds.ListBuildsAsync("account")).Single(one => one.State == RebuildState.Previous);
        await harness.Engine.Rebuilds.DiscardAsync(previous.Id);
        await Assert.ThrowsAsync<RebuildStateException>(async () => await harness.Engine.Rebuilds.RollbackAsync(build.Id));
        await Assert.ThrowsAsync<RebuildStateException>(async () => await harness.Engine.Rebuilds.DiscardAsync(build.Id));
        await Assert.ThrowsAsync<UnknownRebuildException>(async () => await harness.Engine.Rebuilds.GetBuildAsync(previous.Id));
        Assert.Equal(["serving.json", "v2-0002"], harness.Disk.Files("/views/account").Concat(harness.Disk.Directories("/views/account")));
    }

    [Fact]
    public async Task A_crash_at_any_operation_of_a_promotion_leaves_one_whole_build_serving()
    {
        for (var operations = 1; ; operations++)
        {
            await using var harness = new EngineHarness(new AccountView());
            await RebuildTests.SeedAsync(harness);
            await harness.RestartAsync(_both);
            var build = await RebuildTests.ReadyAsync(harness);
            harness.Disk.CrashAfter(operations);
            var crashed = false;
            try
            {
                await harness.Engine.Rebuilds.PromoteAsync(build.Id, null);
            }
            catch (IOException)
            {
                crashed = true;
            }
            await harness.Engine.DisposeAsync();
            harness.Disk = harness.Disk.Kill();
            await harness.RestartAsync(_both);
            await harness.CaughtUpAsync();
            var info = (await harness.Engine.ListAsync())[0];
            Assert.True(info.Version == 2 || crashed, $"promoted, but version {info.Version} serves after a crash behind operation {operations}");
            Assert.True((await harness.Engine.AuditAsync("account")).Complete, $"after a crash at operation {operations}");
            if (!crashed)
                return;
        }
    }
}
