using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class RebuildTests
{
    private static readonly View[] _both = [new AccountView(), new AveragedAccountView()];

    [Fact]
    public async Task A_new_version_is_built_beside_the_one_that_serves_until_it_is_promoted()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
        await harness.RestartAsync(_both);
        var build = await ReadyAsync(harness);
        Assert.Equal((2, 1), (build.Version, (await harness.Engine.ListAsync())[0].Version));
        Assert.Equal(ViewStatus.Live, (await harness.Engine.ListAsync())[0].Status);
        Assert.DoesNotContain("average", await harness.StateAsync("a1"), StringComparison.Ordinal);

        var result = await harness.Engine.Rebuilds.PromoteAsync(build.Id, null);
        Assert.True(result.Promoted);
        Assert.Contains("\"average\":", await harness.StateAsync("a1"), StringComparison.Ordinal);
        Assert.True((await harness.Engine.AuditAsync("account")).Complete);
        Assert.Equal([RebuildState.Previous, RebuildState.Serving], (await harness.Engine.Rebuilds.ListBuildsAsync("account")).Select(one => one.State));

        var dump = await EngineHarness.DumpAsync(harness.Engine);
        await harness.RestartAsync(_both);
        Assert.Equal(2, (await harness.Engine.ListAsync())[0].Version);
        Assert.Equal(dump, await EngineHarness.DumpAsync(harness.Engine));
    }

    [Fact]
    public async Task A_view_whose_code_is_gone_serves_its_last_states_as_stale_until_another_is_promoted()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
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

        var build = await ReadyAsync(harness);
        var diff = await harness.Engine.Rebuilds.DiffAsync(build.Id, null, 100);
        Assert.Equal(["/average"], diff.Summary.Fields.Select(field => field.Path));
        Assert.True((await harness.Engine.Rebuilds.PromoteAsync(build.Id, new PromotionGate(null, ["average"]))).Promoted);
        Assert.Equal((2, ViewStatus.Live), ((await harness.Engine.ListAsync())[0].Version, (await harness.Engine.ListAsync())[0].Status));
        Assert.Contains("\"average\":", await harness.StateAsync("a1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_version_can_be_rebuilt_and_gives_the_same_states()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
        var started = await harness.Engine.Rebuilds.StartAsync("account", 1);
        await Assert.ThrowsAsync<RebuildStateException>(async () => await harness.Engine.Rebuilds.StartAsync("account", null));
        await Assert.ThrowsAsync<UnknownRebuildException>(async () => await harness.Engine.Rebuilds.StartAsync("account", 3));
        var build = await ReadyAsync(harness);
        Assert.Equal(started.Id, build.Id);
        var diff = await harness.Engine.Rebuilds.DiffAsync(build.Id, null, 10);
        Assert.Equal((0, 30), (diff.Summary.Differ, diff.Summary.Same));
        Assert.True((await harness.Engine.Rebuilds.PromoteAsync(build.Id, new PromotionGate(0, null))).Promoted);
    }

    [Fact]
    public async Task A_build_that_was_started_after_another_was_discarded_outlives_a_restart()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
        await harness.RestartAsync(_both);
        var first = await ReadyAsync(harness);
        await harness.Engine.Rebuilds.DiscardAsync(first.Id);
        var second = await harness.Engine.Rebuilds.StartAsync("account", 2);
        Assert.NotEqual(first.Id, second.Id);
        await ReadyAsync(harness);
        await Assert.ThrowsAsync<UnknownRebuildException>(async () => await harness.Engine.Rebuilds.DiscardAsync(first.Id));
        await harness.RestartAsync(_both);
        Assert.Equal(second.Id, (await ReadyAsync(harness)).Id);
    }

    [Fact]
    public async Task A_build_whose_fold_was_mended_meanwhile_is_not_promoted_but_built_again()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
        await harness.RestartAsync(new AccountView(), new AveragedAccountView(isWithoutTransfers: true));
        var wrong = await ReadyAsync(harness);
        await harness.RestartAsync(_both);
        // Folded by the wrong code: nothing of it may be served as if the right one had made it.
        Assert.Contains("code changed", (await harness.Engine.Rebuilds.GetBuildAsync(wrong.Id)).Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RebuildStateException>(async () => await harness.Engine.Rebuilds.PromoteAsync(wrong.Id, null));
        await harness.Engine.Rebuilds.DiscardAsync(wrong.Id);
        await harness.Engine.Rebuilds.StartAsync("account", 2);
        Assert.True((await harness.Engine.Rebuilds.PromoteAsync((await ReadyAsync(harness)).Id, null)).Promoted);
    }

    [Fact]
    public async Task A_paused_build_does_not_begin_to_serve()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
        await harness.RestartAsync(_both);
        var build = await ReadyAsync(harness);
        await harness.Engine.Rebuilds.PromoteAsync(build.Id, null);
        var previous = (await harness.Engine.Rebuilds.ListBuildsAsync("account")).Single(one => one.State == RebuildState.Previous);
        await harness.Engine.Rebuilds.PauseAsync(previous.Id);
        await Assert.ThrowsAsync<RebuildStateException>(async () => await harness.Engine.Rebuilds.RollbackAsync(build.Id));
        await harness.Engine.Rebuilds.ResumeAsync(previous.Id);
        await harness.Engine.Rebuilds.RollbackAsync(build.Id);
        var receipt = await harness.AppendAsync(new Credited("a1", 5));
        Assert.Equal(ReadStatus.Found, (await harness.ReadAsync("a1", receipt)).Status);
    }

    [Fact]
    public async Task A_build_that_cannot_be_marked_as_paused_goes_on()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
        await harness.RestartAsync(_both);
        var build = await ReadyAsync(harness);
        harness.Disk.Fault = (operation, path) => path.EndsWith("build.tmp", StringComparison.Ordinal) ? new IOException("no") : null;
        await Assert.ThrowsAsync<IOException>(async () => await harness.Engine.Rebuilds.PauseAsync(build.Id));
        harness.Disk.Fault = null;
        await harness.AppendAsync(new Credited("a1", 5));
        await ReadyAsync(harness);
        Assert.Equal(RebuildState.Paused, (await harness.Engine.Rebuilds.PauseAsync(build.Id)).State);
    }

    [Fact]
    public async Task A_paused_build_stays_where_it_is_through_a_restart_and_goes_on_when_resumed()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
        await harness.RestartAsync(_both);
        var build = await ReadyAsync(harness);
        var paused = await harness.Engine.Rebuilds.PauseAsync(build.Id);
        Assert.Equal(RebuildState.Paused, paused.State);
        await harness.AppendAsync(new Credited("a1", 5));
        await harness.CaughtUpAsync();
        await harness.RestartAsync(_both);
        var still = await harness.Engine.Rebuilds.GetBuildAsync(build.Id);
        Assert.Equal((RebuildState.Paused, paused.Watermark), (still.State, still.Watermark));
        await Assert.ThrowsAsync<RebuildStateException>(async () => await harness.Engine.Rebuilds.PromoteAsync(build.Id, null));
        await harness.Engine.Rebuilds.ResumeAsync(build.Id);
        Assert.True((await harness.Engine.Rebuilds.PromoteAsync((await ReadyAsync(harness)).Id, null)).Promoted);
    }

    [Fact]
    public async Task A_fold_that_changed_without_a_new_version_makes_the_view_suspect()
    {
        await using var harness = new EngineHarness(new AccountView());
        await SeedAsync(harness);
        await harness.RestartAsync(new AccountView());
        Assert.Equal(ViewStatus.Live, (await harness.Engine.ListAsync())[0].Status);
        await harness.RestartAsync(new AveragedAccountView(isWithoutTransfers: true, version: 1));
        var info = (await harness.Engine.ListAsync())[0];
        Assert.Equal(ViewStatus.Suspect, info.Status);
        Assert.Contains("the fold's code changed", info.Problem, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ReadStatus.Found, (await harness.ReadAsync("a1")).Status);
        // A rebuild of the same version is the way out.
        await harness.Engine.Rebuilds.StartAsync("account", 1);
        await harness.Engine.Rebuilds.PromoteAsync((await ReadyAsync(harness)).Id, null);
        Assert.Equal(ViewStatus.Live, (await harness.Engine.ListAsync())[0].Status);
    }

    internal static async Task SeedAsync(EngineHarness harness)
    {
        for (var i = 0; i < 30; i++)
        {
            await harness.AppendAsync(new Credited($"a{i}", 10 + i, i == 1 ? "Ann" : null), new Credited($"a{i}", 1.50m));
            if (i % 3 == 2)
                await harness.AppendAsync(new Transferred($"a{i}", $"a{i - 1}", 2));
        }
        await harness.CaughtUpAsync();
    }

    /// <summary>The build beside the one that serves, once it is ready.</summary>
    internal static async Task<RebuildInfo> ReadyAsync(EngineHarness harness)
    {
        using var patience = new CancellationTokenSource(EngineHarness.Patience);
        while (true)
        {
            var build = (await harness.Engine.Rebuilds.ListBuildsAsync("account")).Single(one => one.State is not (RebuildState.Serving or RebuildState.Previous));
            if (build is { State: RebuildState.Ready, Percent: 100 })
                return build;
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
