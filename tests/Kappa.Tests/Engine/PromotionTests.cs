using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Tests.Engine;

/// <summary>Promotions on disk; what callers see is in the contract.</summary>
public sealed class PromotionTests
{
    [Fact]
    public async Task A_crash_at_any_operation_of_a_promotion_leaves_one_whole_build_serving()
    {
        for (var operations = 1; ; operations++)
        {
            await using var harness = new EngineHarness(new AccountView());
            await BuildSteps.SeedAsync(harness);
            await harness.RestartAsync(BuildSteps.Both());
            var build = await BuildSteps.ReadyAsync(harness);
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
            await harness.RestartAsync(BuildSteps.Both());
            await harness.CaughtUpAsync();
            var info = (await harness.Engine.ListAsync())[0];
            Assert.True(info.Version == 2 || crashed, $"promoted, but version {info.Version} serves after a crash behind operation {operations}");
            Assert.True((await harness.Engine.AuditAsync("account")).Complete, $"after a crash at operation {operations}");
            if (!crashed)
                return;
        }
    }

    [Fact]
    public async Task What_was_discarded_leaves_nothing_on_disk()
    {
        await using var harness = new EngineHarness(new AccountView());
        await BuildSteps.SeedAsync(harness);
        var build = await BuildSteps.BesideAsync(harness, BuildSteps.Both());
        await harness.Rebuilds.PromoteAsync(build.Id, null);
        await harness.Rebuilds.DiscardAsync((await harness.Rebuilds.ListBuildsAsync("account")).Single(one => one.State == RebuildState.Previous).Id);
        Assert.Equal(["serving.json", "v2-0002"], harness.Disk.Files("/views/account").Concat(harness.Disk.Directories("/views/account")));
    }
}
