using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class RebuildTests
{
    [Fact]
    public async Task A_view_whose_code_is_gone_serves_its_last_states_as_stale_until_another_is_promoted()
    {
        await using var harness = new EngineHarness(new AccountView());
        await BuildSteps.SeedAsync(harness);
        var dump = await EngineHarness.DumpAsync(harness.Engine);
        var top = (await harness.Engine.TopAsync("account", "balance", 5)).Select(one => one.Key).ToArray();
        await harness.Engine.DisposeAsync();
        await harness.AppendAsync(new Credited("a1", 1000));
        await harness.RestartAsync(new AveragedAccountView());
        var info = (await harness.Engine.ListAsync())[0];
        Assert.Equal((1, ViewStatus.Stale), (info.Version, info.Status));
        Assert.Contains("not registered", info.Problem, StringComparison.Ordinal);
        Assert.Equal(dump, await EngineHarness.DumpAsync(harness.Engine));
        Assert.Equal(top, (await harness.Engine.TopAsync("account", "balance", 5)).Select(one => one.Key));
        Assert.Equal("a1", Assert.Single((await harness.Engine.LookupAsync("account", "owner", "Ann", null, 10)).Items).Key);
        await Assert.ThrowsAsync<ViewFailedException>(async () => await harness.Engine.HistoryAsync("account", "a1", 0, 10));
        await Assert.ThrowsAsync<ViewFailedException>(async () => await harness.Engine.AuditAsync("account"));

        var build = await BuildSteps.ReadyAsync(harness);
        var diff = await harness.Engine.Rebuilds.DiffAsync(build.Id, null, 100);
        Assert.Equal(["/average"], diff.Summary.Fields.Select(field => field.Path));
        Assert.True((await harness.Engine.Rebuilds.PromoteAsync(build.Id, new PromotionGate(null, ["average"]))).Promoted);
        Assert.Equal((2, ViewStatus.Live), ((await harness.Engine.ListAsync())[0].Version, (await harness.Engine.ListAsync())[0].Status));
        Assert.Contains("\"average\":", await harness.StateAsync("a1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_whose_fold_was_mended_meanwhile_is_not_promoted_but_built_again()
    {
        await using var harness = new EngineHarness(new AccountView());
        await BuildSteps.SeedAsync(harness);
        await harness.RestartAsync(new AccountView(), new AveragedAccountView(isWithoutTransfers: true));
        var wrong = await BuildSteps.ReadyAsync(harness);
        await harness.RestartAsync(BuildSteps.Both());
        // Folded by the wrong code: nothing of it may be served as if the right one had made it.
        Assert.Contains("code changed", (await harness.Engine.Rebuilds.GetBuildAsync(wrong.Id)).Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RebuildStateException>(async () => await harness.Engine.Rebuilds.PromoteAsync(wrong.Id, null));
        await harness.Engine.Rebuilds.DiscardAsync(wrong.Id);
        await harness.Engine.Rebuilds.StartAsync("account", 2);
        Assert.True((await harness.Engine.Rebuilds.PromoteAsync((await BuildSteps.ReadyAsync(harness)).Id, null)).Promoted);
    }

    [Fact]
    public async Task A_build_that_cannot_be_marked_as_paused_goes_on()
    {
        await using var harness = new EngineHarness(new AccountView());
        await BuildSteps.SeedAsync(harness);
        await harness.RestartAsync(BuildSteps.Both());
        var build = await BuildSteps.ReadyAsync(harness);
        harness.Disk.Fault = (operation, path) => path.EndsWith("build.tmp", StringComparison.Ordinal) ? new IOException("no") : null;
        await Assert.ThrowsAsync<IOException>(async () => await harness.Engine.Rebuilds.PauseAsync(build.Id));
        harness.Disk.Fault = null;
        await harness.AppendAsync(new Credited("a1", 5));
        await BuildSteps.ReadyAsync(harness);
        Assert.Equal(RebuildState.Paused, (await harness.Engine.Rebuilds.PauseAsync(build.Id)).State);
    }

    [Fact]
    public async Task A_fold_that_changed_without_a_new_version_makes_the_view_suspect()
    {
        await using var harness = new EngineHarness(new AccountView());
        await BuildSteps.SeedAsync(harness);
        await harness.RestartAsync(new AccountView());
        Assert.Equal(ViewStatus.Live, (await harness.Engine.ListAsync())[0].Status);
        await harness.RestartAsync(new AveragedAccountView(isWithoutTransfers: true, version: 1));
        var info = (await harness.Engine.ListAsync())[0];
        Assert.Equal(ViewStatus.Suspect, info.Status);
        Assert.Contains("the fold's code changed", info.Problem, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ReadStatus.Found, (await harness.ReadAsync("a1")).Status);
        // A rebuild of the same version is the way out.
        await harness.Engine.Rebuilds.StartAsync("account", 1);
        await harness.Engine.Rebuilds.PromoteAsync((await BuildSteps.ReadyAsync(harness)).Id, null);
        Assert.Equal(ViewStatus.Live, (await harness.Engine.ListAsync())[0].Status);
    }

    [Fact]
    public async Task Other_lookups_or_ranks_under_the_same_version_fold_the_view_anew()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 1, "ann"));
        await harness.CaughtUpAsync();
        await harness.RestartAsync(new UnluckyView());
        await harness.CaughtUpAsync();
        Assert.Equal("a", Assert.Single(await harness.Engine.TopAsync("account", "unlucky", 10)).Key);
    }
}
